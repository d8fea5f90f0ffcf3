"""The door of publishing: draft, revise, publish, correct, withdraw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.publishing import _checks, _images, events, models
from announcements.publishing._values import (
    UNSET,
    AlreadyPublished,
    AlreadyWithdrawn,
    Announcement,
    AudienceCount,
    Change,
    Draft,
    Kind,
    NotAuthor,
    NotPublished,
    Stale,
    State,
    Version,
    as_announcement,
    as_audience,
    as_version,
)

__all__ = [
    "UNSET", "AlreadyPublished", "AlreadyWithdrawn", "Announcement", "AudienceCount", "Change", "Draft", "Kind", "NotAuthor",
    "NotPublished", "Stale", "State", "Version", "correct", "count_audience", "create", "discard", "find", "get", "get_many",
    "managed", "may_change", "mine", "publish", "revise", "version_get", "versions", "withdraw", "written",
]  # fmt: skip


@transaction.atomic
def create(*, by: int, draft: Draft, now: datetime) -> Announcement:
    """Start a draft; raise Forbidden for who may address nobody, or Invalid by field."""
    author = _active(by)
    if not people.may_publish(person_id=by, at=now):
        raise errors.Forbidden(_("You may publish once you manage a group. Ask an admin."))
    row = models.Announcement(workspace_id=author.workspace_id, author_id=by, created_at=now, updated_at=now)
    given = _checks.columns(draft, author.workspace_id, now)
    if given.get("ask_acknowledge") and "nudge_hours" not in given:
        given["nudge_hours"] = list(people.workspace(workspace_id=author.workspace_id).nudge_hours)
    for name, value in given.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    _images.bind(row, given, by=by, now=now, managed=managed)
    return as_announcement(row)


@transaction.atomic
def revise(*, announcement_id: int, by: int, draft: Draft, revision: int | None = None, now: datetime) -> Announcement:
    """Save a draft; raise NotFound, NotAuthor, AlreadyPublished, Stale when it is not at `revision` any more, or Invalid."""
    row = _own(announcement_id, by, now)
    if row.published_at:
        raise AlreadyPublished(_("This is published. Correct it instead, so that readers can see what changed."))
    given = _checks.columns(draft, row.workspace_id, now)
    if given.get("ask_acknowledge") and not row.ask_acknowledge and "nudge_hours" not in given:
        given["nudge_hours"] = list(people.workspace(workspace_id=row.workspace_id).nudge_hours)
    _save(row, given, revision, now, published=False)
    _images.bind(row, given, by=by, now=now, managed=managed)
    return get(announcement_id=announcement_id)


@transaction.atomic
def correct(
    *, announcement_id: int, by: int, draft: Draft, change: Literal["typo", "material"], revision: int | None = None, now: datetime
) -> Announcement:  # fmt: skip
    """Make a new version of what is published. A typo bothers nobody; a material change asks for acknowledgement anew.

    Title, summary, body, deadline and expiry may change; whom it reached may not. Raises NotFound, NotAuthor, NotPublished, AlreadyWithdrawn,
    Stale or Invalid.
    """
    row = _standing(announcement_id, by, now)
    given = _checks.columns(draft, row.workspace_id, now)
    _checks.may_change(row, given, now)
    _save(row, given, revision, now, published=True)
    _images.bind(row, given, by=by, now=now, managed=managed)
    models.Announcement.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.refresh_from_db()
    _keep(row, change, by, now)
    told = {"announcement_id": row.pk, "workspace_id": row.workspace_id, "number": row.version, "change": change}
    events.announcement_corrected.send(sender=None, at=now, **told)
    return as_announcement(row)


def _save(
    row: models.Announcement, given: dict[str, object], revision: int | None, now: datetime, *, published: bool
) -> None:
    """Write columns if nobody saved in between: the revision is claimed by the UPDATE itself."""
    expected = row.revision if revision is None else revision
    same = models.Announcement.objects.filter(pk=row.pk, revision=expected, published_at__isnull=not published)
    if not same.update(**given, revision=F("revision") + 1, updated_at=now):
        raise Stale(_("Somebody saved this in the meantime. Load it again; your text is still with you."))


@transaction.atomic
def publish(*, announcement_id: int, by: int, now: datetime) -> Announcement:
    """Make a draft visible to its audience; raise NotFound, NotAuthor, AlreadyPublished, AudienceNotYours or Invalid by field."""
    row = _own(announcement_id, by, now)
    if row.published_at:
        raise AlreadyPublished(_("This is published already."))
    _checks.may_go_out(row, by, now)
    claimed = models.Announcement.objects.filter(pk=row.pk, published_at=None, revision=row.revision)
    if not claimed.update(published_at=now, updated_at=now, version=1, revision=F("revision") + 1):
        raise AlreadyPublished(_("Somebody published or changed this a moment ago."))
    row.refresh_from_db()
    _keep(row, "first", by, now)
    events.announcement_published.send(sender=None, announcement_id=row.pk, workspace_id=row.workspace_id, at=now)
    return as_announcement(row)


def _keep(row: models.Announcement, change: Change, by: int, now: datetime) -> None:
    words = {"title": row.title, "summary": row.summary, "body": row.body}
    models.Version.objects.create(announcement=row, number=row.version, change=change, by=by, at=now, **words)


@transaction.atomic
def withdraw(*, announcement_id: int, by: int, reason: str = "", now: datetime) -> Announcement:
    """Take back what is published; raise NotFound, NotAuthor, NotPublished, AlreadyWithdrawn or Invalid."""
    row = _standing(announcement_id, by, now)
    said = text.one_line(reason)
    if len(said) > _checks.SUMMARY:
        raise errors.Invalid({"reason": [_("At most %(most)d characters.") % {"most": _checks.SUMMARY}]})
    standing = models.Announcement.objects.filter(pk=row.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=now, withdraw_reason=said, revision=F("revision") + 1):
        raise AlreadyWithdrawn(_("This was withdrawn already."))
    events.announcement_withdrawn.send(sender=None, announcement_id=row.pk, workspace_id=row.workspace_id, at=now)
    return get(announcement_id=announcement_id)


@transaction.atomic
def discard(*, announcement_id: int, by: int, now: datetime) -> None:
    """Delete a draft; raise NotFound, NotAuthor or AlreadyPublished."""
    row = _own(announcement_id, by, now)
    deleted, _each = models.Announcement.objects.filter(pk=row.pk, published_at=None).delete()
    if not deleted:
        raise AlreadyPublished(_("This is published. Withdraw it instead."))
    _images.release(announcement_id, now)


def get(*, announcement_id: int) -> Announcement:
    """Return an announcement, for a capability that holds its id; raise NotFound."""
    row = models.Announcement.objects.filter(pk=announcement_id).first()
    if row is None:
        raise errors.NotFound
    return as_announcement(row)


def get_many(*, ids: Collection[int]) -> dict[int, Announcement]:
    """Return the announcements with these ids, for a capability that holds them; absent ids are left out."""
    return {row.pk: as_announcement(row) for row in models.Announcement.objects.filter(pk__in=ids)}


def version_get(*, announcement_id: int, number: int) -> Version:
    """Return one version, for a capability that holds its number; raise NotFound."""
    row = models.Version.objects.filter(announcement_id=announcement_id, number=number).first()
    if row is None:
        raise errors.NotFound
    return as_version(row)


def find(*, by: int, announcement_id: int, now: datetime) -> Announcement:
    """Return an announcement to who manages it: its author, admins and owners, who manages a group of it now once it is out; raise NotFound."""
    person = _active(by)
    row = models.Announcement.objects.filter(pk=announcement_id, workspace_id=person.workspace_id).first()
    if row is None or not _manages(person, row, now):
        raise errors.NotFound
    return as_announcement(row)


def managed(*, by: int, ids: Collection[int], now: datetime) -> dict[int, Announcement]:
    """Return those of these announcements that `by` manages now; the others are left out."""
    person = _active(by)
    rows = models.Announcement.objects.filter(pk__in=ids, workspace_id=person.workspace_id)
    return {row.pk: as_announcement(row) for row in rows if _manages(person, row, now)}


def _manages(person: people.Person, row: models.Announcement, now: datetime) -> bool:
    if row.author_id == person.id or person.role != "member":
        return True
    groups = as_audience(row.audience).group_ids
    return bool(row.published_at and groups and people.manages(person_id=person.id, group_ids=groups, at=now))


def mine(
    *, by: int, now: datetime, state: State | None = None, search: str = "", before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[Announcement]:  # fmt: skip
    """Return what `by` writes, newest first, before the cursor (created_at, id); admins and owners see everybody's, drafts of others left out."""
    person = _active(by)
    rows = models.Announcement.objects.filter(workspace_id=person.workspace_id)
    seen = Q(author_id=by) if person.role == "member" else Q(author_id=by) | Q(published_at__isnull=False)
    rows = rows.filter(seen)
    if state:
        rows = rows.in_state(state, now)
    if search:
        rows = rows.filter(Q(title__icontains=search) | Q(summary__icontains=search))
    if before:
        rows = rows.filter(Q(created_at__lt=before[0]) | Q(created_at=before[0], pk__lt=before[1]))
    return [as_announcement(row) for row in rows.order_by("-created_at", "-id")[:limit]]


