"""Looking announcements up, and listing them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import get_args

from django.db.models import Count, Q

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import _rights as rights
from announcements.publishing import _searching, _words, models
from announcements.publishing._values import Announcement, AudienceCount, Shelf, as_announcement

A_DAY = timedelta(days=1)

FACES = 4
# What a state is listed by: what is out by when it went out, drafts by when they were changed, newest first; what is scheduled soonest first.
LISTED_BY: dict[Shelf | None, str] = {None: "created_at", "draft": "updated_at", "scheduled": "scheduled_for"}


def get(*, announcement_id: int) -> Announcement:
    """Return an announcement, for a capability that holds its id; raise NotFound."""
    row = models.Announcement.objects.kept().filter(pk=announcement_id).first()
    if row is None:
        raise errors.NotFound
    return as_announcement(row)


def get_many(*, ids: Collection[int]) -> dict[int, Announcement]:
    """Return the announcements with these ids, for a capability that holds them; absent ids are left out."""
    return {row.pk: as_announcement(row) for row in models.Announcement.objects.kept().filter(pk__in=ids)}


def asking(*, workspace_id: int, now: datetime) -> set[int]:
    """Return which announcements of a workspace ask to be confirmed now: out, neither withdrawn nor expired."""
    rows = models.Announcement.objects.filter(workspace_id=workspace_id, ask_acknowledge=True)
    return set(rows.in_state("published", now).values_list("pk", flat=True))


def asked(*, workspace_id: int, since: datetime, until: datetime) -> set[int]:
    """Return which announcements of a workspace asked to be confirmed in that time, also those that have expired; what was withdrawn did not.

    Where each reader's own clock says when it arrives, some have it a day before it counts as published here, or after.
    """
    rows = models.Announcement.objects.filter(workspace_id=workspace_id, ask_acknowledge=True, withdrawn_at=None)
    out = rows.filter(published_at__range=(since - A_DAY, until + A_DAY))
    return set(out.values_list("pk", flat=True))


def mine(
    *, by: int, now: datetime, state: Shelf | None = None, search: str = "", before: tuple[datetime, int] | None = None, limit: int = 50
) -> list[Announcement]:  # fmt: skip
    """Return what `by` manages: what they write; what is out and meant for a group they manage; all that is out, for admins and owners.

    Newest first; in one state by its own time, see `listed_at`, what is scheduled the soonest first. It goes on after the cursor
    `before`: that time, and an id.
    """
    person = rights.active(by)
    rows = _managed(person, now)
    if state:
        rows = rows.in_state(state, now)
    if search:
        asked = _words.terms(search)
        rows = rows.filter(pk__in=_searching.matching(asked)) if asked else rows.none()
    time, soonest = _listed_by(state), state == "scheduled"
    if before:
        way = "gt" if soonest else "lt"
        rows = rows.filter(Q(**{f"{time}__{way}": before[0]}) | Q(**{time: before[0], f"pk__{way}": before[1]}))
    order = (time, "id") if soonest else (f"-{time}", "-id")
    return [as_announcement(row) for row in rows.order_by(*order)[:limit]]


def listed_at(*, item: Announcement, state: Shelf | None = None) -> datetime:
    """Return the time by which `mine` lists an announcement among those of a state."""
    at: datetime = getattr(item, _listed_by(state))
    return at


def _listed_by(state: Shelf | None) -> str:
    return LISTED_BY.get(state, "published_at")


def tallies(*, by: int, now: datetime) -> dict[Shelf, int]:
    """Return how many of what `mine` lists are in each state, and in the archive: withdrawn or expired."""
    shelves: tuple[Shelf, ...] = get_args(Shelf)
    counts = {shelf: Count("pk", filter=models.in_state(shelf, now)) for shelf in shelves}
    found = _managed(rights.active(by), now).aggregate(**counts)
    return {shelf: found[shelf] for shelf in shelves}


def _managed(person: people.Person, now: datetime) -> models.AnnouncementQuerySet:
    """Return what a person manages now, as `_rights.manages` says of each."""
    out = Q(published_at__isnull=False)
    if person.role == "member":
        out &= Q(addressed__in=_searching.managed(person, now))
    rows: models.AnnouncementQuerySet = models.Announcement.objects.kept().filter(
        Q(author_id=person.id) | out, workspace_id=person.workspace_id
    )
    return rows


def written(*, by: int, operator: bool = False) -> list[Announcement]:
    """Return what `by` has written, drafts too, oldest first; `operator` as people tells it."""
    rows = models.Announcement.objects.kept().filter(author_id=people.told(by=by, operator=operator).id)
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
