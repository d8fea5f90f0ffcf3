"""Looking people up, and what may be changed about them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from announcements.kernel import bulk, errors
from announcements.people import _calendars, _checks, _elsewhere, events, models
from announcements.people._values import (
    AS_KEPT,
    LastOwner,
    Person,
    ProfileChanges,
    Role,
    as_person,
    of_columns,
)


def person(*, person_id: int) -> Person:
    """Return a person, for a capability that holds their id; raise NotFound."""
    return _calendars.with_holidays([as_person(_checks.person_row(person_id))])[0]


def acting(*, by: int) -> Person:
    """Return who acts; raise NotFound unless they are active."""
    return as_person(_checks.actor(by))


def acting_admin(*, by: int) -> Person:
    """Return who acts; raise NotFound unless they are active, Forbidden unless admin or owner."""
    return as_person(_checks.admin(by))


def get_many(*, ids: Collection[int]) -> dict[int, Person]:
    """Return the people with these ids, for a capability that holds them; absent ids are left out."""
    rows = models.Person.objects.filter(pk__in=bulk.among(ids)).values_list(*AS_KEPT)
    return {person.id: person for person in _calendars.with_holidays([of_columns(*row) for row in rows])}


def by_name(
    *, workspace_id: int, after: tuple[str, int] | None = None, limit: int, ids: Collection[int] | None = None, search: str = ""
) -> list[tuple[str, int]]:  # fmt: skip
    """Return the names and ids of a workspace's people, of all or of these, in order, those past `after`; nobody deactivated. A
    search looks at name, title, address and location."""
    rows = models.Person.objects.of(workspace_id).filter(deactivated_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if search:
        rows = rows.search(search)
    if after:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]), name__gte=after[0])
    return list(rows.order_by("name", "id").values_list("name", "pk")[:limit])


def present(*, ids: Collection[int]) -> set[int]:
    """Return who of these is there and not deactivated."""
    return set(models.Person.objects.filter(pk__in=ids, deactivated_at=None).values_list("pk", flat=True))


def get_by_email(*, emails: Collection[str], workspace_id: int | None = None) -> dict[str, Person]:
    """Return the people with these addresses (lower case); unknown ones are left out. Never for an answer to a stranger.

    With a workspace, whom it knows by them: also who was asked in by an address that is somebody's of another company.
    """
    if workspace_id is None:
        return {row.email: as_person(row) for row in models.Person.objects.filter(email__in=emails)}
    return {
        _elsewhere.address(row): as_person(row)
        for row in models.Person.objects.of(workspace_id).filter(_elsewhere.addressed(emails))
    }


def everywhere(*, address: str) -> list[Person]:
    """Return whom any company knows by an address (as it is compared), for whoever runs the installation."""
    rows = models.Person.objects.filter(_elsewhere.addressed([address]), erased_at=None).order_by("id")
    return [as_person(row) for row in rows]


def find(*, by: int, person_id: int) -> Person:
    """Return a colleague; raise NotFound across workspaces."""
    return as_person(_checks.colleague(_checks.actor(by), person_id))


def people(
    *,
    by: int,
    search: str = "",
    group_id: int | None = None,
    at: datetime | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Person]:
    """Return colleagues by name, after the cursor (name, id); `search` looks at name, title, address and location.

    With a group, only who is in it at an instant, or without one who has no end planned; raise NotFound when it is not
    the workspace's.
    """
    actor = _checks.actor(by)
    rows = models.Person.objects.of(actor.workspace_id)
    if search:
        rows = rows.search(search)
    if group_id is not None:
        inside = models.Membership.objects.at(at).filter(group=_checks.group(actor, group_id))
        rows = rows.filter(pk__in=inside.values("person_id"))
    if after is not None:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    return [as_person(row) for row in rows.order_by("name", "id")[:limit]]


@transaction.atomic
def update_profile(*, by: int, changes: ProfileChanges, now: datetime) -> Person:
    """Change one's own profile; raise Invalid by field."""
    row = _checks.actor(by)
    given = {name: value for name in ProfileChanges.__slots__ if (value := getattr(changes, name)) is not None}
    for name, value in given.items():
        setattr(row, name, _PROFILE[name](value) if name in _PROFILE else value)
    _checks.hours(row, given)
    if given:
        row.save(update_fields=list(given))
        events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
    if given.keys() & {"name", "title"}:
        events.names_changed.send(sender=None, workspace_id=row.workspace_id, at=now)
    return as_person(row)


