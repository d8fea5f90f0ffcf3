"""Before it goes out: what would keep it from going out, and what its author usually writes."""

from __future__ import annotations

from datetime import datetime
from statistics import median

from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.publishing import _checks, _images, _pinning, models
from announcements.publishing import _rights as rights
from announcements.publishing._values import AlreadyPublished, Announcement, Draft, When, as_announcement, as_own_clock

LATELY = 20


def obstacles(*, announcement_id: int, by: int, when: When | None = None, now: datetime) -> dict[str, list[str]]:
    """Return, by field, what would keep a draft from going out: the rules of publishing itself, asked beforehand.

    Without `when` it is asked for its schedule, or for now. Raises NotFound, NotAuthor or AlreadyPublished.
    """
    row = rights.own(announcement_id, by, now)
    if row.published_at:
        raise AlreadyPublished(_("This is published already."))
    clock = as_own_clock(row)
    chosen = when or When(at=None if clock else row.scheduled_for, own_clock=clock)
    now_full = {} if chosen.at or chosen.own_clock else _pinning.obstacle(row, now)
    return now_full | _refused(row, by, chosen, now)


def _refused(row: models.Announcement, by: int, chosen: When, now: datetime) -> dict[str, list[str]]:
    try:
        first = _checks.may_go_out(row, by, chosen, now)
        if chosen.at or chosen.own_clock:
            _checks.still_to_come(chosen, first, now)
    except errors.Invalid as problem:
        return problem.fields
    except people.AudienceNotYours as problem:
        return {"audience": [problem.message]}
    return {}


def as_if(*, announcement_id: int, by: int, draft: Draft, now: datetime) -> Announcement:
    """Return what an announcement would be with what a draft says, to look at; nothing is kept. Raises NotFound, NotAuthor or Invalid."""
    row = rights.own(announcement_id, by, now)
    for name, value in _checks.columns(draft, row.workspace_id, now).items():
        setattr(row, name, value)
    _images.may_show(row, row.body, by=by, now=now)
    return as_announcement(row)


def usual_minutes(*, person_id: int) -> float | None:
    """Return the median of the minutes that somebody's latest announcements take; None before the first."""
    rows = models.Announcement.objects.filter(author_id=person_id, published_at__isnull=False)
    bodies = rows.order_by("-published_at", "-id").values_list("body", flat=True)[:LATELY]
    minutes = [text.reading_minutes(body) for body in bodies]
    return median(minutes) if minutes else None
