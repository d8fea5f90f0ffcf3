"""What roster keeps about somebody, for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from announcements.people import services as people
from announcements.roster import models
from announcements.roster._values import Stage, stage_of


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What a list said of somebody: each cell with its column's name, what was taken of it, what that changed (from what to what)."""

    import_id: int
    file_name: str
    imported_by: int
    imported_by_name: str
    uploaded_at: datetime
    number: int
    kind: str
    cells: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]
    changes: Mapping[str, tuple[str, str]]
    applied_at: datetime | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredImport:
    """That somebody uploaded a list."""

    import_id: int
    file_name: str
    uploaded_at: datetime
    rows: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Stored:
    """What roster keeps about somebody, oldest first: rows about them, lists they uploaded."""

    rows: tuple[StoredRow, ...]
    imports: tuple[StoredImport, ...]


def stored(*, by: int, operator: bool = False) -> Stored:
    """Return what is kept about oneself, by id and, where a list has yet to be imported, by address; `operator` as people tells it."""
    person = people.told(by=by, operator=operator)
    imports = models.Import.objects.filter(workspace_id=person.workspace_id)
    about = Q(person_id=by) | Q(person_id=None, values__email=person.email)
    rows = list(models.ImportRow.objects.filter(about, imported__in=imports).select_related("imported"))
    names = people.get_many(ids={row.imported.by for row in rows})
    return Stored(
        rows=tuple(_row(one, names) for one in sorted(rows, key=lambda row: (row.imported_id, row.number))),
        imports=tuple(_import(one) for one in imports.filter(by=by).order_by("id")),
    )


def _row(row: models.ImportRow, names: Mapping[int, people.Person]) -> StoredRow:
    imported = row.imported
    return StoredRow(
        import_id=imported.pk,
        file_name=imported.file_name,
        imported_by=imported.by,
        imported_by_name=names[imported.by].name if imported.by in names else "",
        uploaded_at=imported.created_at,
        number=row.number,
        kind=row.kind,
        cells=tuple(zip(imported.header, row.cells, strict=False)),
        values=row.values,
        changes={name: (before, after) for name, (before, after) in row.changes.items()},
        applied_at=row.applied_at,
        undone_at=row.undone_at,
    )


def _import(row: models.Import) -> StoredImport:
    return StoredImport(
        import_id=row.pk, file_name=row.file_name, uploaded_at=row.created_at, rows=row.rows, stage=stage_of(row)
    )
