"""What the trail keeps about somebody, for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from announcements.audit import _entries, models
from announcements.audit._entries import Entry
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at the names of who had yet to confirm an announcement, among them one's own; or, without an announcement,
    took facts about the reading of many along, among them one's own."""

    at: datetime
    by: int | None
    by_name: str
    announcement_id: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What the trail keeps about somebody, oldest first: what they did, what was done to them, who saw their name."""

    entries: tuple[Entry, ...]
    looks: tuple[Look, ...]


def stored(*, by: int, operator: bool = False) -> Stored:
    """Return the entries by and about oneself, and the looks at lists of names that one was on; `operator` as people tells it."""
    person = people.told(by=by, operator=operator)
    rows = _entries.rows(person.workspace_id, _entries.Asked(person_id=by)).order_by("at", "id")
    return Stored(entries=tuple(_entries.with_names(person.workspace_id, list(rows))), looks=_looks(person, operator))


def _looks(person: people.Person, operator: bool) -> tuple[Look, ...]:
    """Find the looks between a delivery to them and their confirmation, or their reading where nothing was asked: then they were on the list."""
    missing = {one.announcement_id: one for one in delivery.stored(by=person.id, operator=operator).deliveries}
    rows = models.Entry.objects.filter(workspace_id=person.workspace_id)
    lists = rows.filter(verb="missing_looked_at", subject="announcement", subject_id__in=missing)
    asked = {id for id, one in publishing.askings(ids=missing).items() if one.ask_acknowledge}
    seen = [row for row in lists if _among(row, person.id) and _within(row, missing)]
    seen += [
        row
        for row in rows.filter(verb="facts_exported")
        if any(_taken(row, one) for id, one in missing.items() if row.details.get("names") == "all" or id in asked)
    ]
    seen.sort(key=lambda row: (row.at, row.pk))
    return tuple(
        Look(
            at=entry.at,
            by=entry.by,
            by_name=entry.by_name,
            announcement_id=entry.subject_id,
            title=str(entry.details.get("title", "")),
        )
        for entry in _entries.with_names(person.workspace_id, seen)
    )


def _taken(row: models.Entry, one: delivery.StoredDelivery) -> bool:
    since = row.details.get("since")
    return one.delivered_at <= row.at and (not since or datetime.fromisoformat(since) <= one.delivered_at)


def _among(row: models.Entry, person_id: int) -> bool:
    """Tell whether a look was at the names of all, or of some and theirs among them."""
    return person_id in row.details.get("person_ids", [person_id])


def _within(row: models.Entry, missing: dict[int, delivery.StoredDelivery]) -> bool:
    one = missing[row.subject_id or 0]
    ended_by = row.details.get("fact", "acknowledged")
    until = next((fact.at for fact in one.facts if fact.fact == ended_by), None)
    return one.delivered_at <= row.at and (until is None or row.at < until)
