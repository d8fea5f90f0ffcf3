"""The schedule that something had before it was published for some seconds, so that undoing brings it back."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from announcements.publishing import models


def kept(row: models.Announcement, now: datetime) -> dict[str, Any]:
    """Return the schedule of a row as JSON, for when it leaves it; empty where it has none that is still to come."""
    if row.schedule_before:
        return dict(row.schedule_before)  # it was leaving already
    if row.scheduled_for is None or row.scheduled_for <= now:
        return {}
    return {
        "scheduled_for": row.scheduled_for.isoformat(),
        "scheduled_by": row.scheduled_by,
        "clock_day": row.clock_day.isoformat() if row.clock_day else None,
        "clock_time": row.clock_time.isoformat() if row.clock_time else None,
    }


def before(row: models.Announcement, now: datetime) -> dict[str, Any]:
    """Return as columns the schedule that a row had before; empty where there was none, or its time has passed."""
    had = row.schedule_before
    if not had or datetime.fromisoformat(had["scheduled_for"]) <= now:
        return {}
    return {
        "scheduled_for": datetime.fromisoformat(had["scheduled_for"]),
        "scheduled_by": had["scheduled_by"],
        "clock_day": date.fromisoformat(had["clock_day"]) if had["clock_day"] else None,
        "clock_time": time.fromisoformat(had["clock_time"]) if had["clock_time"] else None,
    }