_PROFILE: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: _checks.label("name", value),
    "title": lambda value: _checks.label("title", value, empty=True),
    "pronouns": lambda value: _checks.label("pronouns", value, most=40, empty=True),
    "about": lambda value: _checks.paragraphs("about", value, most=500),
    "locale": _checks.locale,
    "timezone": _checks.zone,
    "work_days": _checks.week,
    "away": _checks.absences,
    "theme": lambda value: _checks.one_of("theme", value, {"system", "light", "dark"}),
}


@transaction.atomic
def change_role(*, by: int, person_id: int, role: Role, now: datetime) -> Person:
    """Make somebody member, admin or owner; raise Forbidden, NotFound, Invalid, LastOwner, or Conflict when another was first.

    Admins make members and admins; only owners make and unmake owners.
    """
    actor, row = _checks.admin_over(by, person_id)
    _checks.one_of("role", role, {"member", "admin", "owner"})
    if "owner" in {role, row.role} and actor.role != "owner":
        raise errors.Forbidden(_("Only owners may make or unmake owners."))
    if row.role == "owner" and role != "owner":
        _keep_an_owner(row)
    if not models.Person.objects.filter(pk=row.pk, role=row.role).update(role=role):
        raise _another_was_first()
    _note(actor, "role_changed", row, now, {"from": row.role, "to": role})
    events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
    return as_person(_checks.person_row(person_id))


def _another_was_first() -> errors.Conflict:
    return errors.Conflict(_("Somebody has changed this person at this very moment. Look at them again."))


def _keep_an_owner(leaving: models.Person) -> None:
    """Raise LastOwner unless another owner stays. The workspace's row is locked, so that two cannot leave at once."""
    models.Workspace.objects.select_for_update().get(pk=leaving.workspace_id)
    others = models.Person.objects.of(leaving.workspace_id).active().filter(role="owner").exclude(pk=leaving.pk)
    if not others.exists():
        raise LastOwner(_("A workspace keeps at least one owner. Make somebody else an owner first."))


@transaction.atomic
def deactivate(*, by: int, person_id: int, now: datetime) -> Person:
    """End somebody's access at once: sessions, tokens and mail links die; twice is once.

    Raise Forbidden, NotFound, LastOwner, or Conflict when they came in, or got another role, at this moment.
    """
    owner, row = _checks.owner_over(by, person_id)
    if row.role == "owner" and row.is_active:
        _keep_an_owner(row)
    # An owner is kept as long as they are who they were found to be.
    still = models.Person.objects.filter(pk=row.pk, role=row.role, joined_at=row.joined_at)
    if still.filter(deactivated_at=None).update(deactivated_at=now, epoch=F("epoch") + 1):
        models.Token.objects.filter(person=row, revoked_at=None).update(revoked_at=now)
        _note(owner, "deactivated", row, now, {})
        events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
    elif not still.exists():
        raise _another_was_first()
    return as_person(_checks.person_row(person_id))


@transaction.atomic
def reactivate(*, by: int, person_id: int, now: datetime) -> Person:
    """Let somebody in again; what was revoked stays revoked. Raise Forbidden or NotFound."""
    owner, row = _checks.owner_over(by, person_id)
    if models.Person.objects.filter(pk=row.pk).exclude(deactivated_at=None).update(deactivated_at=None):
        _elsewhere.free([row.elsewhere])  # it may have become free meanwhile
        _note(owner, "reactivated", row, now, {})
        events.standing_changed.send(sender=None, person_ids=[row.pk], at=now)
    return as_person(_checks.person_row(person_id))


def _note(actor: models.Person, verb: str, about: models.Person, now: datetime, details: dict[str, str]) -> None:
    events.noted.send(
        sender=None,
        workspace_id=actor.workspace_id,
        by=actor.pk,
        verb=verb,
        subject=f"person:{about.pk}",
        details=details,
        at=now,
    )


def seen(*, person_id: int, on: date) -> None:
    """Note the day of somebody's latest interaction."""
    models.Person.objects.filter(pk=person_id).filter(Q(last_seen_on=None) | Q(last_seen_on__lt=on)).update(
        last_seen_on=on
    )
