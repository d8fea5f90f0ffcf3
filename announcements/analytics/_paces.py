"""How long it takes until people have read, in their own working hours and by the clock on the wall."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from django.db.models import F, Sum
from django.db.models.functions import TruncHour

from announcements.analytics import _waiting, models
from announcements.analytics._counting import READ
from announcements.analytics._shares import LONGEST, LONGEST_ON_WALL
from announcements.analytics._sums import Scope, Whose
from announcements.kernel.clocks import WorkingTime

SHARES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10))
ON_WALL = (Fraction(1, 2), Fraction(9, 10))
MOST, MOST_ON_WALL = timedelta(minutes=LONGEST), timedelta(minutes=LONGEST_ON_WALL)
MINUTE = timedelta(minutes=1)
# Even where hardly anybody works, what went out so long ago has been waited for long enough.
OLD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class OnWall:
    """Within how many minutes, as clocks on the wall count them, half and nine tenths had read; None where they have not, within seven days."""

    median: int | None
    nine_tenths: int | None


@dataclass(frozen=True, slots=True)
class Times:
    """Within how many working minutes a quarter, half, three quarters and nine tenths had read; None where they have not, within 40 hours.

    Told to a quarter of an hour in the first eight hours, then to an hour; `wall` after 40 of them to a day. Who has yet to read counts
    for as long as they have had: in working time for as long as the company has worked since. `wall` is None where some of it was read
    before that was counted.
    """

    read: int
    waiting: int
    quarter: int | None
    median: int | None
    three_quarters: int | None
    nine_tenths: int | None
    wall: OnWall | None = None


@dataclass(frozen=True, slots=True)
class Waiters:
    """How many of a group had read within so many minutes, and how many have waited for so many; on both clocks."""

    done: Counter[int] = field(default_factory=Counter)
    waiting: Counter[int] = field(default_factory=Counter)
    done_on_wall: Counter[int] = field(default_factory=Counter)
    waiting_on_wall: Counter[int] = field(default_factory=Counter)

    def times(self) -> Times:
        """Return what follows from them."""
        read, known = self.done.total(), self.done_on_wall.total()
        quarter, median, three_quarters, nine_tenths = _until(self.done, self.waiting, LONGEST, SHARES)
        wall = OnWall(*_until(self.done_on_wall, self.waiting_on_wall, LONGEST_ON_WALL, ON_WALL))
        return Times(
            read=read,
            waiting=self.waiting.total() + self._late(),
            quarter=quarter,
            median=median,
            three_quarters=three_quarters,
            nine_tenths=nine_tenths,
            wall=wall if known == read else None,
        )

    def _late(self) -> int:
        return sum(many for minutes, many in self.done.items() if minutes > LONGEST)


def _until(
    done: Counter[int], waiting: Counter[int], longest: int, shares: Sequence[Fraction]
) -> tuple[int | None, ...]:
    """Return within how many minutes these shares had read; who took longer than is told of had still to, then."""
    soon = Counter({minutes: many for minutes, many in done.items() if many > 0 and minutes <= longest})
    late = done.total() - soon.total()
    return _waiting.until(done=soon, waiting=waiting + Counter({longest: late}), shares=shares)


def times(*, scope: Scope, since: datetime, until: datetime, clock: WorkingTime, now: datetime) -> dict[Whose, Times]:
    """Return the times of each group, or kind, of what was published from one Monday to another; on `clock` those wait who wait."""
    found = defaultdict[Whose, Waiters](Waiters)
    _add_read(found, scope, since, until)
    _add_waiting(found, scope, since, until, clock, now)
    return {whose: each.times() for whose, each in found.items() if each.done.total() or each.waiting.total()}


def _add_read(found: dict[Whose, Waiters], scope: Scope, since: datetime, until: datetime) -> None:
    rows = models.Pace.objects.filter(
        workspace_id=scope.workspace_id,
        week__gte=since.date(),
        week__lt=until.date(),
        group_id__in=scope.group_ids,
    )
    summed = rows.values_list("kind" if scope.by_kind else "group_id", "minutes")
    for whose, minutes, many, on_wall in summed.annotate(all=Sum("many"), on_wall=Sum("wall")).order_by():
        found[whose].done[minutes] += many
        found[whose].done_on_wall[minutes] += on_wall


def _add_waiting(
    found: dict[Whose, Waiters], scope: Scope, since: datetime, until: datetime, clock: WorkingTime, now: datetime
) -> None:
    """Add how many have yet to read, by how long they have had: told apart only where that is less than the longest."""
    summed = scope.sums(since, until).values_list("whose").annotate(all=Sum("waiting")).order_by()
    for whose, many in summed:
        found[whose].waiting[LONGEST] += many
        found[whose].waiting_on_wall[LONGEST_ON_WALL] += many
    old = min(_long_ago(clock, now), now - MOST_ON_WALL)
    if until <= old:
        return
    lately = scope.tallies(since, until).filter(announcement__published_at__gt=old)
    hours = lately.annotate(seen=TruncHour("announcement__published_at", tzinfo=UTC)).values_list("whose", "seen")
    had = dict[datetime, int]()  # of each hour once, whatever there is of groups
    for whose, at, many in hours.annotate(all=Sum(F("recipients") - READ)).order_by():
        if at not in had:
            had[at] = clock.between(at, now, most=MOST) // MINUTE
        each = found[whose]
        each.waiting.update({LONGEST: -many})
        each.waiting.update({had[at]: many})
        each.waiting_on_wall.update({LONGEST_ON_WALL: -many})
        each.waiting_on_wall.update({min(now - at, MOST_ON_WALL) // MINUTE: many})


def _long_ago(clock: WorkingTime, now: datetime) -> datetime:
    at = now
    while at > now - OLD and clock.between(at, now, most=MOST) < MOST:
        at -= timedelta(days=1)
    return at
