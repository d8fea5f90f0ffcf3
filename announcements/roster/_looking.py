"""Looking at imports: how far they have come, and what their rows say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q

from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import _applying, models
from announcements.roster._values import KINDS, UNDO, Import, Kind, Problem, ProblemCount, Row, stage_of

SAMPLES = 3


def of(by: int, import_id: int, *, locked: bool = False) -> models.Import:
    """Return an import of one's workspace; raise NotFound, then Forbidden."""
    rows = models.Import.objects.there().filter(workspace_id=people.acting(by=by).workspace_id, pk=import_id)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise errors.NotFound
    people.acting_admin(by=by)
    return row


def imports(*, by: int, before: int | None = None, limit: int = 50) -> list[Import]:
    """Return the workspace's imports, the newest first, before the one with that id; raise Forbidden unless admin or owner."""
    rows = models.Import.objects.there().filter(workspace_id=people.acting_admin(by=by).workspace_id)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return [as_import(row) for row in rows.order_by("-id")[:limit]]


def get(*, by: int, import_id: int) -> Import:
    """Return an import; raise Forbidden or NotFound."""
    return as_import(of(by, import_id))


def rows(*, by: int, import_id: int, kind: Kind | None = None, after: int | None = None, limit: int = 50) -> list[Row]:
    """Return rows of an import, of one kind when asked for, by number after the cursor; raise Forbidden or NotFound."""
    found = of(by, import_id).lines.exclude(kind="")
    found = found.filter(kind=kind) if kind else found
    found = found if after is None else found.filter(number__gt=after)
    lines = list(found.order_by("number")[:limit])
    names = people.group_names(workspace_id=of(by, import_id).workspace_id) if any(one.joins for one in lines) else {}
    return [_as_row(one, names) for one in lines]


def _as_row(row: models.ImportRow, names: dict[int, str]) -> Row:
    return Row(
        number=row.number,
        kind=row.kind,  # type: ignore[arg-type]  # one of its choices
        person_id=row.person_id,
        values=row.values,
        changes={name: (before, after) for name, (before, after) in row.changes.items()},
        groups=tuple(dict.fromkeys([*(names.get(group_id, "") for group_id in row.joins), *row.creates])),
        problems=tuple(Problem(**one) for one in row.problems),
        applied_at=row.applied_at,
        undone_at=row.undone_at,
        fault=row.fault,
    )


def as_import(row: models.Import) -> Import:
    """Return the value of a row, with its counts."""
    stage = stage_of(row)
    came_to = row.tally or tally(row)
    samples = row.lines.filter(number__gt=0).order_by("number").values_list("cells", flat=True)
    return Import(
        id=row.pk,
        by=row.by,
        file_name=row.file_name,
        stage=stage,
        created_at=row.created_at,
        header=tuple(row.header),
        columns=tuple(row.columns),
        samples=tuple(tuple(cells) for cells in samples[:SAMPLES]) if stage == "matching" else (),
        rows=row.rows,
        done=came_to["done"],
        total=came_to["total"],
        counts=came_to["counts"],
        problems=_problems(row) if stage == "checked" and came_to["counts"]["problem"] else (),
        failed=came_to["failed"],
        kept=came_to["kept"],
        deactivates=row.deactivates,
        spared=row.spared,
        unplaced=row.unplaced,
        invites=row.invites,
        moved_at=row.touched_at,
        finished_at=row.finished_at,
        undo_until=row.finished_at + UNDO if row.finished_at else None,
        forgotten_at=row.forgotten_at or row.forgetting_at,
        fault=row.fault,
    )


def tally(row: models.Import) -> dict[str, Any]:
    """Return what an import's rows come to: how many of each kind, how far they are, which could not be written or undone."""
    counts = dict.fromkeys(KINDS, 0)
    counts |= dict(row.lines.exclude(kind="").values_list("kind").annotate(Count("pk")).order_by())
    done, total = _progress(row, counts)
    stayed = row.lines.exclude(fault="")
    failed, kept = stayed.filter(undone_at=None).count(), stayed.exclude(undone_at=None).count()
    return {"counts": counts, "done": done, "total": total, "failed": failed, "kept": kept}


def _progress(row: models.Import, counts: dict[str, int]) -> tuple[int, int]:
    if row.matched_at is None:
        return row.lines.count(), row.rows
    if row.started_at is None:
        return sum(counts.values()) - counts["missing"], row.rows
    applied = row.lines.filter(applied_at__isnull=False)
    if row.undo_started_at is None:
        done = applied.count()
        return done, done + _applying.due(row).count()
    return applied.filter(undone_at__isnull=False).count(), applied.filter(Q(fault="") | ~Q(undone_at=None)).count()


def _problems(row: models.Import) -> tuple[ProblemCount, ...]:
    many: Counter[str] = Counter()
    proposed: Counter[str] = Counter()
    found: Collection[list[dict[str, str | None]]] = row.lines.filter(kind="problem").values_list("problems", flat=True)
    for problems in found:
        kinds = {str(one["kind"]) for one in problems}
        many.update(kinds)
        proposed.update(kinds - {str(one["kind"]) for one in problems if one["proposal"] is None})
    return tuple(ProblemCount(kind, rows, proposed[kind]) for kind, rows in sorted(many.items()))
