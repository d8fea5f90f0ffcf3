"""Who may see an image: whoever may read what shows it."""

from __future__ import annotations

from datetime import datetime

from announcements.delivery import _receipts
from announcements.kernel import errors
from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing


def image(*, by: int, key: str, now: datetime, as_reader: bool = False) -> media.Image:
    """Return an image to its uploader, to who manages an announcement that shows or has shown it, and to readers of one that shows it now.

    `as_reader` leaves out the first two: what somebody may see as a reader alone. Raises NotFound for everybody else. Of a withdrawn announcement readers keep title and reason, and no image.
    """
    found = media.get(key=key)
    person = people.person(person_id=by)
    if person.state != "active" or found.workspace_id != person.workspace_id:
        raise errors.NotFound
    if found.uploader_id == by and not as_reader:
        return found
    uses = media.uses(key=key)
    if not as_reader and publishing.managed(by=by, ids=[use.announcement_id for use in uses], now=now):
        return found
    if any(use.current and _reads(by, use.announcement_id, now) for use in uses):
        return found
    raise errors.NotFound


def _reads(by: int, announcement_id: int, now: datetime) -> bool:
    try:
        readable = _receipts.readable(by=by, announcement_id=announcement_id, now=now)
    except errors.NotFound:
        return False
    return readable.announcement.withdrawn_at is None
