"""Writing what was checked, a batch of rows at a time, through the people door; and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from announcements.kernel import bulk
from announcements.people import services as people
from announcements.roster import _inviting, events, models

WRITTEN = ["person_id", "changes", "joins", "applied_at", "fault"]


def save(rows: Sequence[models.ImportRow], fields: Sequence[str]) -> None:
    """Write fields of rows that are there already."""
    bulk.update(models.ImportRow, fields, [(row.pk, *(getattr(row, name) for name in fields)) for row in rows])


def due(imported: models.Import) -> Any:
    """Return the rows that have yet to be imported: those of the file first."""
    kinds = ["new", "updated", *(["missing"] if imported.deactivates else [])]
    return imported.lines.filter(kind__in=kinds, applied_at=None)


def apply(imported: models.Import, most: int, now: datetime) -> bool:
    """Import the next rows, at most so many; return whether there were any. Call with the import locked."""
    by = imported.acting
    rows = list(due(imported).exclude(kind="missing").order_by("number")[:most])
    if not rows:
        rows = list(due(imported).order_by("number")[:most])
        whom = [row.whom() for row in rows]
        gone = people.end_many(by=by, person_ids=whom, through=_through(imported), now=now) if rows else set()
        for row in rows:
            row.applied_at, row.fault = now, "" if row.whom() in gone else "changed"
        save(rows, WRITTEN)
        return bool(rows)
    _create_groups(imported, rows, now)
    _add(imported, [row for row in rows if row.kind == "new"], now)
    _update(imported, [row for row in rows if row.kind == "updated"], now)
    _join(imported, [row for row in rows if not row.fault], now)
    for row in rows:
        row.applied_at = now
    save(rows, WRITTEN)
    return True


def _create_groups(imported: models.Import, rows: Sequence[models.ImportRow], now: datetime) -> None:
    wanted = {people.tidy_name(name=name): name for row in rows for name in row.creates}
    missing = {compared: name for compared, name in wanted.items() if compared not in imported.created_groups}
    if not missing:
        return
    there = {people.tidy_name(name=group.name): group.id for group in people.groups(by=imported.acting, at=now)}
    made = people.create_groups(
        by=imported.acting, names=[missing[one] for one in missing if one not in there], now=now
    )
    for compared, name in missing.items():
        # Somebody may have created it since the check: then it is not ours (below zero) to close when this is undone.
        imported.created_groups[compared] = there.get(compared) or -made[name]
    imported.save(update_fields=["created_groups"])


def _add(imported: models.Import, rows: Sequence[models.ImportRow], now: datetime) -> None:
    if not rows:
        return
    fields = ("email", "name", "title", "location", "timezone", "locale", "role")
    newcomers = [people.Newcomer(**{name: row.values[name] for name in fields if row.values.get(name)}) for row in rows]
    added = people.enter_many(by=imported.acting, newcomers=newcomers, through=_through(imported), now=now)
    for row in rows:
        # The one row that added this address has it; a second one of the same batch finds it taken.
        row.person_id = added.pop(row.values["email"], None)
        row.fault = "" if row.person_id else "taken"


def _update(imported: models.Import, rows: Sequence[models.ImportRow], now: datetime) -> None:
    by, through = imported.acting, _through(imported)
    changes = {row.whom(): {name: pair for name, pair in row.changes.items() if name != "state"} for row in rows}
    updated = people.update_many(by=by, changes=changes, whole=True, through=through, now=now)
    for row in rows:
        row.fault = "changed" if row.whom() in updated.left else ""
    back = [row.whom() for row in rows if "state" in row.changes and not row.fault]
    returned = people.return_many(by=by, person_ids=back, through=through, now=now) if back else set()
    for row in rows:
        if not row.fault:
            row.changes = {name: list(pair) for name, pair in updated.done.get(row.whom(), {}).items()}
        if row.whom() in returned:
            row.changes["state"] = ["deactivated", "active"]


def _join(imported: models.Import, rows: Sequence[models.ImportRow], now: datetime) -> None:
    joins: dict[int, set[int]] = {}
    for row in rows:
        made = [abs(imported.created_groups[people.tidy_name(name=name)]) for name in row.creates]
        row.joins = [*row.joins, *made]
        for group_id in row.joins:
            joins.setdefault(group_id, set()).add(row.whom())
    through = _through(imported)
    started = people.join_many(by=imported.acting, joins=joins, through=through, now=now) if joins else set()
    for row in rows:
        row.joins = [group_id for group_id in row.joins if (group_id, row.whom()) in started]


def undo(imported: models.Import, now: datetime) -> bool:
    """Take back what one batch did, where nobody changed it since; return whether there was one. Call with the import locked."""
    left = imported.lines.filter(applied_at__isnull=False, undone_at=None, fault="")
    first = left.order_by("applied_at").values_list("applied_at", flat=True).first()
    if first is None:
        return False
    rows = list(left.filter(applied_at=first).order_by("number"))
    _take_back(imported, [row for row in rows if row.kind == "new"], now)
    _restore(imported, [row for row in rows if row.kind == "updated"], now)
    _let_in_again(imported, [row for row in rows if row.kind == "missing"], first, now)
    _leave(imported, [row for row in rows if row.kind == "updated"], first, now)
    by_fault: dict[str, list[int]] = {}
    for row in rows:
        by_fault.setdefault(row.fault, []).append(row.pk)
    for fault, ids in by_fault.items():
        imported.lines.filter(pk__in=ids).update(undone_at=now, fault=fault)
    return True


def _take_back(imported: models.Import, rows: Sequence[models.ImportRow], now: datetime) -> None:
    if not rows:
        return
    whom = [row.whom() for row in rows]
    _inviting.tell(events.people_leaving, imported, whom, now)
    gone = people.withdraw_many(by=imported.acting, person_ids=whom, through=_through(imported), now=now)
    stayed = people.get_many(ids=set(whom) - gone)
    for row in rows:
        one = stayed.get(row.whom())
        # Who is gone already is what undoing wants.
        row.fault = "" if one is None else "joined" if one.state == "active" else "changed"


def _restore(imported: models.Import, rows: Sequence[models.ImportRow], now: datetime) -> None:
    by, through = imported.acting, _through(imported)
    again = [row.whom() for row in rows if "state" in row.changes]
    ended = people.end_many(by=by, person_ids=again, through=through, now=now) if again else set()
    back = {
        row.whom(): {name: (after, before) for name, (before, after) in row.changes.items() if name != "state"}
        for row in rows
    }
    updated = people.update_many(by=by, changes=back, through=through, now=now)
    for row in rows:
        if row.whom() in updated.left or ("state" in row.changes and row.whom() not in ended):
            row.fault = "changed"


def _let_in_again(imported: models.Import, rows: Sequence[models.ImportRow], ended: datetime, now: datetime) -> None:
    whom, through = [row.whom() for row in rows], _through(imported)
    back = (
        people.return_many(by=imported.acting, person_ids=whom, deactivated_at=ended, through=through, now=now)
        if rows
        else set()
    )
    for row in rows:
        row.fault = "" if row.whom() in back else "changed"


def _leave(imported: models.Import, rows: Sequence[models.ImportRow], started: datetime, now: datetime) -> None:
    """End the memberships that began then; those of who is gone went with them."""
    pairs = {(group_id, row.whom()) for row in rows for group_id in row.joins}
    through = _through(imported)
    left = (
        people.leave_many(by=imported.acting, leaves=pairs, started_at=started, through=through, now=now)
        if pairs
        else set()
    )
    for row in rows:
        if any((group_id, row.whom()) not in left for group_id in row.joins):
            row.fault = "changed"


def _through(imported: models.Import) -> str:
    """Return what the trail says of each change: that it was this import, or its undoing."""
    return f"{'import_undone' if imported.undo_started_at else 'import'}:{imported.pk}"


def close_groups(imported: models.Import, now: datetime) -> None:
    """Close the groups that the import created and nobody is in any more."""
    ours = [-made for made in imported.created_groups.values() if made < 0]
    people.close_empty_groups(by=imported.acting, group_ids=ours, now=now)
