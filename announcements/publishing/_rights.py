"""Who may see an announcement as its manager, and who may change it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import models
from announcements.publishing._audiences import as_audience
from announcements.publishing._values import AlreadyWithdrawn, Announcement, NotAuthor, NotPublished, as_announcement


def active(by: int) -> people.Person:
    """Return who acts; raise NotFound when they are not active."""
    person = people.person(person_id=by)
    if person.state != "active":
        raise errors.NotFound
    return person


def find(*, by: int, announcement_id: int, now: datetime) -> Announcement:
    """Return an announcement to who manages it: its author, admins and owners, who manages a group of it now once it is out; raise NotFound."""
    person = active(by)
    row = models.Announcement.objects.kept().filter(pk=announcement_id, workspace_id=person.workspace_id).first()
    if row is None or not manages(person, row, now):
        raise errors.NotFound
    return as_announcement(row)


def managed(*, by: int, ids: Collection[int], now: datetime) -> dict[int, Announcement]:
    """Return those of these announcements that `by` manages now; the others are left out."""
    person = active(by)
    rows = models.Announcement.objects.kept().filter(pk__in=ids, workspace_id=person.workspace_id)
    found = {row.pk: as_announcement(row) for row in rows}
    if person.role != "member":
        return found
    groups = {id for one in found.values() if one.published_at for id in one.audience.group_ids}
    theirs = people.manages(person_id=person.id, group_ids=groups, at=now)
    return {
        id: one
        for id, one in found.items()
        if one.author_id == person.id or (one.published_at and not theirs.isdisjoint(one.audience.group_ids))
    }


def manages(person: people.Person, row: models.Announcement, now: datetime) -> bool:
    """Tell whether a person manages an announcement now."""
    if row.author_id == person.id or person.role != "member":
        return True
    groups = as_audience(row.audience).group_ids
    return bool(row.published_at and groups and people.manages(person_id=person.id, group_ids=groups, at=now))


def may_change(*, by: int, announcement: Announcement, now: datetime) -> bool:
    """Tell whether `by`, who manages it, may change it too: admins, owners, and its author; once it is out, while they may address its audience."""
    if active(by).role != "member":
        return True
    return announcement.author_id == by and (announcement.published_at is None or _addresses(by, announcement, now))


def _addresses(by: int, announcement: Announcement, now: datetime) -> bool:
    """Tell whether somebody might publish to this audience now; who has left the company meanwhile does not count."""
    here = tuple(sorted(people.present(ids=announcement.audience.person_ids)))
    try:
        people.check_audience(by=by, audience=replace(announcement.audience, person_ids=here), at=now)
    except (errors.Invalid, people.AudienceNotYours):
        return False
    return True


def own(announcement_id: int, by: int, now: datetime) -> models.Announcement:
    """Return the row to its author, admins and owners; raise NotFound, or NotAuthor to a manager who only sees it."""
    said = find(by=by, announcement_id=announcement_id, now=now)
    if said.author_id != by and active(by).role == "member":
        raise NotAuthor(_("Only its author, admins and owners may change this."))
    return models.Announcement.objects.get(pk=announcement_id)


def standing(announcement_id: int, by: int, now: datetime) -> models.Announcement:
    """Return the row of what is out to who may change it; raise NotFound, NotAuthor, NotPublished, AlreadyWithdrawn or AudienceNotYours."""
    row = own(announcement_id, by, now)
    if row.published_at is None:
        raise NotPublished(_("This is not published yet."))
    if row.withdrawn_at:
        raise AlreadyWithdrawn(_("This was withdrawn already."))
    if not may_change(by=by, announcement=as_announcement(row), now=now):
        raise people.AudienceNotYours(_("You may not publish to its audience any more. Ask an admin to change this."))
    return row
