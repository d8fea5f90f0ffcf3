"""A mail server in trouble rests, longer each time, and all workers know it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from announcements.delivery import _gate, models
from announcements.delivery import services as delivery
from announcements.kernel.outcomes import Outcome
from announcements.people import services as people
from hub import env
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink
from tests.mail_servers import Scripted

__all__ = ["sink"]
AWAY = env.smtp("smtp://127.0.0.1:9")
MINUTE = timedelta(minutes=1)


def refusing(verb: str, _recipient: str, _n: int) -> str | None:
    return "535 5.7.8 wrong password" if verb == "MAIL" else None


def test_a_server_in_trouble_rests_longer_each_time_and_nothing_else_is_touched(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    reach(ines, operations, now)
    settings.SMTP, at = AWAY, now + HOUR
    rests = []
    for _time in range(6):
        tick(at)
        found = delivery.sending(by=olga.id, now=at)
        assert (found.state, found.waiting, found.own) == ("resting", 3, False)
        assert found.until
        rests.append((found.until - at) / MINUTE)
        tick(found.until - MINUTE / 60)  # nobody is asked meanwhile
        at = found.until

    for rest, least in zip(rests, (1, 2, 4, 8, 15, 15), strict=True):
        assert least <= rest <= 1.5 * least
    assert delivery.sending(by=olga.id, now=at).since == now + HOUR
    assert set(models.Nudge.objects.values_list("attempts", "due_at")) == {(0, now + HOUR)}


@pytest.mark.parametrize("offers", ["", "PIPELINING"])
def test_a_server_that_closes_connections_rests_longer_each_time_whatever_it_takes_in_between(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime, offers: str
) -> None:
    for title in ("One", "Two", "Three"):
        reach(ines, operations, now, title=title)
    rests, at, taken = list[float](), now + HOUR, 0

    def closing(verb: str, _recipient: str, _n: int) -> str | None:
        """Take one mail a time, and close each connection with the next."""
        return "421 4.7.0 slow down" if verb == "MAIL" and len(server.mails) == taken else None

    with Scripted(closing, offers=offers) as server:
        settings.SMTP = env.smtp(server.url)
        for taken in range(1, 6):
            tick(at)
            found = delivery.sending(by=olga.id, now=at)
            assert (found.state, found.reply, found.waiting) == ("resting", "421 4.7.0 slow down", 9 - taken)
            assert found.until
            rests.append((found.until - at) / MINUTE)
            tick(found.until - MINUTE / 60)  # nobody is asked meanwhile
            assert len(server.mails) == taken
            assert len(server.heard) == 2 * taken, "a second connection shows that it is not the first that was full"
            at = found.until
        server.answers = lambda *_asked: None
        tick(at)

    for rest, least in zip(rests, (1, 2, 4, 8, 15), strict=True):
        assert least <= rest <= 1.5 * least
    assert delivery.sending(by=olga.id, now=at).state == "sending"
    assert len(server.mails) == 9
    assert set(models.Nudge.objects.values_list("state", "attempts")) == {("submitted", 1)}


def test_a_server_that_takes_many_before_it_closes_rests_no_longer_each_time(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime, monkeypatch: Any
) -> None:
    monkeypatch.setattr("announcements.delivery._gate.WELL", 2)
    for title in ("One", "Two", "Three", "Four", "Five"):
        reach(ines, operations, now, title=title)
    at = now + HOUR
    with Scripted(lambda verb, _whom, n: "421 enough" if verb == "MAIL" and n % 3 == 0 else None) as server:
        settings.SMTP = env.smtp(server.url)
        for _time in range(3):
            tick(at)
            found = delivery.sending(by=olga.id, now=at)
            assert found.until and found.until - at <= 1.5 * MINUTE
            at = found.until


def test_a_rest_that_another_worker_began_is_kept_in_the_middle_of_a_tick(
    ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    with Scripted(offers="PIPELINING") as server:
        settings.SMTP = env.smtp(server.url)
        reach(ines, operations, now, title="Before")
        tick(now + HOUR)
        server.mails.clear()
        for title in ("One", "Two"):
            reach(ines, operations, now, title=title)
        at = now + HOUR

        def clock() -> datetime:
            """Let another meet with a closed connection once the first mail is out, and some time pass."""
            nonlocal at
            if server.mails and at == now + HOUR:
                row = models.Transport.objects.get(workspace_id=0)
                row.failures, row.rests_until = 1, at + 2 * MINUTE
                row.save()
                at += timedelta(seconds=3)
            return at

        delivery.tick(now=at, clock=clock)

    assert 0 < len(server.mails) < 4
    assert models.Transport.objects.get(workspace_id=0).failures == 1
    assert not models.Nudge.objects.exclude(state__in=["queued", "submitted"]).exists()


@pytest.mark.parametrize("ended_by", ["time", "pace", "mistake"])
def test_a_server_in_trouble_is_well_only_once_a_tick_had_nothing_left_for_it(
    olga: people.Person, ines: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime,
    ended_by: str,
) -> None:  # fmt: skip
    for title in ("One", "Two", "Three"):
        reach(ines, operations, now, title=title)
    here, settings.SMTP = settings.SMTP, AWAY
    tick(now + HOUR)
    settings.SMTP, at = here, now + HOUR + 2 * MINUTE
    models.Transport.objects.update(server=_gate.fingerprint(None))
    settings.MAIL_AT_ONCE, settings.MAIL_RATE = 1, 0.5 if ended_by == "pace" else 0.0

    def clock() -> datetime:
        """Let it end once the server has taken the first."""
        taken = models.Transport.objects.filter(submitted_at=at).exists()
        if taken and ended_by == "mistake":
            raise RuntimeError
        return at + (MINUTE if taken and ended_by == "time" else timedelta())

    with pytest.raises(RuntimeError) if ended_by == "mistake" else contextlib.nullcontext():
        delivery.tick(now=at, clock=clock)
    assert 0 < len(sink.mails) < 9
    found = delivery.sending(by=olga.id, now=at)
    assert (found.state, found.reply) == ("sending", ""), "it takes mail"
    assert models.Transport.objects.get(workspace_id=0).failures, "and would rest longer the next time"

    settings.MAIL_RATE = 0.0
    tick(at + 5 * MINUTE)  # a lease may have run out
    assert not models.Transport.objects.get(workspace_id=0).failures


def test_a_paused_company_keeps_no_server_in_trouble(
    olga: people.Person, charlie: people.Person, ines: people.Person, operations: people.Group, sink: Sink,
    settings: Any, now: datetime,
) -> None:  # fmt: skip
    yard = people.create_group(by=charlie.id, name="Yard", kind="other", now=now)
    people.add_member(by=charlie.id, group_id=yard.id, person_id=charlie.id, now=now)
    reach(charlie, yard, now)
    reach(ines, operations, now)
    at = now + 7 * HOUR
    delivery.pause_sending(by=charlie.id, now=now)
    models.Transport.objects.update_or_create(
        workspace_id=0, defaults={"server": _gate.fingerprint(None), "failures": 3, "failing_since": now}
    )

    tick(at)

    assert len(sink.mails) == 3
    assert delivery.sending(by=olga.id, now=at).state == "sending"


TAKEN, SLOWED = Outcome("submitted", "250 ok"), Outcome("later", "421 4.7.0 slow down", at="server", code=421)


def just_before_it_writes(act: Callable[[], None]) -> AbstractContextManager[None]:
    """Let another worker do something when a worker has looked at how a server gets on, and is about to write."""
    to_come = [act]

    def between(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if to_come and sql.startswith("UPDATE") and "transport" in sql:
            to_come.pop()()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(between)


def test_what_another_worker_meets_with_stays_while_mail_is_taken(olga: people.Person, now: datetime) -> None:
    place = olga.workspace_id
    with _gate.Gate(now) as one, _gate.Gate(now) as other:
        assert one.opens(place, now) and other.opens(place, now)
        with just_before_it_writes(lambda: other.told(place, SLOWED, now)):
            one.told(place, TAKEN, now)

    found = delivery.sending(by=olga.id, now=now)
    assert (found.state, found.reply, found.since, found.submitted_at) == ("resting", SLOWED.reply, now, now)
    assert found.until and found.until >= now + MINUTE


def test_two_workers_that_are_told_to_slow_down_at_once_both_count(olga: people.Person, now: datetime) -> None:
    place = olga.workspace_id
    with _gate.Gate(now) as one, _gate.Gate(now) as other:
        assert one.opens(place, now) and other.opens(place, now)
        with just_before_it_writes(lambda: other.told(place, SLOWED, now)):
            one.told(place, SLOWED, now)

    found = delivery.sending(by=olga.id, now=now)
    assert found.until and found.until - now >= 2 * MINUTE  # the second rest


def test_what_another_worker_meets_with_at_a_new_server_is_no_news_of_the_old(
    olga: people.Person, settings: Any, now: datetime
) -> None:
    place = olga.workspace_id
    with _gate.Gate(now) as before:
        before.told(place, TAKEN, now)
    settings.SMTP = AWAY
    with (
        _gate.Gate(now) as one,
        _gate.Gate(now) as other,
        just_before_it_writes(lambda: other.told(place, SLOWED, now)),
    ):
        one.told(place, TAKEN, now)

    assert delivery.sending(by=olga.id, now=now).state == "resting"


def test_a_server_that_takes_mail_again_is_in_trouble_no_more(
    olga: people.Person, ines: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    here, settings.SMTP = settings.SMTP, AWAY
    tick(now + HOUR)
    settings.SMTP = here

    tick(now + HOUR + 2 * MINUTE)

    found = delivery.sending(by=olga.id, now=now + HOUR + 3 * MINUTE)
    assert (found.state, found.waiting, found.reply) == ("sending", 0, "")
    assert found.submitted_at == now + HOUR + 2 * MINUTE
    assert step(ines, said, now).submitted == 3


def test_a_server_that_refuses_us_says_why_and_is_asked_again_when_somebody_says_so(
    olga: people.Person, ines: people.Person, operations: people.Group, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    with Scripted(refusing) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
        tick(now + HOUR + 30 * MINUTE)
        found = delivery.sending(by=olga.id, now=now + HOUR)
        assert (found.state, found.reply) == ("refused", "535 5.7.8 wrong password")
        assert server.counts["MAIL"] == 1

        server.answers = lambda *_asked: None
        delivery.resume_sending(by=olga.id, now=now + HOUR)
        tick(now + HOUR)

    assert step(ines, said, now).submitted == 3


def test_a_server_that_was_changed_is_asked_at_once(
    ines: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime
) -> None:
    said = reach(ines, operations, now)
    here = settings.SMTP
    with Scripted(refusing) as server:
        settings.SMTP = env.smtp(server.url)
        tick(now + HOUR)
    settings.SMTP = here

    tick(now + HOUR)

    assert step(ines, said, now).submitted == 3