def written(*, by: int) -> list[Announcement]:
    """Return what `by` has written, drafts too, oldest first."""
    rows = models.Announcement.objects.filter(author_id=_active(by).id)
    return [as_announcement(row) for row in rows.order_by("created_at", "id")]


def versions(*, by: int, announcement_id: int, now: datetime) -> list[Version]:
    """Return all versions, oldest first, to who manages it; raise NotFound."""
    found = find(by=by, announcement_id=announcement_id, now=now)
    rows = models.Version.objects.filter(announcement_id=found.id).order_by("number")
    return [as_version(row) for row in rows]


def count_audience(*, by: int, audience: people.Audience, now: datetime) -> AudienceCount:
    """Return how many people an audience is now, by time zone; raise Invalid or AudienceNotYours as publishing to it would."""
    people.check_audience(by=by, audience=audience, at=now)
    ids = people.resolve(workspace_id=_active(by).workspace_id, audience=audience, at=now)
    zones = Counter(person.timezone for person in people.get_many(ids=ids).values())
    return AudienceCount(people=len(ids), timezones=dict(zones.most_common()))


def _active(by: int) -> people.Person:
    person = people.person(person_id=by)
    if person.state != "active":
        raise errors.NotFound
    return person


def may_change(*, by: int, announcement: Announcement) -> bool:
    """Tell whether `by`, who manages it, may change its words too: its author, admins and owners."""
    return announcement.author_id == by or _active(by).role != "member"


def _own(announcement_id: int, by: int, now: datetime) -> models.Announcement:
    """Return the row to who may change its words; raise NotFound, or NotAuthor to a manager who only sees it."""
    if not may_change(by=by, announcement=find(by=by, announcement_id=announcement_id, now=now)):
        raise NotAuthor(_("Only its author, admins and owners may change this."))
    return models.Announcement.objects.get(pk=announcement_id)


def _standing(announcement_id: int, by: int, now: datetime) -> models.Announcement:
    row = _own(announcement_id, by, now)
    if row.published_at is None:
        raise NotPublished(_("This is not published yet."))
    if row.withdrawn_at:
        raise AlreadyWithdrawn(_("This was withdrawn already."))
    return row
