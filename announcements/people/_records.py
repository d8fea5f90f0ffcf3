"""What admins write about others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from announcements.people import _checks, events
from announcements.people._values import Person, PersonChanges, as_person

_CHECKED: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: _checks.label("name", value),
    "title": lambda value: _checks.label("title", value, empty=True),
    "location": lambda value: _checks.label("location", value, empty=True),
    "timezone": _checks.zone,
    "work_days": _checks.week,
}


@transaction.atomic
def update_person(*, by: int, person_id: int, changes: PersonChanges, now: datetime) -> Person:
    """Change what is written about somebody; groups that rules fill follow. Raise Forbidden, NotFound, or Invalid by field."""
    _actor, row = _checks.admin_over(by, person_id)
    given = {name: value for name in PersonChanges.__slots__ if (value := getattr(changes, name)) is not None}
    for name, value in given.items():
        setattr(row, name, _CHECKED[name](value) if name in _CHECKED else value)
    _checks.hours(row, given)
    if given:
        row.save(update_fields=list(given))
        events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
        events.noted.send(
            sender=None, workspace_id=row.workspace_id, by=by, verb="person_changed", subject=f"person:{row.pk}",
            details={"fields": sorted(given)}, at=now,
        )  # fmt: skip
    if given.keys() & {"name", "title"}:
        events.names_changed.send(sender=None, workspace_id=row.workspace_id, at=now)
    return as_person(row)
