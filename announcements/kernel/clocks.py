"""Working time: when a person is at work, and the next moment they will be. All instants are aware; answers are UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from announcements.kernel import holidays

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
HORIZON_DAYS = 400


@cache
def zones() -> frozenset[str]:
    """Return the names of all IANA time zones."""
    # It walks the zone files of the machine: once is enough.
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """A person's working time in their own zone.

    `days` are weekdays, Monday 0. `starts` and `ends` are wall-clock times; `ends` <= `starts` is a shift over midnight
    that belongs to the day it starts on. `away` are inclusive (first, last) dates. `calendars` are codes of public holidays.
    """

    timezone: str = "UTC"
    days: tuple[int, ...] = MONDAY_TO_FRIDAY
    starts: time = time(9)
    ends: time = time(18)
    away: tuple[tuple[date, date], ...] = field(default=())
    calendars: tuple[str, ...] = ()

    def is_working(self, at: datetime) -> bool:
        """Tell whether `at` falls inside a working day and its hours."""
        return self.next_moment(at) == at

    def next_moment(self, at: datetime) -> datetime:
        """Return the first working instant at or after `at`; `at` itself when they are at work.

        A day that is away, a holiday or has no hours is passed over. Someone with no working day at all within a year is taken
        at their word for nothing: `at` is moved to the horizon, so that they are not disturbed.
        """
        return _next_moment(self, at)

    def is_ever_working(self, at: datetime) -> bool:
        """Tell whether a working instant comes within about a year."""
        return self.next_moment(at) - at < timedelta(days=HORIZON_DAYS)

    def between(self, start: datetime, end: datetime, *, most: timedelta = timedelta.max) -> timedelta:
        """Return how much working time lies between two instants, at most `most`; none when `end` is not after `start`."""
        zone, found, until = ZoneInfo(self.timezone), timedelta(), start
        day, last = start.astimezone(zone).date() - timedelta(days=1), end.astimezone(zone).date()
        while day <= last and until < end and found < most:
            if self.works_on(day):
                starts, ends = self.span(day)
                starts, ends = max(starts, until), min(ends, end)
                if starts < ends:
                    found, until = found + (ends - starts), ends
            day += timedelta(days=1)
        return min(found, most)

    def changes_at(self, at: datetime) -> datetime:
        """Return when work ends for who is at work at `at`, else when it begins."""
        moment = self.next_moment(at)
        if moment != at:
            return moment
        local = at.astimezone(ZoneInfo(self.timezone)).date()
        spans = [self.span(day) for day in (local - timedelta(days=1), local) if self.works_on(day)]
        return max(ends for starts, ends in spans if starts <= at < ends)

    def works_on(self, day: date) -> bool:
        """Tell whether that day is a working day."""
        if day.weekday() not in self.days or any(first <= day <= last for first, last in self.away):
            return False
        return not any(day in holidays.days(code, day.year) for code in self.calendars)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Return when work begins on a day, and when it ends."""
        last = day if self.ends > self.starts else day + timedelta(days=1)
        return self.instant(day, self.starts), self.instant(last, self.ends)

    def instant(self, day: date, clock: time) -> datetime:
        """Return the UTC instant of a wall-clock time here: in a gap the first valid minute after it, in an overlap the first of the two."""
        zone = ZoneInfo(self.timezone)
        local = datetime.combine(day, clock, tzinfo=zone)
        utc = local.astimezone(UTC)
        if utc.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return utc
        # In a gap the zone's offset before and after differ; the earlier offset gives the instant the clocks jumped past.
        before = (local - timedelta(hours=3)).utcoffset() or timedelta()
        after = (local + timedelta(hours=3)).utcoffset() or timedelta()
        jump = after - before
        return _first_valid(local.replace(tzinfo=None), zone, jump)


# Many people work alike, and are asked about at the same moment.
@lru_cache(1024)
def _next_moment(clock: WorkingTime, at: datetime) -> datetime:
    local = at.astimezone(ZoneInfo(clock.timezone)).date()
    for offset in range(-1, HORIZON_DAYS):
        day = local + timedelta(days=offset)
        if not clock.works_on(day):
            continue
        starts, ends = clock.span(day)
        # Hours that lie in a gap of the clocks do not exist that day.
        if at < ends and starts < ends:
            return max(at, starts).astimezone(UTC)
    return (at + timedelta(days=HORIZON_DAYS)).astimezone(UTC)


def _first_valid(wall: datetime, zone: ZoneInfo, jump: timedelta) -> datetime:
    for minutes in range(1, int(jump.total_seconds() // 60) + 1):
        later = wall + timedelta(minutes=minutes)
        utc = later.replace(tzinfo=zone).astimezone(UTC)
        if utc.astimezone(zone).replace(tzinfo=None) == later:
            return utc
    return wall.replace(tzinfo=zone).astimezone(UTC)
