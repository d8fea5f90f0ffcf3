"""Going out: now, in a moment, or when its time has come. The row says when; a tick looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import _checks, _drafts, _pinning, _planned, _schedules, _searching, events, models
from announcements.publishing import _rights as rights
from announcements.publishing._values import (
    AlreadyPublished,
    Announcement,
    Arrival,
    Change,
    NotScheduled,
    Stale,
    When,
    as_announcement,
    as_own_clock,
)

LONGEST_UNDO = 60


@transaction.atomic
def publish(
    *, announcement_id: int, by: int, undo_seconds: int = 0, revision: int | None = None, now: datetime
) -> Announcement:
    """Make a draft visible to its audience, at once or in so many seconds (60 at most), until when `unschedule` takes it back to what it was.

    Raises NotFound, NotAuthor, AlreadyPublished, AudienceNotYours, Stale when it is not at `revision` any more, or Invalid by field.
    """
    if not 0 <= undo_seconds <= LONGEST_UNDO:
        raise errors.Invalid({"undo_seconds": [_("From 0 to %(most)d seconds.") % {"most": LONGEST_UNDO}]})
    row = _unpublished(announcement_id, by, now)
    if row.pin:
        _pinning.wait(row.workspace_id)
    if full := _pinning.obstacle(row, now):
        raise errors.Invalid(full)
    if undo_seconds:
        when = When(now + timedelta(seconds=undo_seconds))
        return _schedule(row, by, when, revision, now, {"schedule_before": _schedules.kept(row, now)})
    if revision not in {None, row.revision}:
        raise Stale(_("Somebody changed this since you looked. Look again before it goes out."))
    _checks.may_go_out(row, by, When(), now)
    return _go_out(row, by, now, _drafts.UNSCHEDULED)


@transaction.atomic
def schedule(*, announcement_id: int, by: int, when: When, revision: int | None = None, now: datetime) -> Announcement:
    """Let a draft go out by itself later, in place of any schedule it had. The time stays chosen when it is a draft again.

    Raises NotFound, NotAuthor, AlreadyPublished, AudienceNotYours, Stale when it is not at `revision` any more, or Invalid by field.
    """
    if (when.at is None) == (when.own_clock is None):
        raise errors.Invalid({"at": [_("Say when: an instant, or a day and time on each reader's own clock.")]})
    return _schedule(_unpublished(announcement_id, by, now), by, when, revision, now, _planned.columns(when))


def _schedule(
    row: models.Announcement, by: int, when: When, revision: int | None, now: datetime, more: dict[str, Any]
) -> Announcement:  # fmt: skip
    first = _checks.may_go_out(row, by, when, now)
    _checks.still_to_come(when, first, now)
    clock = when.own_clock
    given: dict[str, Any] = {"clock_day": clock.day if clock else None, "clock_time": clock.time if clock else None}
    given |= {"scheduled_for": first, "scheduled_by": by, "updated_by": by, "refused": {}}
    _drafts.save(row, {"schedule_before": {}} | given | more, revision, now, published=False)
    row.refresh_from_db()
    return as_announcement(row)


@transaction.atomic
def unschedule(*, announcement_id: int, by: int, now: datetime) -> Announcement:
    """Make it a draft again; raise NotFound, NotAuthor, NotScheduled, or AlreadyPublished when it has gone out.

    What was published for some seconds and had a schedule, which is still to come, has that again.
    """
    row = _unpublished(announcement_id, by, now)
    scheduled = models.Announcement.objects.filter(pk=row.pk, published_at=None, scheduled_for__isnull=False)
    back = _schedules.before(row, now)
    done = scheduled.update(**_drafts.UNSCHEDULED | back, revision=F("revision") + 1, updated_at=now, updated_by=by)
    row.refresh_from_db()
    if row.published_at:  # it went out in between
        raise AlreadyPublished(_("This is published already."))
    if not done:
        raise NotScheduled(_("This is not scheduled."))
    return as_announcement(row)


def _unpublished(announcement_id: int, by: int, now: datetime) -> models.Announcement:
    row = rights.own(announcement_id, by, now)
    if row.published_at:
        raise AlreadyPublished(_("This is published already."))
    return row


def due(*, now: datetime) -> list[int]:
    """Return the ids of the announcements whose time has come, the longest waiting first."""
    return list(models.Announcement.objects.due(now).order_by("scheduled_for", "id").values_list("pk", flat=True))


@transaction.atomic
def go_out(*, announcement_id: int, now: datetime) -> bool:
    """Publish a scheduled announcement whose time has come, once, however often this is called; tell whether it went out.

    Where it may not, because its author lost the right or its deadline has passed, it is a draft again and says why. One that is to
    be pinned, and finds no place, goes out without, and still says that it was to be.
    """
    # Who pins holds the workspace first, and the row then; so does this.
    for workspace_id in models.Announcement.objects.filter(pk=announcement_id, pin=True).values_list(
        "workspace_id", flat=True
    ):
        _pinning.wait(workspace_id)
    row = models.Announcement.objects.due(now).select_for_update().filter(pk=announcement_id).first()
    if row is None:
        return False
    by = row.scheduled_by or row.author_id
    try:
        rights.own(row.pk, by, now)
        _checks.may_go_out(row, by, When(own_clock=as_own_clock(row)), now)
    except errors.Invalid as problem:
        return _refuse(row, problem.fields, now)
    except (errors.Forbidden, errors.NotFound):
        return _refuse(row, {"audience": [_("Who scheduled it may not publish to this audience any more.")]}, now)
    _go_out(row, by, now, {"scheduled_for": None, "scheduled_by": None, "schedule_before": {}})
    return True


def _refuse(row: models.Announcement, problems: dict[str, list[str]], now: datetime) -> bool:
    same = models.Announcement.objects.filter(pk=row.pk, published_at=None, revision=row.revision)
    if same.update(**_drafts.UNSCHEDULED, refused=problems, revision=F("revision") + 1, updated_at=now):
        whose = {row.author_id, row.scheduled_by or row.author_id}
        told = {"announcement_id": row.pk, "workspace_id": row.workspace_id, "person_ids": sorted(whose)}
        events.announcement_refused.send(sender=None, at=now, **told)
    return False


def _go_out(row: models.Announcement, by: int, now: datetime, schedule: dict[str, Any]) -> Announcement:
    claimed = models.Announcement.objects.kept().filter(pk=row.pk, published_at=None, revision=row.revision)
    addressed = _searching.address(row)
    pinned_at = now if row.pin and _pinning.may_pin(row, now) else None
    if not claimed.update(
        **schedule | _planned.NO_TIME,
        addressed=addressed,
        refused={},
        published_at=now,
        pin=row.pin and not pinned_at,
        pinned_at=pinned_at,
        updated_at=now,
        updated_by=by,
        version=1,
        revision=F("revision") + 1,
    ):
        raise AlreadyPublished(_("Somebody published or changed this a moment ago."))
    row.refresh_from_db()
    keep(row, "first", by, now)
    events.announcement_published.send(sender=None, announcement_id=row.pk, workspace_id=row.workspace_id, at=now)
    return as_announcement(row)


def keep(row: models.Announcement, change: Change, by: int, now: datetime) -> None:
    """Keep what an announcement says now as a version."""
    words = {"title": row.title, "summary": row.summary, "body": row.body}
    models.Version.objects.create(announcement=row, number=row.version, change=change, by=by, at=now, **words)


def arrivals(*, by: int, audience: people.Audience, when: When, now: datetime) -> tuple[Arrival, ...]:
    """Return when something published to an audience reaches each of its time zones; raise Invalid or AudienceNotYours."""
    found = _checks.arrivals(by, rights.active(by).workspace_id, audience, when, now)
    if when.at or when.own_clock:
        _checks.still_to_come(when, found[0].at, now)
    return found
