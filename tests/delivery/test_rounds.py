"""Several mails under way at once, each over a connection of its own: as many at most are ever uncertain."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.delivery import _claims, models
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import CUT, Scripted

__all__ = ["sink"]


@pytest.fixture(autouse=True)
def three_at_once(settings: Any) -> None:
    settings.MAIL_AT_ONCE = 3


def test_mails_are_under_way_at_the_same_time(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    together = threading.Barrier(3)

    def answers(verb: str, _recipient: str, _n: int) -> str | None:
        """Answer no body before there are three."""
        if verb == "BODY":
            together.wait(20)
        return None

    said = reach(ines, operations, now)
    with Scripted(answers, offers="PIPELINING") as server:
        settings.SMTP = env.smtp(server.url)
        assert tick(now + HOUR) == 3

    assert step(ines, said, now).submitted == len({recipient for recipient, _data in server.mails}) == 3
    assert len(server.heard) == 3


def test_a_mail_more_in_a_round_is_no_statement_more(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    def asked(*whom: int) -> int:
        made = reach(ines, operations, now, nudge_hours=())
        delivery.nudge_now(by=ines.id, announcement_id=made.id, person_ids=list(whom), now=now)
        tick(now - HOUR)  # digests are planned before anybody counts
        with CaptureQueriesContext(connection) as counted:
            assert tick(now) == len(whom)
        return len(counted)

    everybody = [person.id for person in people.people(by=ines.id, group_id=operations.id)]
    asked(*everybody)

    assert asked(*everybody) == asked(everybody[0])


def test_each_of_a_round_becomes_what_its_own_answer_says(
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    operations: people.Group,
    settings: Any,
    now: datetime,
) -> None:
    def answers(verb: str, recipient: str, _n: int) -> str | None:
        if verb == "RCPT" and recipient == maya.email:
            return "550 5.1.1 nobody here"
        return CUT if verb == "BODY" and recipient == joao.email else None

    reach(ines, operations, now)
    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        assert tick(now + HOUR) == 3

    assert dict(models.Nudge.objects.values_list("recipient_id", "state")) == {
        ines.id: "submitted",
        maya.id: "failed",
        joao.id: "uncertain",
    }


def test_each_keeps_the_words_that_were_said_to_it(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Scripted(lambda verb, recipient, _n: f"250 kept for {recipient}" if verb == "BODY" else None) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    found = people.get_many(ids=list(models.Nudge.objects.values_list("recipient_id", flat=True)))
    replies = dict(models.Nudge.objects.filter(announcement_id=said.id).values_list("recipient_id", "reply"))
    assert replies == {id: f"250 kept for {person.email}" for id, person in found.items()}


@pytest.mark.parametrize("verb", ["BODY", "RCPT"])
def test_what_no_database_keeps_is_taken_out_of_a_reply(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime, verb: str
) -> None:
    reach(ines, operations, now)
    code = {"BODY": 250, "RCPT": 550}[verb]
    with Scripted(lambda heard, *_asked: f"{code} a\0b\x1b[1mc" if heard == verb else None) as server:
        settings.SMTP = env.smtp(server.url)
        assert tick(now + HOUR) == 3

    assert set(models.Nudge.objects.values_list("reply", flat=True)) == {f"{code} ab [1mc"}


def test_a_server_that_has_fewer_connections_gets_as_many_as_it_has(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Scripted(
        lambda verb, _recipient, n: "421 4.7.0 too many" if (verb, n > 1) == ("BANNER", True) else None
    ) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    assert step(ines, said, now).submitted == len(server.mails) == 3
    assert not models.Transport.objects.exclude(failures=0).exists()


def test_who_has_no_further_connection_takes_one_that_is_open(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    settings.MAIL_AT_ONCE = 2
    said = reach(ines, operations, now)
    asked = _recipients(said)

    def answers(verb: str, recipient: str, n: int) -> str | None:
        """Cut the first connection, and take no third one."""
        if verb == "BANNER" and n > 2:
            return "421 4.7.0 too many"
        return CUT if verb == "BODY" and recipient == asked[0] else None

    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    assert (step(ines, said, now).submitted, step(ines, said, now).uncertain) == (2, 1)
    assert server.counts["BANNER"] <= 3


def test_what_a_server_has_against_one_connection_cuts_no_other_short(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    first = _recipients(said)[0]

    def answers(verb: str, recipient: str, _n: int) -> str | None:
        """Close the first connection after its body, and take the others after a while."""
        if verb == "BODY" and recipient == first:
            return "421 4.7.0 slow down"
        if verb == "BODY":
            time.sleep(2)
        return None

    with Scripted(answers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    found = step(ines, said, now)
    assert (found.submitted, found.uncertain, found.queued) == (2, 0, 1)
    assert [row.failures for row in models.Transport.objects.all()] == [1], "what it took before is no reason to go on"


def test_a_server_that_is_away_is_asked_once_and_costs_nobody_an_attempt(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Scripted(lambda verb, _recipient, _n: "421 closing" if verb == "BANNER" else None) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    assert (step(ines, said, now).queued, server.counts["BANNER"]) == (3, 1)
    assert set(models.Nudge.objects.values_list("attempts", flat=True)) == {0}
    assert [row.failures for row in models.Transport.objects.all()] == [1]


def test_of_one_persons_steps_the_later_waits_for_what_becomes_of_the_first(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    said = reach(ines, operations, now, nudge_hours=(1.0, 2.0))

    tick(now + 3 * HOUR)

    assert len(sink.mails) == 3
    assert (step(ines, said, now, 1).submitted, step(ines, said, now, 2).skipped) == (3, 3)


def test_only_what_is_still_held_begins(ines: people.Person, operations: people.Group, now: datetime) -> None:
    reach(ines, operations, now)
    ids = list(models.Nudge.objects.values_list("pk", flat=True))
    first, second, third = _claims.claim(models.Nudge, ids, now + HOUR)
    models.Nudge.objects.filter(pk=second.id).update(state="skipped", reason="stopped")

    assert _claims.step({}, [first, second, third], now + HOUR).begun == {first.id, third.id}
    models.Nudge.objects.filter(pk=first.id).update(state="failed")
    assert _claims.step({first: "250 a", third: "250 b"}, [], now + HOUR).taken == {third.id}

    assert list(models.Nudge.objects.order_by("id").values_list("state", flat=True)) == [
        "failed",
        "skipped",
        "submitted",
    ]


def test_what_digests_of_a_round_told_of_is_noted_for_each(
    ines: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    for title in ("One", "Two"):
        reach(ines, operations, now, title=title, ask_acknowledge=False, nudge_hours=())
    tick(now)
    readers = set(models.Delivery.objects.values_list("recipient_id", flat=True))
    for _week in range(5):
        models.Digest.objects.all().delete()
        due = [
            models.Digest(recipient_id=id, workspace_id=ines.workspace_id, period="2026-W47", due_at=now)
            for id in readers
        ]
        models.Digest.objects.bulk_create(due)
        tick(now)

    assert len(sink.mails) == 3 * 3
    assert set(models.Mention.objects.values_list("times", flat=True)) == {3}


def _recipients(said: publishing.Announcement) -> list[str]:
    """Return whom its nudges go to, in the order in which they are claimed."""
    ids = list(
        models.Nudge.objects.filter(announcement_id=said.id)
        .order_by("due_at", "id")
        .values_list("recipient_id", flat=True)
    )
    found = people.get_many(ids=ids)
    return [found[id].email for id in ids]


@pytest.mark.parametrize("given", ["0", "51", "many", "-1", "1.5"])
def test_a_number_that_makes_no_sense_is_named(monkeypatch: Any, given: str) -> None:
    monkeypatch.setenv("HUB_MAIL_AT_ONCE", given)

    with pytest.raises(Exception, match="HUB_MAIL_AT_ONCE must be a whole number from 1 to 50"):
        env.whole("HUB_MAIL_AT_ONCE", 1, most=50)


@pytest.mark.parametrize("offers", ["", "PIPELINING"])
def test_a_connection_is_ended_before_its_server_has_had_enough_of_it(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime, monkeypatch: Any, offers: str
) -> None:
    settings.MAIL_AT_ONCE = 1
    monkeypatch.setattr("announcements.kernel.outcomes.MOST_MAILS", 2)
    said = [reach(ines, operations, now, title=title) for title in ("One", "Two")]

    def answers(verb: str, _recipient: str, n: int) -> str | None:
        """Take two mails over a connection."""
        return "421 4.7.0 too many" if verb == "MAIL" and n > 2 * server.counts["BANNER"] else None

    with Scripted(answers, offers=offers) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)

    assert [step(ines, one, now).submitted for one in said] == [3, 3]
    assert server.counts["BANNER"] == 3
    assert not any(row.failures for row in models.Transport.objects.all())
