"""The values and errors of the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Literal

from announcements.kernel import errors
from announcements.porting import models

KEPT = timedelta(days=7)
Stage = Literal["working", "ready", "failed", "gone"]


class NotReady(errors.Conflict):
    """It has no file: not yet, or not any more."""

    code = "not_ready"


@dataclass(frozen=True, slots=True)
class Export:
    """All announcements as a file, and how far it has come: `done` of `total` announcements; `size` in bytes."""

    id: int
    by: int
    stage: Stage
    asked_at: datetime
    done: int
    total: int
    size: int
    ready_at: datetime | None
    kept_until: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class File:
    """An export's zip, open to be read and closed by who reads it."""

    name: str
    size: int
    content: IO[bytes]


def as_export(row: models.Export) -> Export:
    """Return the value of a row."""
    return Export(
        id=row.pk,
        by=row.by,
        stage=_stage(row),
        asked_at=row.asked_at,
        done=row.done,
        total=row.total,
        size=row.size,
        ready_at=row.ready_at,
        kept_until=row.ready_at + KEPT if row.ready_at else None,
        fault=row.fault,
    )


def _stage(row: models.Export) -> Stage:
    if row.fault:
        return "failed"
    if row.removed_at:
        return "gone"
    return "ready" if row.ready_at else "working"
