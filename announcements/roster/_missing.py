"""Who is missing from a list: whom no row names, nor may name where its address says nothing."""

from __future__ import annotations

from collections.abc import Mapping

from announcements.people import services as people
from announcements.roster import _checking, _said, models


def find(imported: models.Import) -> None:
    """Write down who is missing, how many are not because a row may name them, and how many rows may name anybody."""
    lines = imported.lines.exclude(kind="missing")
    named = set(lines.values_list("person_id", flat=True))
    unnamed = people.get_many(ids=people.all_but_owners(by=imported.acting) - named)
    spared = _spare(imported, unnamed)
    imported.spared = len(spared)
    _write_down(imported, {id: one for id, one in unnamed.items() if id not in spared})


def _spare(imported: models.Import, unnamed: Mapping[int, people.Person]) -> set[int]:
    """Return whom the rows without an address may name: by the address that was likely meant, or by their name."""
    rows = imported.lines.filter(kind__in=["problem", "skipped"], person_id=None).order_by("number")
    place = imported.columns.index("email")
    unclear = [row for row in rows.iterator() if _checking.address_of(imported.columns, row) is None]
    likely = {row.number: _said.likely_address(row.cells[place]) for row in unclear}
    known = people.get_by_email(emails=[one for one in likely.values() if one], workspace_id=imported.workspace_id)
    by_name: dict[str, set[int]] = {}
    for one in unnamed.values() if unclear else ():
        by_name.setdefault(people.tidy_name(name=one.name), set()).add(one.id)
    spared: set[int] = set()
    imported.unplaced = 0
    for row in unclear:
        meant = known.get(likely[row.number] or "")
        may_be = {meant.id} if meant else by_name.get(people.tidy_name(name=row.values["name"]), set())
        spared |= may_be & unnamed.keys()
        imported.unplaced += row.kind == "problem" and not may_be
    return spared


def _write_down(imported: models.Import, missing: Mapping[int, people.Person]) -> None:
    noted = imported.lines.filter(kind="missing")
    if set(noted.values_list("person_id", flat=True)) == missing.keys():
        return
    noted.delete()
    persons = sorted(missing.values(), key=lambda person: (person.name, person.id))
    models.ImportRow.objects.bulk_create(
        [
            models.ImportRow(
                imported=imported, number=-place, kind="missing", person_id=one.id,
                values={"name": one.name, "email": one.email},
            )
            for place, one in enumerate(persons, start=1)
        ],
        batch_size=1000,
    )  # fmt: skip
