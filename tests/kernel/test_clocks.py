"""Working time runs on the reader's clock, through every change of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from announcements.kernel.clocks import HORIZON_DAYS, WorkingTime

ZONES = [
    "UTC",
    "Europe/Amsterdam",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Antarctica/Troll",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


instants = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  the zone is given beside it
days = st.sets(st.integers(0, 6), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
absences = st.lists(
    st.tuples(st.dates(date(2024, 1, 1), date(2034, 12, 31)), st.integers(0, 40)).map(
        lambda span: (span[0], span[0] + timedelta(days=span[1]))
    ),
    max_size=4,
).map(tuple)
anybody = st.builds(
    WorkingTime, timezone=st.sampled_from(ZONES), days=days, starts=st.times(), ends=st.times(), away=absences
)
by_day = st.builds(
    WorkingTime,
    timezone=st.sampled_from(ZONES),
    days=days,
    starts=st.times(time(6), time(12)),
    ends=st.times(time(13), time(22)),
    away=absences,
)


@given(anybody, instants)
def test_the_next_moment_is_working_and_never_earlier(working: WorkingTime, at: datetime) -> None:
    moment = working.next_moment(at)

    assert moment >= at
    assert moment.tzinfo is UTC
    assert working.is_working(moment) or moment == at + timedelta(days=HORIZON_DAYS)


@given(anybody, instants)
def test_who_is_at_work_is_not_made_to_wait(working: WorkingTime, at: datetime) -> None:
    assert working.is_working(at) == (working.next_moment(at) == at)


@given(by_day, instants)
def test_by_their_own_clock_it_is_a_working_day_and_hour(working: WorkingTime, at: datetime) -> None:
    local = working.next_moment(at).astimezone(ZoneInfo(working.timezone))

    assert local.weekday() in working.days
    assert working.starts <= local.time() < working.ends
    assert not any(first <= local.date() <= last for first, last in working.away)


@given(by_day, instants, st.integers(0, 14 * 24))
def test_no_working_hour_is_passed_over(working: WorkingTime, at: datetime, hours: int) -> None:
    between = at + timedelta(hours=hours)

    if between < working.next_moment(at):
        assert not working.is_working(between)


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2026-11-16T08:00", "2026-11-16T08:00"),  # nine o'clock on the dot is work
        ("2026-11-16T16:59", "2026-11-16T16:59"),
        ("2026-11-16T17:00", "2026-11-17T08:00"),  # six in the evening is not
        ("2026-11-16T02:00", "2026-11-16T08:00"),
        ("2026-11-20T18:00", "2026-11-23T08:00"),  # the weekend is theirs
    ],
)
def test_a_usual_week_in_amsterdam(at: str, moment: str) -> None:
    assert WorkingTime(timezone="Europe/Amsterdam").next_moment(utc(at)) == utc(moment)


def test_an_absence_is_waited_out_to_its_last_day() -> None:
    working = WorkingTime(away=((date(2026, 11, 16), date(2026, 11, 18)),))

    assert working.next_moment(utc("2026-11-16T10:00")) == utc("2026-11-19T09:00")


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    working = WorkingTime(days=(4,), starts=time(22), ends=time(6))

    assert working.is_working(utc("2026-11-21T05:59"))  # Saturday morning of Friday's shift
    assert not working.is_working(utc("2026-11-20T05:59"))
    assert working.next_moment(utc("2026-11-21T06:00")) == utc("2026-11-27T22:00")


def test_who_never_works_is_not_disturbed() -> None:
    at = utc("2026-11-16T10:00")

    assert WorkingTime(days=()).next_moment(at) == at + timedelta(days=HORIZON_DAYS)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "instant"),
    [
        # Spring: the hour does not exist; the first minute that does.
        ("Europe/Amsterdam", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("America/New_York", date(2026, 3, 8), time(2, 1), "2026-03-08T07:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03T15:30"),  # half an hour only
        ("Africa/Cairo", date(2026, 4, 24), time(0), "2026-04-23T22:00"),  # midnight itself is missing
        # Autumn: the hour comes twice; the first.
        ("Europe/Amsterdam", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),
        ("Asia/Kathmandu", date(2026, 11, 16), time(9), "2026-11-16T03:15"),
    ],
)
def test_a_wall_clock_time_is_one_instant(zone: str, day: date, clock: time, instant: str) -> None:
    assert WorkingTime(timezone=zone).instant(day, clock) == utc(instant)


def test_nine_o_clock_stays_nine_o_clock_over_a_change_of_clocks() -> None:
    working = WorkingTime(timezone="Europe/Amsterdam")

    assert working.next_moment(utc("2026-03-27T18:00")) == utc("2026-03-30T07:00")
    assert working.next_moment(utc("2026-10-23T18:00")) == utc("2026-10-26T08:00")


def test_hours_that_the_clocks_jump_over_are_not_work() -> None:
    working = WorkingTime(timezone="Europe/Amsterdam", days=(6,), starts=time(2, 10), ends=time(2, 50))

    assert working.next_moment(utc("2026-03-29T00:30")) == utc("2026-04-05T00:10")


@pytest.mark.parametrize(
    ("hours", "at", "changes"),
    [
        (WorkingTime("UTC"), "2026-11-16 10:00", "2026-11-16 18:00"),
        (WorkingTime("UTC"), "2026-11-16 09:00", "2026-11-16 18:00"),
        (WorkingTime("UTC"), "2026-11-16 18:00", "2026-11-17 09:00"),
        (WorkingTime("UTC"), "2026-11-20 18:00", "2026-11-23 09:00"),
        (WorkingTime("UTC", starts=time(22), ends=time(6)), "2026-11-17 03:00", "2026-11-17 06:00"),
        (WorkingTime("UTC", starts=time(22), ends=time(6)), "2026-11-16 23:00", "2026-11-17 06:00"),
    ],
    ids=["in the day", "at its start", "at its end", "over the weekend", "after midnight", "before midnight"],
)
def test_a_clock_says_when_work_ends_or_begins(hours: WorkingTime, at: str, changes: str) -> None:
    def utc(said: str) -> datetime:
        return datetime.fromisoformat(said).replace(tzinfo=UTC)

    assert hours.changes_at(utc(at)) == utc(changes)


def test_working_time_between_two_instants_leaves_out_nights_weekends_holidays_and_days_away() -> None:
    lisbon = WorkingTime("Europe/Lisbon", away=((date(2026, 12, 2), date(2026, 12, 2)),), calendars=("PT",))
    thursday, tuesday, thursday_after = utc("2026-11-26T16:00"), utc("2026-12-01T11:00"), utc("2026-12-03T10:00")

    # Two hours of Thursday, Friday, Monday; Tuesday the first is a holiday, Wednesday is away.
    assert lisbon.between(thursday, tuesday) == timedelta(hours=2 + 9 + 9)
    assert lisbon.between(thursday, thursday_after) == timedelta(hours=2 + 9 + 9 + 1)
    assert lisbon.between(thursday, thursday_after, most=timedelta(hours=12)) == timedelta(hours=12)
    assert lisbon.between(tuesday, thursday) == timedelta()


@given(anybody, instants, st.integers(0, 60 * 24 * 20), st.integers(0, 60 * 24 * 20))
def test_working_time_adds_up(clock: WorkingTime, start: datetime, first: int, second: int) -> None:
    middle, end = start + timedelta(minutes=first), start + timedelta(minutes=first + second)

    assert clock.between(start, middle) + clock.between(middle, end) == clock.between(start, end)
    assert timedelta() <= clock.between(start, end) <= end - start


@given(anybody, instants, st.integers(0, 60 * 48))
def test_working_time_is_counted_just_while_somebody_works(clock: WorkingTime, at: datetime, minutes: int) -> None:
    end = at + timedelta(minutes=minutes)

    assert (clock.between(at, end) > timedelta()) == (clock.next_moment(at) < end)
