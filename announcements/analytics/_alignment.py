"""Alignment: how much of what people were asked to confirm they confirmed in time, by group and week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from announcements.analytics import models
from announcements.analytics._folding import fold
from announcements.analytics._privacy import SMALLEST
from announcements.analytics._shares import EVERYBODY
from announcements.kernel import errors
from announcements.people import services as people

WEEK = timedelta(days=7)
Weeks = Literal[4, 12, 52]


class AlignmentNotYours(errors.Forbidden):
    """Alignment is for those who manage a group, admins and owners."""

    code = "alignment_not_yours"


@dataclass(frozen=True, slots=True)
class Share:
    """How many confirmations were asked for by now, how many came on time, and before any nudge; `confirmed` in all."""

    asked: int = 0
    on_time: int = 0
    confirmed: int = 0
    unprompted: int = 0

    def plus(self, row: models.Tally) -> Share:
        """Return it with the counts of one group and announcement."""
        return Share(
            self.asked + row.recipients,
            self.on_time + row.on_time,
            self.confirmed + row.acknowledged,
            self.unprompted + row.unprompted,
        )


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday on, on the company's clock; one is still running."""

    starts: datetime
    running: bool


@dataclass(frozen=True, slots=True)
class GroupAlignment:
    """Of a group the share of each week, in the order of the weeks, and of all of them."""

    group_id: int
    name: str
    people: int
    weeks: tuple[Share, ...]
    whole: Share


@dataclass(frozen=True, slots=True)
class Alignment:
    """Alignment over some weeks. `whole` and `before` leave out what is not due yet; `before` are as many weeks earlier.

    `items` is how many announcements of any kind reached a person in a week, on average.
    """

    weeks: tuple[Week, ...]
    whole: Share
    before: Share
    items: float
    groups: tuple[GroupAlignment, ...]
    open: tuple[int, ...]


@dataclass(slots=True)
class _Sums:
    whole: Share = field(default_factory=Share)
    before: Share = field(default_factory=Share)
    reached: int = 0
    cells: dict[tuple[int, int], Share] = field(default_factory=lambda: defaultdict(Share))

    def in_week(self, row: models.Tally, week: int) -> None:
        self.cells[row.group_id, week] = self.cells[row.group_id, week].plus(row)

    def due(self, row: models.Tally, *, lately: bool) -> None:
        if lately:
            self.whole = self.whole.plus(row)
        else:
            self.before = self.before.plus(row)


def alignment(*, by: int, weeks: Weeks, kind: people.GroupKind, now: datetime) -> Alignment:
    """Return alignment over the last weeks, by the groups of a kind; managers see those they manage. Raises AlignmentNotYours."""
    person = people.person(person_id=by)
    groups = people.groups(by=by, at=now)
    whole = person.role != "member"
    shown = _shown(groups, kind) if whole else [group for group in groups if group.manages]
    if person.state != "active" or not (whole or shown):
        raise AlignmentNotYours(_("Alignment is for those who manage a group, admins and owners."))
    company = people.workspace(workspace_id=person.workspace_id)
    fold(workspace_id=company.id)
    starts = _mondays(now.astimezone(ZoneInfo(company.timezone)), weeks)
    kept = _kept(company.id, starts[0] - weeks * WEEK)
    council = company.privacy == "works_council"
    sums = _sum(kept, [group.id for group in shown], starts, now, everybody=whole, council=council)
    waiting = [one for one in kept.values() if one.due_at and not one.withdrawn]
    return Alignment(
        weeks=tuple(Week(monday, running=monday + WEEK > now) for monday in starts),
        whole=sums.whole,
        before=sums.before,
        items=_items(sums, company.id, weeks, now) if whole else 0.0,
        groups=tuple(_group(group, sums, weeks) for group in shown),
        open=tuple(one.announcement_id for one in sorted(waiting, key=lambda one: one.published_at, reverse=True)),
    )


def _items(sums: _Sums, workspace_id: int, weeks: int, now: datetime) -> float:
    here = people.resolve(workspace_id=workspace_id, audience=people.Audience(everyone=True), at=now)
    return round(sums.reached / weeks / max(1, len(here)), 1)


def _shown(groups: Sequence[people.Group], kind: people.GroupKind) -> list[people.Group]:
    of_kind = {group.id for group in groups if group.kind == kind}
    return [group for group in groups if group.id in of_kind and group.parent_id not in of_kind]


def _mondays(now: datetime, weeks: int) -> list[datetime]:
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return [monday - n * WEEK for n in reversed(range(weeks))]


def _kept(workspace_id: int, since: datetime) -> dict[int, models.Kept]:
    rows = models.Kept.objects.filter(workspace_id=workspace_id, published_at__gte=since)
    return {row.announcement_id: row for row in rows}


def _sum(
    kept: Mapping[int, models.Kept], group_ids: Sequence[int], starts: Sequence[datetime], now: datetime,
    *, everybody: bool, council: bool,
) -> _Sums:  # fmt: skip
    sums, totals = _Sums(), dict[int, int]()
    for row in _tallies(kept, [EVERYBODY, *group_ids]):
        one, of_all = kept[row.announcement_id], row.group_id == EVERYBODY
        lately = one.published_at >= starts[0]
        if of_all:
            totals[row.announcement_id] = row.recipients
            sums.reached += row.recipients * lately
        hidden = council and not of_all and _small(row, totals)
        if one.due_at is None or one.withdrawn or hidden:
            continue
        if lately and not of_all:
            sums.in_week(row, (one.published_at - starts[0]) // WEEK)
        if of_all == everybody and one.due_at <= now:
            sums.due(row, lately=lately)
    return sums


def _tallies(kept: Mapping[int, models.Kept], group_ids: Sequence[int]) -> Iterable[models.Tally]:
    """Yield the tallies of these, everybody's of an announcement before those of its groups."""
    ids = sorted(kept)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        rows = models.Tally.objects.filter(announcement_id__in=some, group_id__in=group_ids)
        yield from rows.order_by("announcement_id", "group_id")


def _small(row: models.Tally, totals: Mapping[int, int]) -> bool:
    return row.recipients < SMALLEST or 0 < totals.get(row.announcement_id, 0) - row.recipients < SMALLEST


def _group(group: people.Group, sums: _Sums, weeks: int) -> GroupAlignment:
    cells = tuple(sums.cells[group.id, week] for week in range(weeks))
    return GroupAlignment(
        group_id=group.id,
        name=group.name,
        people=group.people,
        weeks=cells,
        whole=Share(
            sum(cell.asked for cell in cells),
            sum(cell.on_time for cell in cells),
            sum(cell.confirmed for cell in cells),
            sum(cell.unprompted for cell in cells),
        ),
    )
