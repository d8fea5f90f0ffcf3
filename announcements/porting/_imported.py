"""The values of imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count

from announcements.kernel import errors
from announcements.porting import models
from announcements.porting._values import KEPT

ImportStage = Literal[
    "fetching", "reading", "checked", "importing", "imported", "undoing", "undone", "unreadable", "stopped"
]
EntryKind = Literal["new", "here", "problem"]
Form = Literal["", "export", "markdown", "feed"]


class NotNow(errors.Conflict):
    """The import has not come so far, or is past it."""

    code = "not_now"


@dataclass(frozen=True, slots=True)
class Import:
    """Announcements from elsewhere and how far they have come: `done` of `total` of the step that runs, which last moved at `moved_at`.

    `counts` says how many entries are of each kind. `failed` could not be brought in after all, `kept` were not taken back:
    somebody changed them since.
    """

    id: int
    by: int
    name: str
    address: str
    form: Form
    stage: ImportStage
    created_at: datetime
    done: int
    total: int
    counts: Mapping[EntryKind, int]
    noted: int
    failed: int
    kept: int
    moved_at: datetime
    finished_at: datetime | None
    undo_until: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One announcement of an import: what it is called there, what stays behind (`notes`), what stands in the way (`problems`).

    `announcement_id` is what it is here, once it is.
    """

    number: int
    name: str
    kind: EntryKind
    title: str
    author: str
    published_at: datetime | None
    notes: tuple[str, ...]
    problems: tuple[str, ...]
    announcement_id: int | None
    applied_at: datetime | None
    undone_at: datetime | None
    kept: bool


def stage_of(row: models.Import) -> ImportStage:
    """Return the step that an import's times add up to."""
    if row.fault:
        return "unreadable" if row.read_at is None else "stopped"
    steps: list[tuple[datetime | None, ImportStage]] = [
        (row.undone_at, "undone"),
        (row.undo_started_at, "undoing"),
        (row.finished_at, "imported"),
        (row.started_at, "importing"),
        (row.read_at, "checked"),
        (row.come_at, "reading"),
    ]
    return next((stage for at, stage in steps if at), "fetching")


def as_import(row: models.Import) -> Import:
    """Return the value of a row, with its counts."""
    entries = row.entries.order_by()
    counts: dict[EntryKind, int] = {"new": 0, "here": 0, "problem": 0}
    counts |= dict(entries.values_list("kind").annotate(Count("pk")))
    applied = entries.filter(applied_at__isnull=False, announcement_id__isnull=False)
    undone = entries.filter(undone_at__isnull=False)
    done, total = {
        "fetching": (0, 0),
        "reading": (sum(counts.values()), row.total),
        "undoing": (undone.count(), applied.count()),
        "undone": (undone.count(), undone.count()),
    }.get(stage_of(row), (entries.filter(kind="new", applied_at__isnull=False).count(), counts["new"]))
    return Import(
        id=row.pk,
        by=row.by,
        name=row.name,
        address=row.address,
        form=row.form,  # type: ignore[arg-type]  # only forms are written
        stage=stage_of(row),
        created_at=row.created_at,
        done=done,
        total=total,
        counts=counts,
        noted=entries.filter(kind="new").exclude(notes=[]).count(),
        failed=entries.filter(kind="new", applied_at__isnull=False, announcement_id=None, undone_at=None).count(),
        kept=undone.filter(announcement_id__isnull=False).count(),
        moved_at=row.touched_at,
        finished_at=row.finished_at,
        undo_until=row.finished_at + KEPT if row.finished_at else None,
        fault=row.fault,
    )


def as_entry(row: models.Entry) -> Entry:
    """Return the value of a row."""
    return Entry(
        number=row.number,
        name=row.name,
        kind=row.kind,  # type: ignore[arg-type]  # one of its choices
        title=row.title,
        author=row.author,
        published_at=row.published_at,
        notes=tuple(row.notes),
        problems=tuple(row.problems),
        announcement_id=row.announcement_id,
        applied_at=row.applied_at,
        undone_at=row.undone_at,
        kept=row.undone_at is not None and row.announcement_id is not None,
    )
