"""What many audiences mean for one person: the same answers as one at a time, from a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from announcements.people import _checks, models
from announcements.people._audience_values import AttributeField, Audience, Except
from announcements.people._tree import Tree


@dataclass(frozen=True, slots=True)
class Meant:
    """The keys of the audiences that somebody is inside of, and of those of which they manage a group."""

    inside: frozenset[str] = frozenset()
    managed: frozenset[str] = frozenset()


def meant_in(*, person_id: int, audiences: Mapping[str, Audience], at: datetime) -> Meant:
    """Return what audiences mean for a person at an instant, as `is_meant` and `manages` say of each; raise NotFound."""
    row = _checks.person_row(person_id)
    held = list(models.Membership.objects.at(at).filter(person=row).values_list("group_id", "role"))
    tree = Tree(row.workspace_id, at) if held else None
    groups = {one for group_id, _role in held for one in tree.above(group_id)} if tree else set()
    managed = tree.below([group_id for group_id, role in held if role == "manager"]) if tree else set()
    spelled = {field: _checks.same_name(getattr(row, field)) for field in get_args(AttributeField)}

    def inside(chosen: Audience | Except) -> bool:
        return (
            row.pk in chosen.person_ids
            or not groups.isdisjoint(chosen.group_ids)
            or any(spelled[one.field] == _checks.same_name(one.value) for one in chosen.attributes)
        )

    active = row.joined_at is not None and row.joined_at <= at and not (row.deactivated_at and row.deactivated_at <= at)
    chosen = (key for key, one in audiences.items() if (one.everyone or inside(one)) and not inside(one.except_))
    over = (key for key, one in audiences.items() if not managed.isdisjoint(one.group_ids))
    return Meant(frozenset(chosen) if active else frozenset(), frozenset(over))
