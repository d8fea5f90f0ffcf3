"""What an announcement said over time, and what changed between."""

from __future__ import annotations

from datetime import datetime

from announcements.kernel import errors
from announcements.publishing import _rights as rights
from announcements.publishing import models
from announcements.publishing._comparing import Difference, compare
from announcements.publishing._values import Version, as_version


def version_get(*, announcement_id: int, number: int) -> Version:
    """Return one version, for a capability that holds its number; raise NotFound."""
    row = models.Version.objects.filter(announcement_id=announcement_id, number=number).first()
    if row is None:
        raise errors.NotFound
    return as_version(row)


def versions(*, by: int, announcement_id: int, now: datetime) -> list[Version]:
    """Return all versions, oldest first, to who manages it; raise NotFound."""
    found = rights.find(by=by, announcement_id=announcement_id, now=now)
    rows = models.Version.objects.filter(announcement_id=found.id).order_by("number")
    return [as_version(row) for row in rows]


def difference(*, announcement_id: int, since: int, until: int) -> Difference:
    """Return what changed from one version to another, for a capability that holds their numbers; raise NotFound."""
    older = version_get(announcement_id=announcement_id, number=since)
    return compare(older, version_get(announcement_id=announcement_id, number=until))


def compared(*, by: int, announcement_id: int, since: int, until: int, now: datetime) -> Difference:
    """Return what changed from one version to another, to who manages it; raise NotFound."""
    rights.find(by=by, announcement_id=announcement_id, now=now)
    return difference(announcement_id=announcement_id, since=since, until=until)
