"""Entries: the value, which are asked for, and the names in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from announcements.audit import models
from announcements.people import services as people


@dataclass(frozen=True, slots=True)
class Entry:
    """Something somebody did. `by` None: the hub itself. Names are of today; empty when the row is gone.

    `names` has those of people and groups that the details give by id, by the detail's name.
    """

    id: int
    at: datetime
    by: int | None
    by_name: str
    verb: str
    subject: str
    subject_id: int | None
    subject_name: str
    details: Mapping[str, Any]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: of one verb, by or about one person (what they are in a group too), from `since` on, before `until`."""

    verb: str = ""
    person_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def rows(workspace_id: int, asked: Asked) -> Any:
    """Return the rows of a workspace that are asked for."""
    found = models.Entry.objects.filter(workspace_id=workspace_id)
    if asked.verb:
        found = found.filter(verb=asked.verb)
    if asked.person_id is not None:
        about = Q(subject="person", subject_id=asked.person_id) | Q(subject="group", details__person_id=asked.person_id)
        found = found.filter(Q(by=asked.person_id) | about)
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    return found


def with_names(workspace_id: int, found: list[models.Entry]) -> list[Entry]:
    """Return the values of rows, with the names of today."""
    mentioned = {row.by for row in found} | {row.subject_id for row in found if row.subject == "person"}
    mentioned |= {_id(row, "person_id") for row in found}
    persons = people.get_many(ids={id for id in mentioned if id})
    groups = people.group_names(workspace_id=workspace_id)

    def name(kind: str, id: int | None) -> str:
        if kind == "group":
            return groups.get(id or 0, "")
        return persons[id].name if kind == "person" and id in persons else ""

    return [
        Entry(
            id=row.pk,
            at=row.at,
            by=row.by,
            by_name=name("person", row.by),
            verb=row.verb,
            subject=row.subject,
            subject_id=row.subject_id,
            subject_name=name(row.subject, row.subject_id),
            details=row.details,
            names={
                key: name(kind, _id(row, key))
                for key, kind in (("person_id", "person"), ("parent_id", "group"))
                if row.details.get(key)
            },
        )
        for row in found
    ]


def _id(row: models.Entry, key: str) -> int:
    """Return an id from the details; 0, which is nobody's, without one. What was asked of an export is kept as text."""
    return int(row.details.get(key) or 0)
