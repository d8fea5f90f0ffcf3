"""The door of audit: what happened in a workspace, for its owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.audit import models
from announcements.audit._entries import Asked, Entry, rows, with_names
from announcements.audit._erasing import erase
from announcements.audit._stored import Look, Stored, stored
from announcements.kernel import bulk, errors, sheets
from announcements.people import services as people

__all__ = ["Asked", "Entry", "Look", "Stored", "entries", "erase", "export", "note", "note_many", "stored", "verbs"]

Deed = tuple[str, str, Mapping[str, Any]]
BATCH = 500
WRITTEN = ("workspace_id", "at", "by", "verb", "subject", "subject_id", "details")
HEADER = ("at (UTC)", "by", "by id", "what", "subject", "subject id", "subject name", "details")


def note(
    *, workspace_id: int, by: int | None, verb: str, subject: str = "", details: Mapping[str, Any], at: datetime
) -> None:
    """Write an entry, inside the transaction that does what it tells of. `subject` is a kind and an id: "person:12"."""
    note_many(workspace_id=workspace_id, by=by, noted=[(verb, subject, details)], at=at)


def note_many(*, workspace_id: int, by: int | None, noted: Iterable[Deed], at: datetime) -> None:
    """Write many entries of one instant, each a verb, a subject and details, inside the transaction that does what they tell of."""
    rows = []
    for verb, subject, details in noted:
        kind, _colon, subject_id = subject.partition(":")
        rows.append((workspace_id, at, by, verb, kind, int(subject_id) if subject_id else None, dict(details)))
    bulk.insert(models.Entry, WRITTEN, rows)


def entries(*, by: int, asked: Asked, before: tuple[datetime, int] | None = None, limit: int = 50) -> list[Entry]:
    """Return entries of one's workspace, newest first, before the cursor (at, id); raise Forbidden unless owner."""
    workspace_id = _owner(by).workspace_id
    found = rows(workspace_id, asked)
    if before:
        found = found.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    return with_names(workspace_id, list(found.order_by("-at", "-id")[:limit]))


def verbs(*, by: int) -> list[str]:
    """Return what has ever happened in one's workspace, by name; raise Forbidden unless owner."""
    found = models.Entry.objects.filter(workspace_id=_owner(by).workspace_id)
    return list(found.order_by("verb").values_list("verb", flat=True).distinct())


def export(*, by: int, asked: Asked, now: datetime) -> Iterator[str]:
    """Return the entries as lines of CSV, newest first, and note that they were taken; raise Forbidden unless owner."""
    workspace_id = _owner(by).workspace_id
    taken = {name: str(value) for name in Asked.__slots__ if (value := getattr(asked, name))}
    note(workspace_id=workspace_id, by=by, verb="audit_exported", details=taken, at=now)
    return sheets.to_csv(HEADER, _sheet(by, asked))


def _sheet(by: int, asked: Asked) -> Iterator[tuple[object, ...]]:
    before: tuple[datetime, int] | None = None
    while page := entries(by=by, asked=asked, before=before, limit=BATCH):
        for one in page:
            told = "; ".join(f"{name}: {value}" for name, value in sorted(one.details.items()))
            at = one.at.isoformat(timespec="seconds").removesuffix("+00:00")
            yield (at, one.by_name, one.by, one.verb, one.subject, one.subject_id, one.subject_name, told)
        before = (page[-1].at, page[-1].id)


def _owner(by: int) -> people.Person:
    person = people.person(person_id=by)
    if person.state != "active":
        raise errors.NotFound
    if person.role != "owner":
        raise errors.Forbidden(_("Only owners see who did what. Ask an owner of your workspace."))
    return person
