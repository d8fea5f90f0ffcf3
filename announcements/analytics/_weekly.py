"""How long reading took, added up by the week of publishing: a year of it is some thousand rows, whatever was said in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta

from announcements.analytics import models

Key = tuple[int, date, str]


def key(kept: models.Kept) -> Key | None:
    """Return which sums an announcement is part of; what was withdrawn is part of none."""
    day = kept.published_at.astimezone(UTC).date()
    return None if kept.withdrawn else (kept.workspace_id, day - timedelta(days=day.weekday()), kept.kind)


def add(kept: models.Kept, paces: Mapping[int, Mapping[int, int]]) -> None:
    """Add what changed of an announcement: of each group how many read it within so many minutes. The caller holds the book."""
    if mine := key(kept):
        change = {(group_id, minutes): many for group_id, each in paces.items() for minutes, many in each.items()}
        _write(mine, change)


def move(announcement_id: int, before: Key | None, after: Key | None) -> None:
    """Take all that an announcement adds from some sums to others. The caller holds the book."""
    if before == after:
        return
    tallies = models.Tally.objects.filter(announcement_id=announcement_id).values_list("group_id", "pace")
    all_of_it = {(group_id, int(minutes)): many for group_id, pace in tallies for minutes, many in pace.items()}
    if before:
        _write(before, {step: -many for step, many in all_of_it.items()})
    if after:
        _write(after, all_of_it)


def _write(mine: Key, change: Mapping[tuple[int, int], int]) -> None:
    workspace_id, week, kind = mine
    there = models.Pace.objects.filter(
        workspace_id=workspace_id, week=week, kind=kind, group_id__in={group_id for group_id, _minutes in change}
    )
    rows = {(row.group_id, row.minutes): row for row in there}
    for (group_id, minutes), many in change.items():
        new = models.Pace(workspace_id=workspace_id, week=week, kind=kind, group_id=group_id, minutes=minutes)
        rows.setdefault((group_id, minutes), new).many += many
    models.Pace.objects.bulk_create(
        [rows[step] for step in change],
        update_conflicts=True,
        unique_fields=["workspace_id", "week", "group_id", "kind", "minutes"],
        update_fields=["many"],
    )
