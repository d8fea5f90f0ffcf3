"""Searching and the archive, within what a person may read: the same rule as for opening one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from announcements.delivery import models
from announcements.kernel import errors
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
    named = {group_id for one in audiences.values() for group_id in one.group_ids}
    managed = people.manages(person_id=by, group_ids=named, at=now)
    rows = models.Delivery.objects.filter(recipient_id=by)
    return publishing.Readership(
        workspace_id=person.workspace_id,
        person_id=by,
        timezone=person.timezone,
        reached=frozenset(rows.filter(delivered_at__lte=now).values_list("announcement_id", flat=True)),
        coming=frozenset(rows.filter(delivered_at__gt=now).values_list("announcement_id", flat=True)),
        meant=people.meant_in(person_id=by, audiences=audiences, at=now),
        managed=frozenset(key for key, one in audiences.items() if not managed.isdisjoint(one.group_ids)),
    )
