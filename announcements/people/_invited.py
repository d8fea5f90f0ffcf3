"""People before they are in: added by somebody who may, let in with a proved address, waiting, turned away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, _elsewhere, events, models
from announcements.people._entry import _add, _Entry
from announcements.people._members import add_member
from announcements.people._persons import change_role
from announcements.people._tree import manages
from announcements.people._values import NewPerson, NotInvited, Person, Role, as_person, state_of


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to add: their place in the workspace, and the groups they belong to from the first day."""

    email: str
    name: str
    title: str = ""
    role: Role = "member"
    group_ids: tuple[int, ...] = ()
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What somebody says of themselves when they come in. With a `role` they get that one instead of what was meant for them."""

    name: str
    password: str
    timezone: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has signed up and waits to be let in."""

    person: Person
    since: datetime


def comparable(*, email: str) -> str:
    """Return an address as addresses are compared: one person however it is written."""
    return _checks.same_address(email)


def checked_address(*, email: str) -> str:
    """Return a tidy, comparable address; raise Invalid."""
    return _checks.address(email)


def may_invite(*, person_id: int, at: datetime) -> bool:
    """Tell whether somebody may invite anybody: admins, owners, and managers into their groups."""
    row = models.Person.objects.active().filter(pk=person_id).first()
    if row is None:
        return False
    return row.role != "member" or models.Membership.objects.at(at).filter(person=row, role="manager").exists()


@transaction.atomic
def add_invited(*, by: int, who: Invitee, now: datetime) -> Person:
    """Add somebody who has yet to accept, with role and groups; raise Forbidden, EmailTaken (by a colleague), or Invalid by field.

    Only owners invite owners, only admins and owners invite admins. A manager invites members into groups they manage.
    """
    actor = _inviting(by, who, now)
    zone = who.timezone or actor.workspace.timezone
    person = _add(actor.workspace, (who.email, who.name, zone), _Entry(title=who.title, role=who.role, asked=True), now)
    for group_id in dict.fromkeys(who.group_ids):
        add_member(by=by, group_id=group_id, person_id=person.id, now=now)
    return person


@transaction.atomic
def invite_again(*, by: int, person_id: int, who: Invitee, now: datetime) -> bool:
    """Give somebody who has yet to accept the role and groups they are asked in with now; tell whether that changes anything.

    Groups are added to those they are in. Raises NotFound, Forbidden as when they were new, Invalid by field, or Conflict
    when they have come.
    """
    actor = _inviting(by, who, now)
    row = _checks.colleague(actor, person_id)
    if state_of(row) != "invited":
        raise errors.Conflict(_("This person has joined already."))
    there = models.Membership.objects.at(now).filter(person=row, group_id__in=who.group_ids)
    missing = set(who.group_ids) - set(there.values_list("group_id", flat=True))
    for group_id in sorted(missing):
        add_member(by=by, group_id=group_id, person_id=person_id, now=now)
    if row.role != who.role:
        change_role(by=by, person_id=person_id, role=who.role, now=now)
    return bool(missing) or row.role != who.role


def may_ask(*, by: int, person_id: int, at: datetime) -> bool:
    """Tell whether somebody might ask a colleague in as they are now: with their role, into the groups filled by hand."""
    actor = _checks.actor(by)
    row = _checks.colleague(actor, person_id)
    theirs = (
        models.Membership.objects.at(at).filter(person=row, group__rule__isnull=True).values_list("group_id", flat=True)
    )
    who = Invitee(row.email, row.name, role=as_person(row).role, group_ids=tuple(theirs))
    try:
        _may_invite(actor, who, at)
    except errors.Forbidden:
        return False
    return True


def _inviting(by: int, who: Invitee, now: datetime) -> models.Person:
    """Return who acts; raise Forbidden unless they may ask somebody in so, Invalid by field."""
    actor = _checks.actor(by)
    _checks.one_of("role", who.role, {"member", "admin", "owner"})
    _may_invite(actor, who, now)
    known = set(
        models.Group.objects.filter(workspace_id=actor.workspace_id, pk__in=who.group_ids).values_list("pk", flat=True)
    )
    if known != set(who.group_ids):
        raise errors.Invalid({"group_ids": [_("There is no such group.")]})
    return actor


def _may_invite(actor: models.Person, who: Invitee, now: datetime) -> None:
    if who.role == "owner" and actor.role != "owner":
        raise errors.Forbidden(_("Only owners invite owners."))
    if actor.role != "member":
        return
    if who.role != "member":
        raise errors.Forbidden(_("Only admins and owners invite admins."))
    if not who.group_ids or manages(person_id=actor.pk, group_ids=who.group_ids, at=now) != set(who.group_ids):
        raise errors.Forbidden(_("You may invite people into the groups you manage. Ask an admin for others."))


