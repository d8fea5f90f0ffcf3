"""How long it takes until people have read, in their own working hours."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from django.db.models import F, Sum
from django.db.models.functions import TruncHour

from announcements.analytics import _waiting, models
from announcements.analytics._counting import READ
from announcements.analytics._shares import LONGEST
from announcements.analytics._sums import Scope, Whose
from announcements.kernel.clocks import WorkingTime

SHARES = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10))
MOST = timedelta(minutes=LONGEST)
# Even where hardly anybody works, what went out so long ago has been waited for long enough.
OLD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Times:
    """Within how many working minutes a quarter, half, three quarters and nine tenths had read; None where they have not, within 40 hours.

    Told to a quarter of an hour in the first eight hours, then to an hour. Who has yet to read counts for as long as they have
    had: for as long as the company has worked since, at most 40 hours.
    """

    read: int
    waiting: int
    quarter: int | None
    median: int | None
    three_quarters: int | None
    nine_tenths: int | None


@dataclass(frozen=True, slots=True)
class Waiters:
    """How many of a group had read within so many minutes, and how many have waited for so many."""

    done: Counter[int]
    waiting: Counter[int]

    def times(self) -> Times:
        """Return what follows from them."""
        done = Counter({minutes: many for minutes, many in self.done.items() if many > 0 and minutes <= LONGEST})
        late = sum(self.done.values()) - sum(done.values())
        waiting = self.waiting + Counter({LONGEST: late})
        return Times(
            sum(self.done.values()),
            sum(self.waiting.values()),
            *_waiting.until(done=done, waiting=waiting, shares=SHARES),
        )


def times(*, scope: Scope, since: datetime, until: datetime, clock: WorkingTime, now: datetime) -> dict[Whose, Times]:
    """Return the times of each group, or kind, of what was published from one Monday to another; on `clock` those wait who wait."""
    read = _read(scope, since, until)
    waiting = _still(scope, since, until, clock, now)
    all_of_them = {
        whose: Waiters(read.get(whose, Counter()), waiting.get(whose, Counter())) for whose in {*read, *waiting}
    }
    return {whose: each.times() for whose, each in all_of_them.items() if each.done.total() or each.waiting.total()}


def _read(scope: Scope, since: datetime, until: datetime) -> dict[Whose, Counter[int]]:
    rows = models.Pace.objects.filter(
        workspace_id=scope.workspace_id,
        week__gte=since.date(),
        week__lt=until.date(),
        group_id__in=scope.group_ids,
    )
    found: dict[Whose, Counter[int]] = {}
    summed = rows.values_list("kind" if scope.by_kind else "group_id", "minutes").annotate(all=Sum("many"))
    for whose, minutes, many in summed.order_by():
        found.setdefault(whose, Counter())[minutes] += many
    return found


def _still(
    scope: Scope, since: datetime, until: datetime, clock: WorkingTime, now: datetime
) -> dict[Whose, Counter[int]]:
    """Return how many have yet to read, by how long they have had: told apart only where that is less than the longest."""
    found = defaultdict[Whose, Counter[int]](Counter)
    summed = scope.sums(since, until).values_list("whose").annotate(all=Sum("waiting")).order_by()
    for whose, many in summed:
        found[whose] = Counter({LONGEST: many})
    old = _long_ago(clock, now)
    if until <= old:
        return found
    lately = scope.tallies(since, until).filter(announcement__published_at__gt=old)
    hours = lately.annotate(seen=TruncHour("announcement__published_at", tzinfo=UTC)).values_list("whose", "seen")
    had = dict[datetime, int]()  # of each hour once, whatever there is of groups
    for whose, at, many in hours.annotate(all=Sum(F("recipients") - READ)).order_by():
        if at not in had:
            had[at] = clock.between(at, now, most=MOST) // timedelta(minutes=1)
        found[whose].update({LONGEST: -many})
        found[whose].update({had[at]: many})
    return found


def _long_ago(clock: WorkingTime, now: datetime) -> datetime:
    at = now
    while at > now - OLD and clock.between(at, now, most=MOST) < MOST:
        at -= timedelta(days=1)
    return at
