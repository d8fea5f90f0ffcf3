"""A digest comes in the rhythm somebody chose, to everybody who has something to read, and counts what it told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from announcements.delivery import _digests
from announcements.delivery import services as delivery
from announcements.people import services as people
from hub import env
from tests.conftest import join
from tests.delivery.mailing import publish, reach, sink, tick
from tests.journeys.sink import Sink

__all__ = ["sink"]
DAY = timedelta(days=1)
QUIET: dict[str, Any] = {"ask_acknowledge": False, "nudge_hours": ()}


def _choose(digest: str, now: datetime, *persons: people.Person) -> None:
    for person in persons:
        delivery.set_preference(by=person.id, digest=digest, now=now)


def test_a_daily_digest_comes_every_working_day(
    olga: people.Person, maya: people.Person, operations: people.Group, sink: Sink, now: datetime
) -> None:
    _choose("daily", now, maya)
    came = []
    for day in range(8):  # from Monday to Monday
        reach(olga, operations, now + day * DAY, title=f"News of day {day}", **QUIET)
        tick(now + day * DAY)
        before = len(sink.to(maya.email))
        tick(now + (day + 1) * DAY)
        came.append(len(sink.to(maya.email)) - before)

    # The first at nine on Tuesday; none at the weekend; one on Monday for all of it.
    assert came == [1, 1, 1, 1, 0, 0, 1, 1]


def test_a_mail_server_away_for_days_leaves_one_digest_behind(
    olga: people.Person, maya: people.Person, operations: people.Group, sink: Sink, settings: Any, now: datetime
) -> None:
    _choose("daily", now, maya)
    reach(olga, operations, now, **QUIET)
    tick(now)
    here, settings.SMTP = settings.SMTP, env.smtp("smtp://127.0.0.1:9")
    for day in (1, 2):
        tick(now + day * DAY)
    settings.SMTP = here

    for hour in range(24):
        tick(now + 3 * DAY + timedelta(hours=hour / 4))

    assert len(sink.to(maya.email)) == 1


def test_who_wants_none_holds_up_nobody(
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    operations: people.Group,
    sink: Sink,
    now: datetime,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(_digests, "BATCH", 1)
    last = join(olga, "Zoe Last", "Europe/Amsterdam", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=last.id, now=now)
    reach(olga, operations, now, **QUIET)
    _choose("never", now, ines)
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    tick(now)
    tick(now + 7 * DAY)

    assert sorted(sink.recipients) == [joao.email, last.email]


def test_a_digest_counts_what_it_told_and_nothing_that_came_meanwhile(
    olga: people.Person, maya: people.Person, operations: people.Group, sink: Sink, now: datetime, settings: Any
) -> None:
    _choose("daily", now, maya)
    reach(olga, operations, now, title="Told", **QUIET)
    late = publish(olga, operations, now, title="Late", **QUIET)
    tick(now)
    moments = 0

    def clock() -> datetime:
        """Tell the time; deliver the second one when the mail of the first has just gone."""
        nonlocal moments
        if sink.mails and not moments:
            moments += 1
            delivery.fan_out(announcement_id=late.id, now=now + DAY)
        return now + DAY

    delivery.tick(now=now + DAY, clock=clock)
    for day in (2, 3, 4):
        tick(now + (day - 1) * DAY + timedelta(hours=1))
        tick(now + day * DAY)

    told = [[title in mail.as_string() for title in ("Told", "Late")] for mail in sink.to(maya.email)]
    assert told == [[True, False], [True, True], [True, True], [False, True]]


def test_planning_reads_an_index(db: None, now: datetime) -> None:
    if connection.vendor != "sqlite":
        return
    recent = _digests.due_for_planning(now).filter(recipient_id__gt=0)[:200]

    assert "delivery_unopened" in recent.explain()
    assert "SCAN delivery_delivery\n" not in recent.explain()
