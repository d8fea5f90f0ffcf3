"""What many announcements come to by the week of publishing: a year of it is some thousand rows, whatever was said in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Model

from announcements.analytics import models
from announcements.analytics._counting import funnel
from announcements.analytics._shares import EVERYBODY

# What names a row of each table, and what is counted in it.
KEYS: Mapping[type[Model], tuple[str, ...]] = {
    models.Pace: ("workspace_id", "week", "group_id", "kind", "minutes"),
    models.Sum: ("workspace_id", "week", "group_id", "kind", "shown"),
    models.Sent: ("workspace_id", "week", "group_id", "shown", "origins"),
    models.Length: ("workspace_id", "week", "minutes"),
}
Row = tuple[type[Model], tuple[object, ...]]
Added = Counter[tuple[Row, str]]


def monday(at: datetime, timezone: str) -> date:
    """Return the first day of a week on a company's clock."""
    day = at.astimezone(ZoneInfo(timezone)).date()
    return day - timedelta(days=day.weekday())


def origins_of(announcement_id: int) -> tuple[int, ...]:
    """Return the groups its author belonged to."""
    rows = models.Origin.objects.filter(announcement_id=announcement_id)
    return tuple(rows.order_by("group_id").values_list("group_id", flat=True))


def all_of(kept: models.Kept | None) -> Added:
    """Return all that an announcement adds as it stands."""
    if kept is None or kept.week is None:
        return Added()
    tallies = list(models.Tally.objects.filter(announcement_id=kept.announcement_id))
    origins = origins_of(kept.announcement_id)
    return adds(kept, origins, tallies) + length(kept, origins, tallies)


def adds(kept: models.Kept, origins: Sequence[int], tallies: Iterable[models.Tally]) -> Added:
    """Return what these tallies add."""
    found = Added()
    if kept.week is None:
        return found
    for tally in tallies:
        where = (kept.workspace_id, kept.week, tally.group_id)
        of_week: Row = (models.Sum, (*where, kept.kind, tally.shown))
        found.update({(of_week, name): many for name, many in _summed(kept, tally).items() if many})
        if not kept.withdrawn:
            for column, paces in (("many", tally.pace), ("wall", tally.wall)):
                steps = {(models.Pace, (*where, kept.kind, int(minutes))): many for minutes, many in paces.items()}
                found.update({(step, column): many for step, many in steps.items()})
        if tally.recipients and kept.everyone == (tally.group_id == EVERYBODY):
            sent: Row = (models.Sent, (*where, tally.shown, " ".join(map(str, origins))))
            found.update({(sent, name): many for name, many in _sent(kept, tally).items() if many})
    return found


def _summed(kept: models.Kept, tally: models.Tally) -> dict[str, int]:
    _displayed, _opened, read = funnel(tally)
    counted = {
        "recipients": tally.recipients,
        "minutes": tally.recipients * kept.minutes,
        "at_work": tally.at_work,
        "waiting": 0 if kept.withdrawn else tally.recipients - read,
    }
    if kept.due_at and not kept.withdrawn:
        counted |= {"asked": tally.recipients, "on_time": tally.on_time}
        counted |= {"confirmed": tally.acknowledged, "unprompted": tally.unprompted}
    return counted


def _sent(kept: models.Kept, tally: models.Tally) -> dict[str, int]:
    _displayed, opened, read = funnel(tally)
    return {
        "announcements": 1,
        "recipients": tally.recipients,
        "opened": opened,
        "read": read,
        "acknowledged": tally.acknowledged,
        "minutes": tally.recipients * kept.minutes,
    }


def length(kept: models.Kept, origins: Sequence[int], tallies: Iterable[models.Tally]) -> Added:
    """Return what an announcement adds by its length. It went across unless a group of the author's holds all whom it reached."""
    reached = {tally.group_id: tally.recipients for tally in tallies}
    everybody = reached.get(EVERYBODY, 0)
    if kept.week is None or not everybody:
        return Added()
    row: Row = (models.Length, (kept.workspace_id, kept.week, kept.minutes))
    inside = any(reached.get(group_id) == everybody for group_id in origins)
    said = {"announcements": 1, "asking": int(kept.due_at is not None), "across": int(not inside)}
    return Added({(row, name): many for name, many in said.items()})


def write(after: Added, before: Added) -> None:
    """Add what changed. The caller holds the book."""
    change = Added(after)
    change.subtract(before)
    by_table = defaultdict[type[Model], dict[tuple[object, ...], dict[str, int]]](dict)
    for ((table, key), column), many in change.items():
        if many:
            by_table[table].setdefault(key, {})[column] = many
    for table, rows in by_table.items():
        _write(table, rows)


def _write(table: type[Model], change: Mapping[tuple[object, ...], Mapping[str, int]]) -> None:
    names = KEYS[table]
    of_it = {f"{name}__in": {key[at] for key in change} for at, name in enumerate(names[:3])}
    there = {tuple(getattr(row, name) for name in names): row for row in table._default_manager.filter(**of_it)}
    rows = [there.get(key) or table(**dict(zip(names, key, strict=True))) for key in change]
    for row, columns in zip(rows, change.values(), strict=True):
        for column, many in columns.items():
            setattr(row, column, getattr(row, column) + many)
    counted = [field.attname for field in table._meta.concrete_fields if field.attname not in ("id", *names)]
    table._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=list(names), update_fields=counted, batch_size=500
    )
