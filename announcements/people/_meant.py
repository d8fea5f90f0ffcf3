"""Whether one person is in many audiences: the same answer as for each, from a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from announcements.people import _checks, models
from announcements.people._audience_values import AttributeField, Audience, Except
from announcements.people._tree import groups_of


def meant_in(*, person_id: int, audiences: Mapping[str, Audience], at: datetime) -> frozenset[str]:
    """Return the keys of those audiences for which `is_meant` is true at that instant; raise NotFound."""
    row = _checks.person_row(person_id)
    if not models.Person.objects.active_at(at).filter(pk=row.pk).exists():
        return frozenset()
    groups = frozenset(groups_of(person_ids=[row.pk], at=at)[row.pk])
    spelled = {field: _checks.same_name(getattr(row, field)) for field in get_args(AttributeField)}

    def inside(chosen: Audience | Except) -> bool:
        return (
            row.pk in chosen.person_ids
            or not groups.isdisjoint(chosen.group_ids)
            or any(spelled[one.field] == _checks.same_name(one.value) for one in chosen.attributes)
        )

    return frozenset(key for key, one in audiences.items() if (one.everyone or inside(one)) and not inside(one.except_))
