"""What is out: corrected, withdrawn, pinned, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.publishing import _checks, _drafts, _going_out, _images, _pinning, _words, events, models
from announcements.publishing import _rights as rights
from announcements.publishing._values import (
    Again,
    AlreadyPublished,
    AlreadyWithdrawn,
    Announcement,
    Draft,
    TooManyPinned,
    as_announcement,
)


@transaction.atomic
def correct(
    *, announcement_id: int, by: int, draft: Draft, change: Literal["typo", "material"], revision: int | None = None, now: datetime
) -> Announcement:  # fmt: skip
    """Make a new version of what is published. A typo bothers nobody; a material change asks for acknowledgement anew.

    Title, summary, body, deadline and expiry may change; whom it reached may not. Where nothing changes, a typo makes no version and
    a material change is refused at `change`. Raises NotFound, NotAuthor, NotPublished, AlreadyWithdrawn,
    AudienceNotYours, Stale or Invalid.
    """
    row = rights.standing(announcement_id, by, now)
    given = _checks.columns(draft, row.workspace_id, now)
    _checks.may_change(row, given, change, now)
    if not _checks.changes(row, given):
        _drafts.fresh(row, revision)
        return as_announcement(row)
    _drafts.save(row, given | {"updated_by": by}, revision, now, published=True)
    _images.bind(row, given, by=by, now=now)
    models.Announcement.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.refresh_from_db()
    _words.keep(row)
    _going_out.keep(row, change, by, now)
    told = {"announcement_id": row.pk, "workspace_id": row.workspace_id, "number": row.version, "change": change}
    events.announcement_corrected.send(sender=None, at=now, **told)
    return as_announcement(row)


@transaction.atomic
def withdraw(*, announcement_id: int, by: int, reason: str, now: datetime) -> Announcement:
    """Take back what is published, and tell its readers why; raise NotFound, NotAuthor, NotPublished, AlreadyWithdrawn, AudienceNotYours or Invalid."""
    row = rights.standing(announcement_id, by, now)
    said = text.one_line(reason, marks=True)
    if not said:
        raise errors.Invalid({"reason": [_("Say why, in one sentence: its readers see it.")]})
    if len(said) > _checks.SUMMARY:
        raise errors.Invalid({"reason": [_("At most %(most)d characters.") % {"most": _checks.SUMMARY}]})
    standing = models.Announcement.objects.filter(pk=row.pk, withdrawn_at=None)
    changed = {"updated_at": now, "updated_by": by}
    if not standing.update(withdrawn_at=now, withdraw_reason=said, **changed, revision=F("revision") + 1):
        raise AlreadyWithdrawn(_("This was withdrawn already."))
    events.announcement_withdrawn.send(sender=None, announcement_id=row.pk, workspace_id=row.workspace_id, at=now)
    row.refresh_from_db()
    _words.keep(row)
    return as_announcement(row)


@transaction.atomic
def pin(*, announcement_id: int, by: int, now: datetime) -> Announcement:
    """Keep it at the top of the news of its readers; what is not out yet, from when it is, if there is a place then.

    Raises NotFound, NotAuthor, AlreadyWithdrawn, AudienceNotYours or TooManyPinned.
    """
    row = rights.own(announcement_id, by, now)
    if row.published_at is None:
        return _wish(row, True, by, now)
    row = rights.standing(announcement_id, by, now)
    if not _pinning.may_pin(row, now):
        raise TooManyPinned(_("%(most)d are pinned already. Unpin one of them first.") % {"most": _pinning.MOST_PINNED})
    return _arrange(row, {"pin": False, "pinned_at": row.pinned_at or now}, by, now)


@transaction.atomic
def unpin(*, announcement_id: int, by: int, now: datetime) -> Announcement:
    """Let it move down as others come, or stay where it is without a place; raise NotFound, NotAuthor, AlreadyWithdrawn or AudienceNotYours."""
    row = rights.own(announcement_id, by, now)
    if row.published_at is None:
        return _wish(row, False, by, now)
    return _arrange(rights.standing(announcement_id, by, now), {"pin": False, "pinned_at": None}, by, now)


def _wish(row: models.Announcement, pin: bool, by: int, now: datetime) -> Announcement:
    """Note whether it is to be pinned once it is out; raise AlreadyPublished when it went out in between."""
    waiting = models.Announcement.objects.kept().filter(pk=row.pk, published_at=None)
    if not waiting.update(pin=pin, updated_at=now, updated_by=by, revision=F("revision") + 1):
        raise AlreadyPublished(_("This is published already."))
    row.refresh_from_db()
    return as_announcement(row)


@transaction.atomic
def expire(*, announcement_id: int, by: int, at: datetime | None, now: datetime) -> Announcement:
    """Set when it leaves the tab: now, later, or (None) never. Its nudges end then too, whatever its deadline.

    Raises NotFound, NotAuthor, NotPublished, AlreadyWithdrawn, AudienceNotYours, or Invalid for a time that has passed.
    """
    row = rights.standing(announcement_id, by, now)
    if at is not None and not now <= at <= now + _checks.FURTHEST:
        raise errors.Invalid({"at": [_("Choose now, or a time to come, at most five years ahead.")]})
    return _arrange(row, {"expires_at": at}, by, now)


def _arrange(row: models.Announcement, given: dict[str, Any], by: int, now: datetime) -> Announcement:
    changed = given | {"updated_at": now, "updated_by": by}
    models.Announcement.objects.filter(pk=row.pk).update(**changed, revision=F("revision") + 1)
    row.refresh_from_db()
    events.announcement_arranged.send(sender=None, announcement_id=row.pk, workspace_id=row.workspace_id, at=now)
    return as_announcement(row)


@transaction.atomic
def restore_version(
    *, announcement_id: int, by: int, again: Again, revision: int | None = None, now: datetime
) -> Announcement:
    """Say again what a version said, as a new version; raise as `correct` does, and NotFound for a version there is not."""
    row = rights.standing(announcement_id, by, now)
    said = models.Version.objects.filter(announcement=row, number=again.number).first()
    if said is None:
        raise errors.NotFound
    words = Draft(title=said.title, summary=said.summary, body=said.body, deadline=again.deadline)
    return correct(announcement_id=announcement_id, by=by, draft=words, change=again.change, revision=revision, now=now)