@transaction.atomic
def enter(*, person_id: int, arrival: Arrival, now: datetime) -> Person:
    """Let an invited person in as they describe themselves; raise NotFound, Conflict, or Invalid by field. Of two at once one wins."""
    row = _checks.person_row(person_id)
    # Who signed up has a password and waits for an admin: no invitation lets them past.
    waiting = models.Person.objects.filter(
        pk=person_id, joined_at=None, deactivated_at=None, password=row.password, elsewhere=""
    )
    given = {
        "name": _checks.label("name", arrival.name),
        "timezone": _checks.zone(arrival.timezone),
        "password": make_password(_checks.password(arrival.password, email=row.email, name=arrival.name)),
    }
    if arrival.role:
        given["role"] = arrival.role
    if row.has_usable_password() or not waiting.update(joined_at=now, **given):
        raise errors.Conflict(_("This invitation has been used already."))
    events.standing_changed.send(sender=None, person_ids=[person_id], at=now)
    return as_person(_checks.person_row(person_id))


def welcome(*, workspace_id: int, email: str) -> Literal["joins", "waits", "invited_only"]:
    """Tell what becomes of a proved address that was not invited.

    From a claimed domain they join by the join policy, from elsewhere an admin lets them in.
    """
    workspace = models.Workspace.objects.filter(pk=workspace_id).first()
    if workspace is None:
        raise errors.NotFound
    if workspace.join_policy == "invite":
        return "invited_only"
    domain = _checks.same_address(email).rpartition("@")[2]
    ours = models.Domain.objects.filter(name=domain, workspace=workspace).exists()
    return "joins" if ours and workspace.join_policy == "open" else "waits"


@transaction.atomic
def join(*, workspace_id: int, person: NewPerson, now: datetime) -> Person:
    """Let in somebody with a proved address who was not invited, as `welcome` says; raise NotInvited, EmailTaken, or Invalid by field."""
    how = welcome(workspace_id=workspace_id, email=person.email)
    if how == "invited_only":
        raise NotInvited(_("This workspace takes invited people only. Ask a colleague to invite you."))
    _checks.password(person.password, email=person.email, name=person.name)
    entry = _Entry(password=make_password(person.password), joined=how == "joins")
    workspace = models.Workspace.objects.get(pk=workspace_id)
    return _add(workspace, (person.email, person.name, person.timezone), entry, now)


def waiting(*, by: int, after: tuple[datetime, int] | None = None, limit: int = 50) -> list[Waiting]:
    """Return who waits to be let in, longest first after the cursor (since, id); raise Forbidden."""
    rows = _waiting(by)
    if after is not None:
        rows = rows.filter(Q(invited_at__gt=after[0]) | Q(invited_at=after[0], pk__gt=after[1]))
    return [Waiting(as_person(row), row.invited_at) for row in rows.order_by("invited_at", "id")[:limit]]


def how_many_wait(*, by: int) -> int:
    """Return how many people wait to be let in; raise Forbidden."""
    return _waiting(by).count()


def _waiting(by: int) -> models.PersonQuerySet:
    rows: models.PersonQuerySet = models.Person.objects.of(_checks.admin(by).workspace_id)
    # Whoever has no password of their own was invited, and waits for nobody but themselves.
    return rows.filter(joined_at=None, deactivated_at=None).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


@transaction.atomic
def turn_away(*, by: int, person_id: int, now: datetime) -> Person:
    """Remove somebody who waits to be let in; return who it was. Raises Forbidden, NotFound, or Conflict when they do not wait."""
    _actor, row = _checks.admin_over(by, person_id)
    gone = as_person(row)
    if gone.state != "waiting" or not _remove(row, now):
        raise errors.Conflict(_("This person is not waiting to be let in."))
    return gone


@transaction.atomic
def uninvite(*, person_id: int, now: datetime) -> None:
    """Remove somebody who was invited and never came; raise NotFound, or Conflict when they have come."""
    row = _checks.person_row(person_id)
    if row.has_usable_password() or not _remove(row, now):
        raise errors.Conflict(_("This person has joined already."))


def _remove(row: models.Person, now: datetime) -> bool:
    return bool(remove(models.Person.objects.filter(pk=row.pk, joined_at=None, password=row.password), now))


def remove(still: models.PersonQuerySet, now: datetime) -> list[models.Person]:
    """Remove people of one workspace who never came in, and free their addresses; return who they were."""
    gone = list(still.select_for_update().order_by("id"))
    if gone:
        ids = [row.pk for row in gone]
        models.Person.objects.filter(pk__in=ids).delete()
        _elsewhere.free([row.email for row in gone])
        events.people_removed.send(sender=None, workspace_id=gone[0].workspace_id, person_ids=ids, at=now)
    return gone
