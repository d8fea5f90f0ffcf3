"""A reorganization: several changes of groups, all of them on one date or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, _groups, _members, models
from announcements.people._group_values import Change, Close, End, Group, Move, Start, Term

MOST_CHANGES = 500


@transaction.atomic
def reorganize(*, by: int, changes: Sequence[Change], at: datetime | None = None, now: datetime) -> list[Group]:
    """Make several changes in the order given, all at `at` (now when not said); return the groups they touched, as they are then.

    Nothing is written unless all can be. Whoever may make each change alone may make them together. Raises Forbidden,
    GroupClosed, HasSubGroups, FilledByRule, or Invalid by field (`changes.3.parent_id`).
    """
    actor = _checks.actor(by)
    if not changes or len(changes) > MOST_CHANGES:
        raise errors.Invalid({"changes": [_("Name between 1 and %(most)d changes.") % {"most": MOST_CHANGES}]})
    moment = _checks.moment("at", at, now)
    _checks.locked(actor.workspace_id)
    for number, change in enumerate(changes):
        try:
            _make(actor, change, moment, now)
        except errors.Invalid as problem:
            fields = {f"changes.{number}.{name}": said for name, said in problem.fields.items()}
            raise errors.Invalid(fields) from None
    touched = dict.fromkeys(change.group_id for change in changes)
    return [_groups.group(by=by, group_id=group_id, at=moment) for group_id in touched]


def _make(actor: models.Person, change: Change, at: datetime, now: datetime) -> None:
    row = models.Group.objects.of(actor.workspace_id).filter(pk=change.group_id).first()
    if row is None:
        raise errors.Invalid({"group_id": [_("There is no such group.")]})
    if isinstance(change, Move | Close):
        _checks.admin(actor.pk)
    else:
        _members.may_staff(actor, row, now)
    match change:
        case Move(parent_id=parent_id):
            _groups.move(_groups.still_open(row, at), parent_id, actor.pk, at, now)
        case Close():
            _groups.close(row, actor.pk, at, now)
        case Start(person_id=person_id, role=role):
            _checks.one_of("role", role, {"member", "manager"})
            _members.start(row, _person(actor, person_id), role, Term(at), actor.pk, now)
        case End(person_id=person_id):
            _end(row, person_id, actor, at, now)


def _person(actor: models.Person, person_id: int) -> models.Person:
    try:
        return _checks.colleague(actor, person_id)
    except errors.NotFound:
        raise errors.Invalid({"person_id": [_("There is no such person.")]}) from None


def _end(row: models.Group, person_id: int, actor: models.Person, at: datetime, now: datetime) -> None:
    try:
        _members.end(row, person_id, actor.pk, at, now)
    except errors.NotFound:
        raise errors.Invalid({"person_id": [_("They are not in this group then.")]}) from None
