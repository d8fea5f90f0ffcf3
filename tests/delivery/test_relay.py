"""Rounds one after another: the next is asked for with the bodies of the one before, and no promise is the weaker for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import CUT, Scripted

__all__ = ["sink"]


def test_who_is_next_is_said_in_the_same_go_as_a_body(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Scripted(offers="PIPELINING") as server:
        settings.SMTP = env.smtp(server.url)
        assert tick(now + HOUR) == 3

    (chunks,) = server.heard
    first = next(n for n, chunk in enumerate(chunks) if chunk.startswith(b"MAIL"))
    assert [chunk.count(b"MAIL FROM") for chunk in chunks[first:]] == [1, 1, 1, 0, 0]  # the last body, and QUIT
    assert step(ines, said, now).submitted == len({recipient for recipient, _data in server.mails}) == 3


@pytest.mark.parametrize("offers", ["", "PIPELINING"])
@pytest.mark.parametrize(
    ("verb", "line", "became"),
    [
        ("MAIL", CUT, "submitted"),
        ("RCPT", "550 5.1.1 nobody", "failed"),
        ("RCPT", "450 4.2.0 busy", "queued"),
        ("DATA", "451 4.3.0 not now", "queued"),
        ("BODY", "554 5.6.0 spam", "failed"),
        ("BODY", CUT, "uncertain"),
        ("RCPT", CUT, "submitted"),
    ],
)
def test_what_is_said_to_the_second_is_the_seconds_alone(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime, offers: str, verb: str, line: str, became: str
) -> None:  # fmt: skip
    reach(ines, operations, now)
    order = list(models.Nudge.objects.order_by("due_at", "id").values_list("pk", flat=True))
    with Scripted(lambda heard, _whom, n: line if (heard, n) == (verb, 2) else None, offers=offers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    states = dict(models.Nudge.objects.values_list("pk", "state"))
    rows = [states[pk] for pk in order]
    assert rows == ["submitted", became, "submitted"]
    taken = [recipient for recipient, data in server.mails if data]
    assert len(taken) == len(set(taken)) == rows.count("submitted") + rows.count("uncertain")


def test_connections_are_opened_side_by_side(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 3
    together = threading.Barrier(2)

    def answers(verb: str, _recipient: str, n: int) -> str | None:
        """Greet nobody on the second connection before there is a third."""
        if verb == "BANNER" and n > 1:
            together.wait(20)
        return None

    said = reach(ines, operations, now)
    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    assert (step(ines, said, now).submitted, len(server.heard)) == (3, 3)


@pytest.mark.parametrize("at_once", [1, 3])
def test_who_confirms_while_the_server_takes_its_time_is_not_told(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime, at_once: int
) -> None:
    settings.MAIL_AT_ONCE = at_once
    said = reach(ines, operations, now)
    found = people.get_many(ids=list(models.Nudge.objects.values_list("recipient_id", flat=True)))
    by_address = {person.email: person.id for person in found.values()}
    asked, late = list[str](), now + HOUR + timedelta(seconds=3)

    def answers(verb: str, recipient: str, n: int) -> str | None:
        if (verb, n) == ("RCPT", 2):
            asked.append(recipient)
        return None

    def clock() -> datetime:
        """Three seconds after the second was asked for they have confirmed."""
        if asked:
            delivery.acknowledge(by=by_address[asked[0]], announcement_id=said.id, version=1, now=late)
        return late if asked else now + HOUR

    with Scripted(answers, offers="PIPELINING") as server:
        settings.SMTP = env.smtp(server.url)
        delivery.tick(now=now + HOUR, clock=clock)

    states = dict(models.Nudge.objects.values_list("recipient_id", "reason"))
    assert states[by_address[asked[0]]] == "acknowledged"
    assert asked[0] not in [recipient for recipient, data in server.mails if data]
    assert step(ines, said, now).submitted == 2


def _lost_once(part: str) -> Callable[..., Any]:
    """Return what runs statements, and loses the answer to the first that has a part in it: what it did stays."""
    lost = list[str]()

    def run(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        done = execute(sql, *given)
        if part in sql and not lost:
            lost.append(sql)
            raise OperationalError("the answer was lost")
        return done

    return run


def test_a_body_that_may_have_begun_and_did_not_is_told_all_the_same(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now)

    with connection.execute_wrapper(_lost_once("RETURNING id, state")):
        tick(now + HOUR)
    tick(now + HOUR)

    assert step(ines, said, now).submitted == len(sink.mails) == 3


@pytest.mark.django_db(transaction=True)
def test_what_a_digest_told_of_is_noted_once_though_the_answer_to_that_was_lost(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime, monkeypatch: Any
) -> None:
    reach(ines, operations, now, ask_acknowledge=False, nudge_hours=())
    readers = models.Delivery.objects.values_list("recipient_id", flat=True)
    due = [
        models.Digest(recipient_id=id, workspace_id=ines.workspace_id, period="2026-W47", due_at=now) for id in readers
    ]
    models.Digest.objects.bulk_create(due)
    commit, noted, lost = connection._commit, list[str](), list[str]()

    def noting(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        noted.extend([sql] * sql.startswith('INSERT INTO "delivery_mention"'))
        return execute(sql, *given)

    def losing() -> None:
        commit()
        if noted and not lost:
            lost.append(noted[0])
            raise OperationalError("the answer was lost")

    with monkeypatch.context() as patched, connection.execute_wrapper(noting):
        patched.setattr(connection, "_commit", losing)
        tick(now)

    assert lost
    assert len(sink.mails) == 3
    assert set(models.Mention.objects.values_list("times", flat=True)) == {1}


def test_connections_that_have_ended_are_made_anew_side_by_side(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 3
    together = threading.Barrier(2)

    def answers(verb: str, _recipient: str, n: int) -> str | None:
        """Take one mail on each of three connections, and greet nobody on the fifth before there is a sixth."""
        if verb == "BANNER" and n > 4:
            together.wait(4)
        return CUT if verb == "MAIL" and 3 < n <= 6 else None

    for title in ("One", "Two"):
        reach(ines, operations, now, title=title)
    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    assert (len(server.mails), len(server.heard), together.broken) == (6, 6, False)
    assert set(models.Nudge.objects.values_list("state", flat=True)) == {"submitted"}


def test_what_was_heard_is_written_down_when_the_next_take_their_time(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE, settings.LEASE_SECONDS = 3, 2
    written, waited = threading.Event(), list[bool]()

    def answers(verb: str, _recipient: str, n: int) -> str | None:
        """Say nothing to the next on any connection before the first three are written down."""
        if verb == "RCPT" and 3 < n <= 6:
            waited.append(written.wait(4))
        return None

    def noting(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        done = execute(sql, *given)
        if "CASE id WHEN" in sql:
            written.set()
        return done

    for title in ("One", "Two"):
        reach(ines, operations, now, title=title)
    with Scripted(answers, offers="PIPELINING") as server, connection.execute_wrapper(noting):
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    assert waited == [True, True, True]
    assert len([data for _recipient, data in server.mails if data]) == 6
    assert set(models.Nudge.objects.values_list("state", "attempts")) == {("submitted", 1)}
    assert not models.Transport.objects.exclude(failures=0).exists()
