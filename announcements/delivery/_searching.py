"""Searching and the archive, within what a person may read: the same rule as for opening one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from announcements.delivery import models
from announcements.kernel import errors
from announcements.kernel.ids import NONE, Gathered
from announcements.people import services as people
from announcements.publishing import services as publishing


def search(*, by: int, query: str, skip: int = 0, limit: int = 20, now: datetime) -> list[publishing.Hit]:
    """Return what `by` may read and has all words of a query, the best first; raise NotFound for who is not active."""
    return publishing.search(query=query, within=readership(by=by, now=now), skip=skip, limit=limit, now=now)


def archive(
    *, by: int, narrowed: publishing.Narrowed | None = None, before: tuple[datetime, int] | None = None,
    limit: int = 50, now: datetime,
) -> list[publishing.Announcement]:  # fmt: skip
    """Return all that `by` may read, newest first, before the cursor (published_at, id); raise NotFound for who is not active."""
    within = readership(by=by, now=now)
    return publishing.archive(within=within, narrowed=narrowed, before=before, limit=limit, now=now)


def archive_authors(*, by: int, now: datetime) -> list[int]:
    """Return the ids of who wrote what `by` may read; raise NotFound for who is not active."""
    return publishing.archive_authors(within=readership(by=by, now=now), now=now)


def readable_many(*, by: int, announcement_ids: Collection[int], now: datetime) -> dict[int, publishing.Announcement]:
    """Return those of these announcements that `by` may read; the others are left out. Raises NotFound for who is not active."""
    return publishing.readable(ids=announcement_ids, within=readership(by=by, now=now), now=now)


def arrivals(*, by: int, announcement_ids: Collection[int]) -> dict[int, datetime]:
    """Return when each of these announcements reached `by`; those that did not are left out."""
    rows = models.Delivery.objects.filter(recipient_id=by, announcement_id__in=announcement_ids)
    return dict(rows.values_list("announcement_id", "delivered_at"))


def readership(*, by: int, now: datetime) -> publishing.Readership:
    """Return what a person may read, in the words of publishing; raise NotFound for who is not active."""
    person = people.person(person_id=by)
    if person.state != "active":
        raise errors.NotFound
    if person.role != "member":
        return publishing.Readership(person.workspace_id, by, person.timezone, all=True)
    audiences = publishing.audiences(workspace_id=person.workspace_id)
    meant = people.meant_in(person_id=by, audiences=audiences, at=now)
    there = models.Delivery.objects.filter(recipient_id=by).aggregate(
        reached=Gathered("announcement_id", filter=Q(delivered_at__lte=now)),
        coming=Gathered("announcement_id", filter=Q(delivered_at__gt=now)),
    )
    return publishing.Readership(
        workspace_id=person.workspace_id,
        person_id=by,
        timezone=person.timezone,
        reached=there["reached"] or NONE,
        coming=there["coming"] or NONE,
        meant=meant.inside,
        managed=meant.managed,
    )
