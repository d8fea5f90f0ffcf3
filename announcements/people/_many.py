"""Changing many people at once: each is done, or refused with why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, _members, _persons, models
from announcements.people._group_values import GroupRole, Term
from announcements.people._groups import still_open
from announcements.people._values import Role

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person. Refused: `code` and `why` say it. `was`: the role that a membership ended with."""

    person_id: int
    done: bool
    code: str = ""
    why: str = ""
    was: GroupRole | None = None


class Already(errors.Conflict):
    """There is nothing to change about this person."""

    code = "already"


class Yourself(errors.Conflict):
    """One's own rights are not changed along with others'."""

    code = "yourself"


_Act = Callable[[int], GroupRole | None]


@transaction.atomic
def add_many(
    *, by: int, group_id: int, person_ids: Sequence[int], role: GroupRole = "member", now: datetime
) -> list[Outcome]:
    """Start many people's time in a group; who is in it already stays as they are.

    Raises Forbidden, NotFound, GroupClosed or Invalid for the whole.
    """
    actor, group = _staffed(by, group_id, now)
    _checks.one_of("role", role, {"member", "manager"})
    there = set(group.memberships.at(now).filter(person__in=person_ids).values_list("person_id", flat=True))

    def add(person_id: int) -> None:
        person = _checks.colleague(actor, person_id)
        if person_id in there:
            raise Already(_("%(name)s is in %(group)s already.") % {"name": person.name, "group": group.name})
        _members.start(group, person, role, Term(now), by, now)

    return _each(person_ids, add)


@transaction.atomic
def remove_many(*, by: int, group_id: int, person_ids: Sequence[int], now: datetime) -> list[Outcome]:
    """End many people's time in a group; raise Forbidden, NotFound, GroupClosed or Invalid for the whole."""
    actor, group = _staffed(by, group_id, now)
    roles = dict(group.memberships.at(now).filter(person__in=person_ids).values_list("person_id", "role"))

    def remove(person_id: int) -> GroupRole | None:
        person = _checks.colleague(actor, person_id)
        if person_id not in roles:
            raise Already(_("%(name)s is not in %(group)s.") % {"name": person.name, "group": group.name})
        _members.end(group, person_id, by, now, now)
        return "manager" if roles[person_id] == "manager" else "member"

    return _each(person_ids, remove)


@transaction.atomic
def deactivate_many(*, by: int, person_ids: Sequence[int], now: datetime) -> list[Outcome]:
    """End many people's access at once, never one's own; raise Forbidden or Invalid for the whole."""
    _checks.owner(by)
    return _each(person_ids, _not_oneself(by, partial(_switch, by, now, True)))


@transaction.atomic
def reactivate_many(*, by: int, person_ids: Sequence[int], now: datetime) -> list[Outcome]:
    """Let many people in again; raise Forbidden or Invalid for the whole."""
    _checks.owner(by)
    return _each(person_ids, partial(_switch, by, now, False))


@transaction.atomic
def change_roles(*, by: int, person_ids: Sequence[int], role: Role, now: datetime) -> list[Outcome]:
    """Give many people a role, never oneself; raise Forbidden or Invalid for the whole."""
    actor = _checks.admin(by)
    _checks.one_of("role", role, {"member", "admin", "owner"})

    def change(person_id: int) -> None:
        person = _checks.colleague(actor, person_id)
        if person.role == role:
            raise Already(_("%(name)s has this role already.") % {"name": person.name})
        _persons.change_role(by=by, person_id=person_id, role=role, now=now)

    return _each(person_ids, _not_oneself(by, change))


def _staffed(by: int, group_id: int, now: datetime) -> tuple[models.Person, models.Group]:
    """Return who acts and an open group whose members they may choose, with the workspace locked."""
    actor = _checks.actor(by)
    group = _checks.group(actor, group_id)
    _members.may_staff(actor, group, now)
    _checks.locked(group.workspace_id)
    group.refresh_from_db()
    return actor, still_open(group, now)


def _switch(by: int, now: datetime, off: bool, person_id: int) -> None:
    person = _checks.colleague(_checks.actor(by), person_id)
    if off == (person.deactivated_at is not None):
        said = _("%(name)s is deactivated already.") if off else _("%(name)s is not deactivated.")
        raise Already(said % {"name": person.name})
    (_persons.deactivate if off else _persons.reactivate)(by=by, person_id=person_id, now=now)


def _not_oneself(by: int, act: _Act) -> _Act:
    def guarded(person_id: int) -> GroupRole | None:
        if person_id == by:
            raise Yourself(_("This is you. Your own access and role are changed alone, not along with others'."))
        return act(person_id)

    return guarded


def _each(person_ids: Sequence[int], act: _Act) -> list[Outcome]:
    """Do it for each once, in the order given. Who is refused is left as they were; the others are not held up."""
    if not 1 <= len(person_ids) <= MOST_AT_ONCE:
        raise errors.Invalid({"person_ids": [_("From 1 to %(most)d people.") % {"most": MOST_AT_ONCE}]})
    outcomes = []
    for person_id in dict.fromkeys(person_ids):
        try:
            with transaction.atomic():
                outcomes.append(Outcome(person_id, True, was=act(person_id)))
        except errors.NotFound:
            outcomes.append(Outcome(person_id, False, errors.NotFound.code, _("Nobody of your workspace.")))
        except (errors.Conflict, errors.Forbidden, errors.Invalid) as refusal:
            outcomes.append(Outcome(person_id, False, refusal.code, str(refusal)))
    return outcomes
