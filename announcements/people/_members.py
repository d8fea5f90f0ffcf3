"""Who is in a group when: memberships are dated, and may be planned."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, _filling, events, models
from announcements.people._group_values import (
    FROM_NOW_ON,
    FilledByRule,
    GroupRole,
    Membership,
    Term,
    as_membership,
    told_of,
)
from announcements.people._groups import still_open, tell
from announcements.people._tree import manages
from announcements.people._values import Person, as_person

Pairs = list[tuple[Person, Membership]]


def members(
    *, by: int, group_id: int, at: datetime | None = None, after: tuple[str, int] | None = None, limit: int = 50
) -> Pairs:
    """Return who is in a group at an instant, by name after the cursor (name, id); raise NotFound.

    Without an instant: who has no end planned.
    """
    row = _checks.group(_checks.actor(by), group_id)
    rows = models.Membership.objects.at(at).filter(group=row).select_related("person")
    if after is not None:
        rows = rows.filter(Q(person__name__gt=after[0]) | Q(person__name=after[0], person_id__gt=after[1]))
    return [(as_person(m.person), as_membership(m)) for m in rows.order_by("person__name", "person_id")[:limit]]


def other_members(
    *,
    by: int,
    group_id: int,
    when: Literal["planned", "past"],
    now: datetime,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Pairs:
    """Return who is planned to be in a group, or was; raise NotFound. Those planned for the latest, or gone last, come first.

    The cursor is (started_at or ended_at, the person's id).
    """
    row = _checks.group(_checks.actor(by), group_id)
    mark = "started_at" if when == "planned" else "ended_at"
    rows = (
        row.memberships.filter(started_at__gt=now) if when == "planned" else row.memberships.filter(ended_at__lte=now)
    )
    if after is not None:
        rows = rows.filter(Q(**{f"{mark}__lt": after[0]}) | Q(**{mark: after[0], "person_id__lt": after[1]}))
    found = rows.select_related("person").order_by(f"-{mark}", "-person_id", "-id")[:limit]
    return [(as_person(m.person), as_membership(m)) for m in found]


@transaction.atomic
def add_member(
    *, by: int, group_id: int, person_id: int, role: GroupRole = "member", term: Term = FROM_NOW_ON, now: datetime
) -> Membership:
    """Start somebody's time in a group, or change their role in it: from now on, or for the term given.

    The last word counts: what was planned for them there later is dropped. Raises Forbidden, NotFound, GroupClosed,
    FilledByRule, Conflict, or Invalid by field.
    """
    actor = _checks.actor(by)
    row = _checks.group(actor, group_id)
    may_staff(actor, row, now)
    _checks.one_of("role", role, {"member", "manager"})
    person = _checks.colleague(actor, person_id)
    starts = _checks.moment("started_at", term.started_at, now)
    ends = None if term.ended_at is None else _checks.moment("ended_at", term.ended_at, now)
    if ends is not None and ends <= starts:
        raise errors.Invalid({"ended_at": [_("It has to end after it starts.")]})
    _checks.locked(row.workspace_id)
    row.refresh_from_db()
    return start(row, person, role, Term(starts, ends), by, now)


@transaction.atomic
def end_membership(*, by: int, group_id: int, person_id: int, at: datetime | None = None, now: datetime) -> None:
    """End somebody's time in a group, now or at a later time, and drop what was planned beyond; history keeps the rest.

    Raises Forbidden, FilledByRule, GroupClosed, Invalid on `at`, or NotFound when they would not be in it.
    """
    actor = _checks.actor(by)
    row = _checks.group(actor, group_id)
    may_staff(actor, row, now)
    moment = _checks.moment("at", at, now)
    _checks.locked(row.workspace_id)
    row.refresh_from_db()
    end(row, person_id, by, moment, now)


def may_staff(actor: models.Person, row: models.Group, now: datetime) -> None:
    """Raise Forbidden unless this person may choose the group's members."""
    if actor.role == "member" and not manages(person_id=actor.pk, group_ids=[row.pk], at=now):
        raise errors.Forbidden(_("Only the group's managers, admins and owners may do this."))


def start(row: models.Group, person: models.Person, role: GroupRole, term: Term, by: int, now: datetime) -> Membership:
    """Let somebody be in a group from `term.started_at` on, in this role. Call with the workspace locked."""
    at = term.started_at or now
    still_open(row, at)
    if row.rule and role == "member":
        raise FilledByRule(_by_rule(row))
    ends = min((end for end in (term.ended_at, row.ended_at) if end), default=None)
    theirs = row.memberships.filter(person=person)
    theirs.filter(started_at__gt=at).delete()
    running = theirs.at(at).filter(role=role).first()
    if running:
        if running.ended_at != ends:
            theirs.filter(pk=running.pk).update(ended_at=ends)
            running.ended_at = ends
            _tell(row, by, "membership_changed", as_membership(running), now)
        return as_membership(running)
    theirs.filter(started_at=at).delete()
    theirs.at(at).update(ended_at=at)
    try:
        with transaction.atomic():
            made = models.Membership.objects.create(group=row, person=person, role=role, started_at=at, ended_at=ends)
    except IntegrityError:
        raise errors.Conflict(_("Somebody else has just changed this membership.")) from None
    _tell(row, by, "membership_started", as_membership(made), now)
    if row.rule and ends:
        _filling.look_again(row, ends)
    return as_membership(made)


def end(row: models.Group, person_id: int, by: int, at: datetime, now: datetime) -> None:
    """End somebody's time in a group at an instant. Call with the workspace locked."""
    still_open(row, now)
    theirs = row.memberships.filter(person_id=person_id).order_by("started_at", "id")
    ending = theirs.at(at).filter(started_at__lt=at).first() or theirs.filter(started_at__gte=at).first()
    if ending is None:
        raise errors.NotFound
    if row.rule and ending.role == "member":
        raise FilledByRule(_by_rule(row))
    theirs.filter(started_at__gte=at).delete()
    theirs.at(at).update(ended_at=at)
    ending.ended_at = at
    _tell(row, by, "membership_ended", as_membership(ending), now)
    if row.rule and at <= now:
        _filling.fill(row, now, [person_id])
    elif row.rule:
        _filling.look_again(row, at)


def _by_rule(row: models.Group) -> str:
    said = _("%(name)s is filled by a rule. Change the rule, or what it asks of the person, to change who is in it.")
    return said % {"name": row.name}


def _tell(row: models.Group, by: int, verb: str, what: Membership, now: datetime) -> None:
    tell([what.person_id], now)
    events.note(row.workspace_id, by=by, verb=verb, subject=f"group:{row.pk}", details=told_of(what), at=now)
