"""The door of roster: the list of people as a file, imported after a check, undone, exported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.roster import _applying, _checking, _looking, _matching, _reading, _rights, events, models
from announcements.roster._erasing import erase
from announcements.roster._export import export
from announcements.roster._forgetting import forget, over
from announcements.roster._looking import get, imports, rows
from announcements.roster._matching import FIELDS
from announcements.roster._reading import MOST_BYTES, Unreadable
from announcements.roster._stored import Stored, StoredImport, StoredRow, stored
from announcements.roster._values import (
    KINDS,
    UNDO,
    Decision,
    Do,
    Import,
    Kind,
    NotNow,
    Problem,
    ProblemCount,
    Row,
    Stage,
    Unplaced,
    stage_of,
)
from announcements.roster._working import note, stopped, waiting, work

__all__ = [
    "FIELDS",
    "KINDS",
    "UNDO",
    "MOST_BYTES",
    "Decision",
    "Do",
    "Import",
    "Kind",
    "NotNow",
    "Problem",
    "ProblemCount",
    "Row",
    "Stage",
    "Stored",
    "StoredImport",
    "StoredRow",
    "Unplaced",
    "Unreadable",
    "decide",
    "erase",
    "export",
    "forget",
    "get",
    "imports",
    "match",
    "over",
    "rows",
    "start",
    "stopped",
    "stored",
    "undo",
    "upload",
    "waiting",
    "work",
]


@transaction.atomic
def upload(*, by: int, file_name: str, content: bytes, now: datetime) -> Import:
    """Take a file in; its rows are read in the background. Raise Forbidden, or Unreadable for what cannot be a list."""
    admin = people.acting_admin(by=by)
    _reading.check(content)
    row = models.Import.objects.create(
        workspace_id=admin.workspace_id, by=by, acting=by, file_name=text.one_line(file_name)[:120] or _("a file"),
        created_at=now, touched_at=now,
    )  # fmt: skip
    models.Upload.objects.create(imported=row, content=content)
    events.work_due.send(sender=None, import_id=row.pk)
    return _looking.as_import(row)


@transaction.atomic
def match(*, by: int, import_id: int, columns: Sequence[str], now: datetime) -> Import:
    """Say what each column holds, and check all rows by it; what was decided before is forgotten.

    Raises Forbidden, NotFound, NotNow, or Invalid on `columns`.
    """
    row = _at(by, import_id, ("matching", "checking", "checked"))
    row.columns = _matching.checked(row.header, columns)
    _matching.remember(row.workspace_id, row.header, row.columns)
    row.matched_at, row.checked_at, row.acting, row.touched_at = now, None, by, now
    row.save(update_fields=["columns", "matched_at", "checked_at", "acting", "touched_at"])
    row.lines.filter(kind="missing").delete()
    row.lines.update(kind="", decisions={})
    events.work_due.send(sender=None, import_id=row.pk)
    return _looking.as_import(row)


@transaction.atomic
def decide(*, by: int, import_id: int, decision: Decision, now: datetime) -> Import:
    """Decide about a problem, and check its rows again.

    Raises Forbidden, NotFound, NotNow, or Invalid on `value`, `row` or `problem`.
    """
    imported = _at(by, import_id, ("checked",))
    kept: dict[str, str] = {"do": decision.do}
    if decision.do == "choose":
        groups = {
            people.tidy_name(name=one.name): (one.id, one.rule is not None) for one in people.groups(by=by, at=now)
        }
        refused = _("This cannot be used here. Choose another value, or skip the row.")
        kept["value"] = _checking.chosen(decision.problem, decision.value, groups, refused)
    about = _about(imported, decision)
    if not about:
        field = "problem" if decision.row is None else "row"
        raise errors.Invalid({field: [_("No row has this problem any more.")]})
    for one in about:
        one.decisions[decision.problem] = kept
        one.kind = ""
    _applying.save(about, ["decisions", "kind"])
    imported.checked_at, imported.acting, imported.touched_at = None, by, now
    imported.save(update_fields=["checked_at", "acting", "touched_at"])
    events.work_due.send(sender=None, import_id=imported.pk)
    return _looking.as_import(imported)


def _about(imported: models.Import, decision: Decision) -> list[models.ImportRow]:
    """Return the rows that a decision is about; for one row it may be another decision than before."""
    lines = imported.lines.exclude(kind="missing")
    asked = lines.filter(kind="problem") if decision.row is None else lines.filter(number=decision.row)
    kind = decision.problem
    return [one for one in asked if kind in one.decisions or any(said["kind"] == kind for said in one.problems)]


@transaction.atomic
def start(
    *, by: int, import_id: int, deactivate_missing: bool = False, invite_new: bool = False, owners: bool = True, now: datetime
) -> Import:  # fmt: skip
    """Import what was checked, in the background; one that stopped goes on as it began. Rows with a problem are left out.

    With `invite_new` those whom it adds are asked in once all are. Without `owners` it may make none. Raises Forbidden (only
    owners deactivate who is missing, make owners and let people in again), NotFound, NotNow, or Unplaced.
    """
    row = _at(by, import_id, ("checked", "stopped"))
    if row.undo_started_at:
        raise NotNow(_("This import is being undone."))
    first = row.started_at is None
    if first:
        row.deactivates, row.invites = deactivate_missing, invite_new
    _rights.check_start(row, by, owners=owners)
    row.started_at, row.acting, row.fault, row.touched_at = row.started_at or now, by, "", now
    row.save(update_fields=["started_at", "acting", "fault", "touched_at", "deactivates", "invites"])
    if first:
        chosen = {"rows": row.rows, "deactivates": row.deactivates, "invites": row.invites}
        note(row, "import_started", chosen, now)
    events.work_due.send(sender=None, import_id=row.pk)
    return _looking.as_import(row)


@transaction.atomic
def undo(*, by: int, import_id: int, now: datetime) -> Import:
    """Take back, in the background, what an import changed where nobody changed it since; within seven days.

    Raises Forbidden, NotFound, or NotNow.
    """
    row = _at(by, import_id, ("imported", "stopped"))
    if row.started_at is None or now > (row.finished_at or row.started_at) + UNDO:
        raise NotNow(_("An import can be undone for seven days after it."))
    _rights.check_undo(row, by)
    row.undo_started_at, row.acting, row.fault, row.touched_at = row.undo_started_at or now, by, "", now
    row.save(update_fields=["undo_started_at", "acting", "fault", "touched_at"])
    events.work_due.send(sender=None, import_id=row.pk)
    return _looking.as_import(row)


def _at(by: int, import_id: int, stages: Sequence[Stage]) -> models.Import:
    row = _looking.of(by, import_id, locked=True)
    if row.forgetting_at:
        raise NotNow(_("What this list said was let go, seven days after anything was done with it."))
    if stage_of(row) not in stages:
        raise NotNow(_("This import has moved on, or has not come so far. Load the page again."))
    return row
