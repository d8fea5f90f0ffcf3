"""The time that is chosen for a draft: kept with it, and no more than a wish until it is scheduled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.publishing import models
from announcements.publishing._values import When, as_planned

NO_TIME: dict[str, Any] = {"planned_at": None, "planned_day": None, "planned_time": None}


def checked(when: When | None, earliest: datetime, latest: datetime) -> When | None:
    """Return a time that may be kept, which may have passed; raise Invalid for two at once and for one that no clock tells."""
    if when is None:
        return None
    if when.at and when.own_clock:
        raise errors.Invalid({"planned": [_("Choose an instant, or a day and time on each reader's own clock.")]})
    day = when.own_clock.day if when.own_clock else (when.at or earliest).date()
    if not earliest.date() <= day <= latest.date():
        raise errors.Invalid({"planned": [_("Choose a date at most five years ahead.")]})
    return when


def columns(when: When | None) -> dict[str, Any]:
    """Return a time as columns of the table."""
    clock = when.own_clock if when else None
    return {
        "planned_at": when.at if when else None,
        "planned_day": clock.day if clock else None,
        "planned_time": clock.time if clock else None,
    }


def to_come(row: models.Announcement, now: datetime) -> dict[str, Any]:
    """Return as columns the time that is chosen for a row, where it is still to come on every clock; else none."""
    when = as_planned(row)
    first = when and when.first()
    return columns(when if first and first > now else None)
