"""A year in every time zone there is: one digest a period and person, and nobody nudged outside their working hours."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from announcements.delivery import _digests
from announcements.kernel import clocks
from announcements.people import services as people

BEGIN, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
QUARTERS = [BEGIN + timedelta(hours=6 * number) for number in range(4 * 366)]
A_MOMENT = timedelta(seconds=5)
NINE, SIX = time(9), time(18)


@cache
def zones() -> tuple[str, ...]:
    """Return each clock there is once: many of the six hundred names mean the same all year."""
    clock = {
        tuple(at.astimezone(ZoneInfo(zone)).utcoffset() for at in QUARTERS): zone for zone in sorted(clocks.zones())
    }
    return tuple(sorted(clock.values()))


def in_zone(person: people.Person, zone: str) -> people.Person:
    return replace(person, timezone=zone, working_time=replace(person.working_time, timezone=zone))


def at_work(at: datetime, zone: str) -> bool:
    """Tell by the wall clock alone whether somebody who works from Monday to Friday, nine to six, is at work."""
    local = at.astimezone(ZoneInfo(zone))
    return local.weekday() < 5 and NINE <= local.time() < SIX


def digests(
    person: people.Person, wanted: str, moves: Callable[[], str] | None = None
) -> Iterator[tuple[str, datetime, str]]:
    """Yield the period of each digest, when it goes and in which zone, as planning and sending follow each other for a year."""
    now, sent = BEGIN, set[str]()
    while now < END:
        period, due_at = _digests.next_digest(person.working_time, wanted, now)
        if period in sent:  # the database keeps one: planning looks again later
            now += timedelta(hours=1)
            continue
        if moves:
            person = in_zone(person, moves())
        now = person.working_time.next_moment(max(now, due_at))
        sent.add(period)
        yield period, now, person.timezone
        now += A_MOMENT


def weeks() -> list[str]:
    days = [date(2027, 1, 4) + timedelta(weeks=number) for number in range(52)]
    return ["{}-W{:02d}".format(*day.isocalendar()) for day in days]


def test_a_weekly_digest_comes_once_a_week_in_every_zone(olga: people.Person) -> None:
    for zone in zones():
        came = list(digests(in_zone(olga, zone), "weekly"))
        periods = [period for period, at, _zone in came if at.astimezone(ZoneInfo(zone)).year == 2027]

        assert periods == weeks(), zone
        assert all(at_work(at, zone) for _period, at, _zone in came), zone


def test_a_daily_digest_comes_once_each_working_day_in_every_zone(olga: people.Person) -> None:
    for zone in zones():
        came = [at for _period, at, _zone in digests(in_zone(olga, zone), "daily")]

        assert len({at.astimezone(ZoneInfo(zone)).date() for at in came}) == len(came) >= 260, zone
        assert all(at_work(at, zone) for at in came), zone


@pytest.mark.parametrize("wanted", ["weekly", "daily"])
def test_who_moves_from_zone_to_zone_gets_each_period_once(olga: people.Person, wanted: str) -> None:
    chance = random.Random(wanted)
    for _ in range(20):
        came = list(digests(olga, wanted, moves=lambda: chance.choice(zones())))
        periods = [period for period, _at, _zone in came]

        assert len(set(periods)) == len(periods)
        assert all(at_work(at, zone) for _period, at, zone in came)
        if wanted == "weekly":
            assert set(weeks()[:-1]) <= set(periods)


def test_no_nudge_falls_outside_working_hours_in_any_zone(olga: people.Person) -> None:
    for number, zone in enumerate(zones()):
        hours = in_zone(olga, zone).working_time
        for day in range(number % 5, 365, 5):
            reached = BEGIN + timedelta(days=day, hours=(day * 7 + number) % 24)
            for step in (24, 48, 72):
                asked = reached + timedelta(hours=step)
                due = hours.next_moment(asked)
                assert due >= asked
                assert at_work(due, zone), (zone, due)
                assert due == asked or not at_work(asked, zone), "who is at work is not kept waiting"
