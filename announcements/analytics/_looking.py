"""Who may look at the numbers of an announcement, and what the profile lets be seen."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from announcements.people import services as people
from announcements.publishing import services as publishing


def published(*, by: int, announcement_id: int, now: datetime) -> publishing.Announcement:
    """Return an announcement whose numbers `by` may see; raise NotFound, or NotPublished for a draft."""
    # Who may manage an announcement may see its numbers: one rule, and it is publishing's.
    announcement = publishing.find(by=by, announcement_id=announcement_id, now=now)
    if announcement.published_at is None:
        raise publishing.NotPublished(_("This has not been published yet, so there is nothing to count."))
    return announcement


def sent_at(announcement: publishing.Announcement) -> datetime:
    """Return when it was published."""
    return announcement.published_at or announcement.created_at


def privacy_of(announcement: publishing.Announcement) -> people.Privacy:
    """Return the privacy profile of its workspace."""
    return people.workspace(workspace_id=announcement.workspace_id).privacy  # type: ignore[return-value]  # checked on the way in
