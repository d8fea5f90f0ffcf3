"""Announcements with all that was ever said in them, as they are taken along."""

from __future__ import annotations

from dataclasses import dataclass

from announcements.people import services as people
from announcements.publishing import models
from announcements.publishing._values import Announcement, Version, as_announcement, as_version


@dataclass(frozen=True, slots=True)
class Whole:
    """An announcement and its versions, oldest first; a draft has none."""

    announcement: Announcement
    versions: tuple[Version, ...]


def count_wholes(*, by: int) -> int:
    """Return how many announcements `wholes` goes through; raise NotFound or Forbidden."""
    return _all(by).count()


def wholes(*, by: int, after: int = 0, limit: int = 50) -> list[Whole]:
    """Return a workspace's announcements, drafts too, by id after the cursor; raise NotFound, or Forbidden unless admin or owner."""
    rows = _all(by).filter(pk__gt=after).order_by("id").prefetch_related("versions")[:limit]
    return [_as_whole(row) for row in rows]


def _all(by: int) -> models.AnnouncementQuerySet:
    rows: models.AnnouncementQuerySet = models.Announcement.objects.kept().filter(
        workspace_id=people.acting_admin(by=by).workspace_id
    )
    return rows


def _as_whole(row: models.Announcement) -> Whole:
    versions = sorted(row.versions.all(), key=lambda version: version.number)
    return Whole(as_announcement(row), tuple(as_version(version) for version in versions))
