"""Looking announcements up, and listing them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import get_args

from django.db.models import Q

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import _rights as rights
from announcements.publishing import _searching, _words, models
from announcements.publishing._values import Announcement, AudienceCount, Shelf, as_announcement

FACES = 4


def get(*, announcement_id: int) -> Announcement:
    """Return an announcement, for a capability that holds its id; raise NotFound."""
    row = models.Announcement.objects.kept().filter(pk=announcement_id).first()
    if row is None:
        raise errors.NotFound
    return as_announcement(row)


def get_many(*, ids: Collection[int]) -> dict[int, Announcement]:
    """Return the announcements with these ids, for a capability that holds them; absent ids are left out."""
    return {row.pk: as_announcement(row) for row in models.Announcement.objects.kept().filter(pk__in=ids)}


def mine(
    *, by: int, now: datetime, state: Shelf | None = None, search: str = "", before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[Announcement]:  # fmt: skip
    """Return what `by` writes, newest first, before the cursor (created_at, id); admins and owners see everybody's, drafts of others left out."""
    person = rights.active(by)
    rows = _written_or_out(person)
    if state:
        rows = rows.in_state(state, now)
    if search:
        asked = _words.terms(search)
        rows = rows.filter(pk__in=_searching.matching(asked)) if asked else rows.none()
    if before:
        rows = rows.filter(Q(created_at__lt=before[0]) | Q(created_at=before[0], pk__lt=before[1]))
    return [as_announcement(row) for row in rows.order_by("-created_at", "-id")[:limit]]


def tallies(*, by: int, now: datetime) -> dict[Shelf, int]:
    """Return how many of what `mine` lists are in each state, and in the archive: withdrawn or expired."""
    rows = _written_or_out(rights.active(by))
    return {shelf: rows.in_state(shelf, now).count() for shelf in get_args(Shelf)}


def _written_or_out(person: people.Person) -> models.AnnouncementQuerySet:
    own = Q(author_id=person.id)
    seen = own if person.role == "member" else own | Q(published_at__isnull=False)
    rows: models.AnnouncementQuerySet = models.Announcement.objects.kept().filter(
        seen, workspace_id=person.workspace_id
    )
    return rows


def written(*, by: int) -> list[Announcement]:
    """Return what `by` has written, drafts too, oldest first."""
    rows = models.Announcement.objects.kept().filter(author_id=rights.active(by).id)
    return [as_announcement(row) for row in rows.order_by("created_at", "id")]


def count_audience(*, by: int, audience: people.Audience, now: datetime) -> AudienceCount:
    """Return how many people an audience is now, by time zone; raise Invalid or AudienceNotYours as publishing to it would."""
    people.check_audience(by=by, audience=audience, at=now)
    workspace_id = rights.active(by).workspace_id
    zones = people.audience_zones(workspace_id=workspace_id, audience=audience, at=now)
    some = [zone.person_id for zone in zones[:FACES]]
    faces = people.get_many(ids=some)
    return AudienceCount(
        people=sum(zone.people for zone in zones),
        timezones={zone.timezone: zone.people for zone in zones},
        faces=tuple(faces[person_id] for person_id in some),
        text=people.audiences_in_words(workspace_id=workspace_id, audiences=[audience], whole=True)[0],
    )
