"""The values and errors of the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from announcements.kernel import errors
from announcements.roster import models

Stage = Literal[
    "reading", "matching", "checking", "checked", "importing", "imported", "undoing", "undone", "unreadable", "stopped"
]
Kind = Literal["new", "updated", "unchanged", "problem", "skipped", "missing"]
Do = Literal["use", "choose", "skip"]
UNDO = timedelta(days=7)
KINDS: tuple[str, ...] = get_args(Kind)


class NotNow(errors.Conflict):
    """The import has not come so far, or is past it."""

    code = "not_now"


class Unplaced(errors.Conflict):
    """Rows without a usable address may name anybody: nobody can be said to be missing."""

    code = "unplaced"


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way of a row. `proposal` is what "use" would take; None when there is none.

    `others` is how many colleagues at the same location have the proposed time zone.
    """

    kind: str
    value: str
    proposal: str | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a kind of problem: of one row, or of all that have it. "use" takes what is proposed, "choose" `value`."""

    problem: str
    do: Do
    value: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: what it says, what that would change or changed (each field from what to what), what stands in the way."""

    number: int
    kind: Kind
    person_id: int | None
    values: Mapping[str, Any]
    changes: Mapping[str, tuple[str, str]]
    groups: tuple[str, ...]
    problems: tuple[Problem, ...]
    applied_at: datetime | None
    undone_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How many rows have a kind of problem that nobody has decided yet, and for how many of them a fix is proposed."""

    kind: str
    rows: int
    proposed: int


@dataclass(frozen=True, slots=True)
class Import:
    """A file with people and how far it has come. `done` of `total` rows of the step that runs, which last moved at `moved_at`.

    `spared` people are not counted as missing because a row without a usable address may name them; `unplaced` such rows
    may name anybody.
    Once it is forgotten its rows are gone; the counts are those of then.
    """

    id: int
    by: int
    file_name: str
    stage: Stage
    created_at: datetime
    header: tuple[str, ...]
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    rows: int
    done: int
    total: int
    counts: Mapping[str, int]
    problems: tuple[ProblemCount, ...]
    failed: int
    kept: int
    deactivates: bool
    spared: int
    unplaced: int
    invites: bool
    moved_at: datetime
    finished_at: datetime | None
    undo_until: datetime | None
    forgotten_at: datetime | None
    fault: str


def stage_of(row: models.Import) -> Stage:
    """Return the step that an import's times add up to."""
    if row.fault:
        return "unreadable" if row.read_at is None else "stopped"
    steps: list[tuple[datetime | None, Stage]] = [
        (row.undone_at, "undone"),
        (row.undo_started_at, "undoing"),
        (row.finished_at, "imported"),
        (row.started_at, "importing"),
        (row.checked_at, "checked"),
        (row.matched_at, "checking"),
        (row.read_at, "matching"),
    ]
    return next((stage for at, stage in steps if at), "reading")
