"""Drafts: started, saved, copied, thrown away and fetched back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import _checks, _images, _planned, _words, models
from announcements.publishing import _rights as rights
from announcements.publishing._values import AlreadyPublished, Announcement, Draft, Scheduled, Stale, as_announcement

BIN = timedelta(days=7)
UNSCHEDULED: dict[str, Any] = {
    "scheduled_for": None, "scheduled_by": None, "clock_day": None, "clock_time": None, "schedule_before": {},
}  # fmt: skip
COPIED = ("kind", "summary", "body", "audience", "ask_acknowledge", "nudge_hours", "pin")


@transaction.atomic
def create(*, by: int, draft: Draft, now: datetime) -> Announcement:
    """Start a draft; raise Forbidden for who may address nobody, or Invalid by field."""
    author = _author(by, now)
    given = _checks.columns(draft, author.workspace_id, now)
    if given.get("ask_acknowledge") and "nudge_hours" not in given:
        given["nudge_hours"] = list(people.workspace(workspace_id=author.workspace_id).nudge_hours)
    return _start(author, given, now)


def _author(by: int, now: datetime) -> people.Person:
    author = rights.active(by)
    if not people.may_publish(person_id=by, at=now):
        raise errors.Forbidden(_("You may publish once you manage a group. Ask an admin."))
    return author


def _start(author: people.Person, given: dict[str, Any], now: datetime) -> Announcement:
    row = models.Announcement.objects.create(
        workspace_id=author.workspace_id, author_id=author.id, created_at=now, updated_at=now, **given
    )
    _images.bind(row, given, by=author.id, now=now)
    _words.keep(row)
    return as_announcement(row)


@transaction.atomic
def duplicate(*, announcement_id: int, by: int, now: datetime) -> Announcement:
    """Start a draft with the words and the audience of an announcement that `by` manages. Raises NotFound or Forbidden.

    Its dates stay behind, but for a time chosen to go out at that is still to come.
    """
    rights.find(by=by, announcement_id=announcement_id, now=now)
    row = models.Announcement.objects.get(pk=announcement_id)
    title = _("Copy of %(title)s") % {"title": row.title} if row.title else ""
    copied = {name: getattr(row, name) for name in COPIED} | _planned.to_come(row, now)
    return _start(_author(by, now), copied | {"title": title[: _checks.TITLE]}, now)


@transaction.atomic
def revise(*, announcement_id: int, by: int, draft: Draft, revision: int | None = None, now: datetime) -> Announcement:
    """Save a draft; raise NotFound, NotAuthor, AlreadyPublished, Scheduled, Stale when it is not at `revision` any more, or Invalid."""
    row = rights.own(announcement_id, by, now)
    if row.published_at:
        raise AlreadyPublished(_("This is published. Correct it instead, so that readers can see what changed."))
    if row.scheduled_for:
        raise Scheduled(_("This is scheduled. Take it off its schedule to change it."))
    given = _checks.columns(draft, row.workspace_id, now)
    if given.get("ask_acknowledge") and not row.ask_acknowledge and "nudge_hours" not in given:
        given["nudge_hours"] = list(people.workspace(workspace_id=row.workspace_id).nudge_hours)
    save(row, given | {"updated_by": by}, revision, now, published=False)
    _images.bind(row, given, by=by, now=now)
    row.refresh_from_db()
    _words.keep(row)
    return as_announcement(row)


def save(
    row: models.Announcement, given: dict[str, Any], revision: int | None, now: datetime, *, published: bool
) -> None:
    """Write columns if nobody saved in between, else raise Stale: the revision is claimed by the UPDATE itself."""
    expected = row.revision if revision is None else revision
    same = models.Announcement.objects.kept().filter(pk=row.pk, revision=expected, published_at__isnull=not published)
    if not same.update(**given, revision=F("revision") + 1, updated_at=now):
        raise _stale()


def fresh(row: models.Announcement, revision: int | None) -> None:
    """Raise Stale when a row is not at `revision` any more; None is any."""
    if revision not in {None, row.revision}:
        raise _stale()


def _stale() -> Stale:
    return Stale(_("Somebody saved this in the meantime. Load it again; your text is still with you."))


@transaction.atomic
def discard(*, announcement_id: int, by: int, now: datetime) -> None:
    """Throw a draft away, which can be undone for seven days; raise NotFound, NotAuthor or AlreadyPublished."""
    row = rights.own(announcement_id, by, now)
    drafts = models.Announcement.objects.filter(pk=row.pk, published_at=None)
    if not drafts.update(discarded_at=now, **UNSCHEDULED, revision=F("revision") + 1):
        raise AlreadyPublished(_("This is published. Withdraw it instead."))


@transaction.atomic
def fetch_back(*, announcement_id: int, by: int, now: datetime) -> Announcement:
    """Bring a discarded draft back; raise NotFound for whose it was not, or when its seven days are over."""
    person = rights.active(by)
    binned = models.Announcement.objects.filter(pk=announcement_id, workspace_id=person.workspace_id)
    kept = binned.filter(discarded_at__gt=now - BIN)
    row = kept.first()
    if row is None or not rights.manages(person, row, now) or not kept.update(discarded_at=None):
        raise errors.NotFound
    row.refresh_from_db()
    return as_announcement(row)


def empty_bin(*, now: datetime) -> int:
    """Delete the drafts that were discarded seven days ago; return how many. What somebody fetches back meanwhile stays."""
    over = models.Announcement.objects.filter(discarded_at__lte=now - BIN).order_by("id")
    return sum(_delete(pk, now) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _delete(announcement_id: int, now: datetime) -> bool:
    over = models.Announcement.objects.select_for_update().filter(pk=announcement_id, discarded_at__lte=now - BIN)
    if over.first() is None:
        return False
    _images.release(announcement_id, now)
    _words.forget([announcement_id])
    over.delete()
    return True
