"""Reading the roll-ups: counts as a whole, by group and by channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Sum
from django.db.models.functions import Greatest, Least

from announcements.analytics import models
from announcements.analytics._shares import EVERYBODY, FACTS
from announcements.delivery import services as delivery
from announcements.people import services as people


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of `recipients` each fact holds for; None where only confirmations are told."""

    recipients: int
    displayed: int | None
    opened: int | None
    read: int | None
    acknowledged: int


@dataclass(frozen=True, slots=True)
class GroupReach:
    """The same counts within one group, by its members at the moment of publishing."""

    group_id: int
    name: str
    recipients: int
    displayed: int
    opened: int
    read: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Total:
    """The counts of everybody; how many were deactivated since and are counted nowhere else; which confirmations came in time, or before any nudge."""

    counts: Counts
    left: int = 0
    on_time: int = 0
    unprompted: int = 0


C = TypeVar("C", Counts, GroupReach)


def without_reading(counts: Counts) -> Counts:
    """Return counts of which only confirmations are told: so few people that a number of them is a fact about each."""
    return replace(counts, displayed=None, opened=None, read=None)


def without_dwell(counts: C) -> C:
    """Return counts in which, as no reading times are looked at, only who acknowledged has read."""
    return replace(counts, read=counts.acknowledged)


def totals(announcement_ids: Collection[int]) -> dict[int, Total]:
    """Return the counts of everybody of each of these announcements; all zero where nobody was reached."""
    rows = models.Tally.objects.filter(announcement_id__in=announcement_ids, group_id=EVERYBODY)
    found = {row.announcement_id: Total(_counts(row), row.left, row.on_time, row.unprompted) for row in rows}
    return {id: found.get(id, Total(Counts(0, 0, 0, 0, 0))) for id in announcement_ids}


def _counts(row: models.Tally) -> Counts:
    return Counts(row.recipients, *funnel(row), row.acknowledged)


def funnel(row: models.Tally) -> tuple[int, int, int]:
    """Return how many met, opened and read it: at least those who did more, at most those who are here.

    Once the single facts are forgotten nobody can tell whose they were: who left since, or confirmed since, may be among them.
    """
    read = min(row.recipients, max(row.read, row.acknowledged))
    opened = min(row.recipients, max(row.opened, read))
    return min(row.recipients, max(row.displayed, opened)), opened, read


# How many read it, for the database.
READ = Least("recipients", Greatest("read", "acknowledged"))


def by_group(
    *, announcement_id: int, groups: Sequence[people.Branch], audience: people.Audience, council: bool
) -> tuple[tuple[GroupReach, ...], int]:
    """Return the counts within each group of the audience, sub-groups included, each recipient once per group; the largest first.

    `groups` are as they were at the moment of publishing: moving or closing them later changes no number. An announcement to
    everyone is split by function, or by all groups at the top where there is no function. Beside them stands how many are left out where
    small ones are.
    """
    shown = {group.id: group for group in groups if group.id in audience.group_ids or not audience.group_ids}
    if not audience.group_ids:
        shown = {group.id: group for group in _functions(groups)}
    rows = models.Tally.objects.filter(announcement_id=announcement_id, group_id__in=shown, recipients__gt=0)
    told = [row for row in rows if row.shown or not council]
    found = [_one(shown[row.group_id], row) for row in told]
    return tuple(sorted(found, key=lambda each: (-each.recipients, each.name))), len(rows) - len(told)


def _functions(groups: Sequence[people.Branch]) -> list[people.Branch]:
    top = [group for group in groups if group.parent_id is None]
    return [group for group in top if group.kind == "function"] or top


def _one(group: people.Branch, row: models.Tally) -> GroupReach:
    displayed, opened, read = funnel(row)
    return GroupReach(
        group_id=group.id,
        name=group.name,
        recipients=row.recipients,
        displayed=displayed,
        opened=opened,
        read=read,
        acknowledged=row.acknowledged,
    )


def by_channel(*, announcement_id: int, fact: delivery.Fact) -> dict[delivery.Channel, int]:
    """Return by which channel a fact happened first, the most frequent first."""
    rows = models.Hour.objects.filter(announcement_id=announcement_id, fact=fact)
    counted = rows.values_list("channel").annotate(all=Sum("many")).filter(all__gt=0).order_by("-all", "channel")
    return dict(counted)


def by_hour(*, announcement_id: int) -> dict[str, Counter[int]]:
    """Return of each fact how often it happened in each hour since publishing."""
    found: dict[str, Counter[int]] = {fact: Counter() for fact in FACTS}
    rows = models.Hour.objects.filter(announcement_id=announcement_id).values_list("fact", "hour", "many")
    for fact, hour, many in rows:
        found[fact][hour] += many
    return found
