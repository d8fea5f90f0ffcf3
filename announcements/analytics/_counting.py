"""Counting facts, as a whole and by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from announcements.delivery import services as delivery
from announcements.people import services as people


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of `recipients` each fact holds for."""

    recipients: int
    displayed: int
    opened: int
    read: int
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


def count(facts: Sequence[delivery.DeliveryFacts]) -> Counts:
    """Count each fact."""
    return Counts(
        recipients=len(facts),
        displayed=sum(f.displayed_at is not None for f in facts),
        opened=sum(f.opened_at is not None for f in facts),
        read=sum(f.read_at is not None for f in facts),
        acknowledged=sum(f.acknowledged_at is not None for f in facts),
    )


def by_group(
    *, groups: Sequence[people.Group], audience: people.Audience, facts: Sequence[delivery.DeliveryFacts], at: datetime
) -> tuple[GroupReach, ...]:
    """Count within each group of the audience, sub-groups included, each recipient once per group; the largest first.

    `groups` are as they were at `at`, the moment of publishing: moving or closing them later changes no number. An announcement to everyone is split by function, or by all groups at the top where there is no function.
    """
    shown = [group for group in groups if group.id in audience.group_ids] if audience.group_ids else _functions(groups)
    inside = people.groups_of(person_ids=[f.recipient_id for f in facts], at=at) if shown else {}
    rows = [_one(group, [f for f in facts if group.id in inside.get(f.recipient_id, ())]) for group in shown]
    return tuple(sorted((row for row in rows if row.recipients), key=lambda row: (-row.recipients, row.name)))


def _functions(groups: Sequence[people.Group]) -> list[people.Group]:
    top = [group for group in groups if group.parent_id is None]
    return [group for group in top if group.kind == "function"] or top


def _one(group: people.Group, facts: Sequence[delivery.DeliveryFacts]) -> GroupReach:
    counts = count(facts)
    return GroupReach(
        group_id=group.id,
        name=group.name,
        recipients=counts.recipients,
        displayed=counts.displayed,
        opened=counts.opened,
        read=counts.read,
        acknowledged=counts.acknowledged,
    )
