"""Going on with an import, a batch at a time. Each batch is one transaction: killed anywhere, the rows say what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import _applying, _checking, _inviting, _matching, _missing, _reading, _said, events, models
from announcements.roster._values import UNDO, stage_of

BATCH = 1000
READ_AT_ONCE = 10_000
CHECKED = ["kind", "values", "person_id", "changes", "joins", "creates", "problems"]


def work(*, import_id: int, most: int = BATCH, now: datetime) -> bool:
    """Do the next batch of an import, at most so many rows; return whether there may be more. Twice changes nothing."""
    try:
        with transaction.atomic():
            imported = models.Import.objects.select_for_update().filter(pk=import_id).first()
            if imported is None or (step := _STEPS.get(stage_of(imported))) is None:
                return False
            more = step(imported, most, now)
            models.Import.objects.filter(pk=import_id).update(touched_at=now)
            return more
    except errors.Refused as refusal:
        # Whoever acts may no longer, or what was checked no longer holds: it stops, and says why.
        models.Import.objects.filter(pk=import_id).update(fault=str(refusal)[:400], touched_at=now)
        return False


def waiting(*, now: datetime) -> list[int]:
    """Return the imports that have something to do and nobody works on, the longest waiting first."""
    left_alone = timedelta(seconds=2 * settings.SWEEP_SECONDS)
    rows = models.Import.objects.filter(models.BUSY, touched_at__lte=now - left_alone)
    return list(rows.order_by("touched_at", "id").values_list("pk", flat=True))


def stopped(*, by: int, now: datetime) -> list[datetime]:
    """Return since when each import of one's workspace has stopped or stood still, of the last week; raise Forbidden unless admin or owner."""
    left_alone = timedelta(seconds=8 * settings.SWEEP_SECONDS)
    stands = (~Q(fault="") & Q(read_at__isnull=False)) | (models.BUSY & Q(touched_at__lte=now - left_alone))
    mine = models.Import.objects.there().filter(workspace_id=people.acting_admin(by=by).workspace_id, undone_at=None)
    found = mine.filter(stands, touched_at__gt=now - UNDO)
    return list(found.order_by("-id").values_list("touched_at", flat=True))


def _read(imported: models.Import, most: int, now: datetime) -> bool:
    header, rows = _reading.read(bytes(imported.upload.content))
    there = imported.lines.count()
    # The line a row begins on may be far from its place among the rows: rows are numbered as a spreadsheet does.
    part = list(enumerate(rows, start=2))[there : there + max(most, READ_AT_ONCE)]
    models.ImportRow.objects.bulk_create(
        [models.ImportRow(imported=imported, number=number, cells=cells) for number, (_line, cells) in part],
        batch_size=2000,
    )
    imported.rows = len(rows)
    done = there + len(part) == len(rows)
    if done:
        imported.header, imported.read_at = header, now
        imported.columns = _matching.guess(imported.workspace_id, header)
        imported.upload.delete()
    imported.save(update_fields=["rows", "header", "read_at", "columns"])
    return not done


def _check(imported: models.Import, most: int, now: datetime) -> bool:
    lines = imported.lines.exclude(kind="missing")
    rows = list(lines.filter(kind="").order_by("number")[: most * 2])
    if not rows:
        _missing.find(imported)
        imported.checked_at = now
        imported.save(update_fields=["checked_at", "spared", "unplaced"])
        return False
    if not lines.exclude(kind="").exists():
        imported.twice = _twice(imported)
        imported.save(update_fields=["twice"])
    columns = imported.columns
    emails = {email for row in rows if (email := _checking.address_of(columns, row))}
    company = _checking.company(imported.acting, list(emails), now)
    for row in rows:
        _checking.Look(row, company, imported.twice).at(columns)
    _applying.save(rows, CHECKED)
    return True


def _twice(imported: models.Import) -> dict[str, int]:
    place = imported.columns.index("email")
    last: dict[str, int] = {}
    seen: Counter[str] = Counter()
    cells = imported.lines.exclude(kind="missing").order_by("number").values_list("number", "cells")
    for number, given in cells.iterator(chunk_size=2000):
        if email := _said.address(given[place]):
            seen[email] += 1
            last[email] = number
    return {email: last[email] for email, many in seen.items() if many > 1}


def _import(imported: models.Import, most: int, now: datetime) -> bool:
    if _applying.apply(imported, most, now) or _inviting.invite(imported, most, now):
        return True
    models.Import.objects.filter(pk=imported.pk).update(finished_at=now)
    written = imported.lines.filter(applied_at__isnull=False, fault="")
    note(imported, "import_finished", {kind: written.filter(kind=kind).count() for kind in ("new", "updated", "missing")}, now)  # fmt: skip
    return False


def _undo(imported: models.Import, most: int, now: datetime) -> bool:
    if _applying.undo(imported, now):
        return True
    _applying.close_groups(imported, now)
    models.Import.objects.filter(pk=imported.pk).update(undone_at=now)
    done = imported.lines.filter(undone_at__isnull=False)
    note(
        imported, "import_undone", {"rows": done.filter(fault="").count(), "kept": done.exclude(fault="").count()}, now
    )
    return False


_STEPS = {"reading": _read, "checking": _check, "importing": _import, "undoing": _undo}


def note(imported: models.Import, verb: str, details: Mapping[str, object], now: datetime) -> None:
    """Tell what was done for the trail."""
    events.noted.send(
        sender=None, workspace_id=imported.workspace_id, by=imported.acting, verb=verb, subject=f"import:{imported.pk}",
        details={"file": imported.file_name, **details}, at=now,
    )  # fmt: skip
