"""A cell of who writes to whom: the announcements that it counts, as far as whoever asks may read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from announcements.analytics import models
from announcements.analytics._asked import Asked, Weeks, asked
from announcements.analytics._flows import NOBODY
from announcements.analytics._shares import EVERYBODY
from announcements.analytics._weighing import WHILE_SOMEBODY_WAITS, stand
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

AT_ONCE = 100
# Those that may be read are looked for among so many, for one answer.
LOOKED_THROUGH = 1000
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Ends:
    """From which group, 0 being none of those shown, to which, 0 being everyone; over how many weeks, and by which kind of groups."""

    from_id: int
    to_id: int
    weeks: Weeks = 12
    kind: people.GroupKind = "function"


@dataclass(frozen=True, slots=True)
class Written:
    """An announcement that whoever asks `manages`, or may read. What came of it there is not told: one alone could be of one person."""

    announcement_id: int
    published_at: datetime
    title: str
    author_id: int
    manages: bool


@dataclass(frozen=True, slots=True)
class FlowCell:
    """What a cell counts: how many `announcements`, from whom and to whom; None is no group, or everyone. Of `written`, the newest
    first, those are left out that whoever asks may not read, and nothing is told of them but that they are counted. `following` is
    where the list goes on; None when this was the last of it."""

    from_name: str | None
    to_name: str | None
    announcements: int
    written: tuple[Written, ...]
    following: Place | None


def flow_cell(*, by: int, ends: Ends, before: Place | None = None, limit: int = 50, now: datetime) -> FlowCell:
    """Return what a cell of flows counts, going on after the cursor `before`: a time of publishing, and an id.

    Where few may be read there are fewer than `limit`, or none, and yet more may follow.
    Raises AlignmentNotYours for who manages no group; NotFound for a group that is not in their table.
    """
    who = asked(by, ends.weeks, ends.kind, now)
    origins = {group.id: group.name for group in (*who.at_the_top, *who.groups)}
    targets = {group.id: group.name for group in who.groups}
    if ends.from_id not in {NOBODY, *origins} or ends.to_id not in {*targets, *([EVERYBODY] if who.whole else [])}:
        raise errors.NotFound
    stand(workspace_id=who.company.id, most=WHILE_SOMEBODY_WAITS if who.council else 0)
    rows = _rows(who, ends, origins.keys())
    written, following = _written(who, rows, before, limit)
    return FlowCell(
        from_name=origins.get(ends.from_id),
        to_name=targets.get(ends.to_id),
        announcements=rows.count(),
        written=written,
        following=following,
    )


def _rows(who: Asked, ends: Ends, origins: Collection[int]) -> QuerySet[Any]:
    """Return the tallies that the cell counts."""
    rows = models.Tally.objects.filter(
        announcement__workspace_id=who.company.id,
        announcement__week__gte=who.starts[0].date(),
        announcement__everyone=ends.to_id == EVERYBODY,
        group_id=ends.to_id,
        recipients__gt=0,
    )
    written = models.Origin.objects.filter(announcement_id=OuterRef("announcement_id"))
    if ends.from_id == NOBODY:
        rows = rows.filter(~Exists(written.filter(group_id__in=origins)))
    else:
        rows = rows.filter(Exists(written.filter(group_id=ends.from_id)))
    found: QuerySet[Any] = rows.annotate(at=F("announcement__published_at"))
    return found.filter(shown=True) if who.council else found


def _written(
    who: Asked, rows: QuerySet[Any], before: Place | None, limit: int
) -> tuple[tuple[Written, ...], Place | None]:
    """Return what may be read of it, the newest first, and the last place that was looked at while there are more."""
    found = list[Written]()
    for _each in range(LOOKED_THROUGH // AT_ONCE):
        later = rows.filter(Q(at__lt=before[0]) | Q(at=before[0], announcement_id__lt=before[1])) if before else rows
        places = list(later.order_by("-at", "-announcement_id").values_list("at", "announcement_id")[: AT_ONCE + 1])
        found += _readable(who, places[:AT_ONCE])
        if len(found) > limit:
            last = found[limit - 1]
            return tuple(found[:limit]), (last.published_at, last.announcement_id)
        if len(places) <= AT_ONCE:
            return tuple(found), None
        before = places[AT_ONCE - 1]
    return tuple(found), before


def _readable(who: Asked, places: Sequence[Place]) -> Iterator[Written]:
    ids = {id for _at, id in places}
    managed = publishing.managed(by=who.by, ids=ids, now=who.now)
    said = managed | delivery.readable_many(by=who.by, announcement_ids=ids - managed.keys(), now=who.now)
    return (Written(id, at, said[id].title, said[id].author_id, id in managed) for at, id in places if id in said)
