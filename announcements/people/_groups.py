"""Groups, and who is in them when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _checks, events, models
from announcements.people._values import Group, GroupKind, Membership, Person, as_person

KINDS = ("function", "division", "location", "project", "other")


@dataclass(frozen=True, slots=True)
class GroupChanges:
    """What may be changed about a group; None leaves it as it is, `parent_id` 0 takes it to the top."""

    name: str | None = None
    kind: GroupKind | None = None
    parent_id: int | None = None


class Tree:
    """The nesting of a workspace's groups, read once."""

    def __init__(self, workspace_id: int) -> None:
        self.parents: dict[int, int | None] = dict(
            models.Group.objects.filter(workspace_id=workspace_id).values_list("pk", "parent_id")
        )
        self._children: dict[int, list[int]] = {}
        for group_id, parent_id in self.parents.items():
            if parent_id:
                self._children.setdefault(parent_id, []).append(group_id)

    def below(self, group_ids: Collection[int]) -> set[int]:
        """Return these groups and all their sub-groups."""
        found: set[int] = set()
        waiting = list(group_ids)
        while waiting:
            group_id = waiting.pop()
            if group_id not in found:
                found.add(group_id)
                waiting += self._children.get(group_id, [])
        return found

    def above(self, group_id: int) -> list[int]:
        """Return this group and what it is part of, nearest first."""
        chain: list[int] = []
        here: int | None = group_id
        while here and here not in chain:
            chain.append(here)
            here = self.parents.get(here)
        return chain


def _as_membership(row: models.Membership) -> Membership:
    return Membership(
        group_id=row.group_id,
        person_id=row.person_id,
        role="manager" if row.role == "manager" else "member",
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _as_groups(workspace_id: int, rows: list[models.Group]) -> list[Group]:
    tree, members = Tree(workspace_id), _open_members(workspace_id)
    return [
        Group(
            id=row.pk,
            workspace_id=row.workspace_id,
            name=row.name,
            kind=row.kind,  # type: ignore[arg-type]  # checked on the way in
            parent_id=row.parent_id,
            people=len(set().union(*(members.get(group_id, set()) for group_id in tree.below([row.pk])))),
        )
        for row in rows
    ]


def _open_members(workspace_id: int) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = models.Membership.objects.filter(
        group__workspace_id=workspace_id, ended_at=None, person__joined_at__isnull=False, person__deactivated_at=None
    )
    for group_id, person_id in rows.values_list("group_id", "person_id"):
        found.setdefault(group_id, set()).add(person_id)
    return found


def groups(*, by: int) -> list[Group]:
    """Return the workspace's groups by name."""
    workspace_id = _checks.actor(by).workspace_id
    return _as_groups(workspace_id, list(models.Group.objects.filter(workspace_id=workspace_id).order_by("name", "id")))


def group(*, by: int, group_id: int) -> Group:
    """Return one group; raise NotFound."""
    actor = _checks.actor(by)
    return _as_groups(actor.workspace_id, [_checks.group(actor, group_id)])[0]


@transaction.atomic
def create_group(
    *, by: int, name: str, kind: GroupKind = "other", parent_id: int | None = None, now: datetime
) -> Group:
    """Create a group; raise Forbidden, or Invalid by field."""
    admin = _checks.admin(by)
    row = models.Group(workspace_id=admin.workspace_id, created_at=now)
    _apply(row, admin, GroupChanges(name=name, kind=kind, parent_id=parent_id))
    return _as_groups(admin.workspace_id, [row])[0]


@transaction.atomic
def update_group(*, by: int, group_id: int, changes: GroupChanges, now: datetime) -> Group:
    """Rename, re-label or move a group; raise Forbidden, NotFound, or Invalid by field (a group cannot be part of itself)."""
    admin = _checks.admin(by)
    # One mover at a time, or two moves could close a circle.
    models.Workspace.objects.select_for_update().get(pk=admin.workspace_id)
    row = _checks.group(admin, group_id)
    _apply(row, admin, changes)
    if changes.name is not None:
        events.names_changed.send(sender=None, workspace_id=row.workspace_id, at=now)
    everyone = models.Membership.objects.at(now).filter(group_id__in=Tree(admin.workspace_id).below([row.pk]))
    events.standing_changed.send(
        sender=None, person_ids=sorted(set(everyone.values_list("person_id", flat=True))), at=now
    )
    return _as_groups(admin.workspace_id, [row])[0]


def _apply(row: models.Group, admin: models.Person, changes: GroupChanges) -> None:
    if changes.name is not None:
        row.name = _checks.label("name", changes.name)
    if changes.kind is not None:
        row.kind = _checks.one_of("kind", changes.kind, KINDS)
    if changes.parent_id is not None:
        row.parent_id = _parent(row, admin, changes.parent_id)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise errors.Invalid({"name": [_("There is a group of this name already.")]}) from None


def _parent(row: models.Group, admin: models.Person, parent_id: int) -> int | None:
    if not parent_id:
        return None
    tree = Tree(admin.workspace_id)
    if parent_id not in tree.parents:
        raise errors.Invalid({"parent_id": [_("There is no such group.")]})
    if row.pk in tree.above(parent_id):
        raise errors.Invalid({"parent_id": [_("A group cannot be part of itself or of its own sub-groups.")]})
    return parent_id


def members(
    *, by: int, group_id: int, after: tuple[str, int] | None = None, limit: int = 50
) -> list[tuple[Person, Membership]]:
    """Return who is in a group now, by name after the cursor (name, id); raise NotFound."""
    row = _checks.group(_checks.actor(by), group_id)
    rows = row.memberships.filter(ended_at=None).select_related("person")
    if after is not None:
        rows = rows.filter(Q(person__name__gt=after[0]) | Q(person__name=after[0], person_id__gt=after[1]))
    return [(as_person(m.person), _as_membership(m)) for m in rows.order_by("person__name", "person_id")[:limit]]


def _may_staff(actor: models.Person, group_id: int, now: datetime) -> None:
    if actor.role == "member" and not manages(person_id=actor.pk, group_ids=[group_id], at=now):
        raise errors.Forbidden(_("Only the group's managers, admins and owners may do this."))


@transaction.atomic
def add_member(
    *, by: int, group_id: int, person_id: int, role: Literal["member", "manager"] = "member", now: datetime
) -> Membership:
    """Start somebody's time in a group, or change their role in it from now on; raise Forbidden, NotFound, Invalid or Conflict."""
    actor = _checks.actor(by)
    row = _checks.group(actor, group_id)
    _may_staff(actor, row.pk, now)
    _checks.one_of("role", role, {"member", "manager"})
    person = _checks.colleague(actor, person_id)
    running = row.memberships.filter(person=person, ended_at=None)
    if same := running.filter(role=role).first():
        return _as_membership(same)
    running.update(ended_at=now)
    try:
        with transaction.atomic():
            membership = models.Membership.objects.create(group=row, person=person, role=role, started_at=now)
    except IntegrityError:
        raise errors.Conflict(_("Somebody else has just changed this membership.")) from None
    events.standing_changed.send(sender=None, person_ids=[person.pk], at=now)
    return _as_membership(membership)


@transaction.atomic
def end_membership(*, by: int, group_id: int, person_id: int, now: datetime) -> None:
    """End somebody's time in a group; history keeps it. Raise Forbidden, or NotFound when they are not in it."""
    actor = _checks.actor(by)
    row = _checks.group(actor, group_id)
    _may_staff(actor, row.pk, now)
    if not row.memberships.filter(person_id=person_id, ended_at=None).update(ended_at=now):
        raise errors.NotFound
    events.standing_changed.send(sender=None, person_ids=[person_id], at=now)


def manages(*, person_id: int, group_ids: Collection[int], at: datetime) -> set[int]:
    """Return which of these groups the person managed at that instant, directly or by managing what they are part of."""
    own = set(
        models.Membership.objects.at(at).filter(person_id=person_id, role="manager").values_list("group_id", flat=True)
    )
    if not own:
        return set()
    tree = Tree(_checks.person_row(person_id).workspace_id)
    return set(group_ids) & tree.below(own)


def groups_of(*, person_ids: Collection[int], at: datetime) -> dict[int, tuple[int, ...]]:
    """Return each person's groups at that instant, with the groups those are part of; every id has an entry."""
    rows = models.Membership.objects.at(at).filter(person_id__in=person_ids)
    found: dict[int, set[int]] = {person_id: set() for person_id in person_ids}
    trees: dict[int, Tree] = {}
    for person_id, group_id, workspace_id in rows.values_list("person_id", "group_id", "group__workspace_id"):
        if workspace_id not in trees:
            trees[workspace_id] = Tree(workspace_id)
        found[person_id].update(trees[workspace_id].above(group_id))
    return {person_id: tuple(sorted(ids)) for person_id, ids in found.items()}


def group_names(*, workspace_id: int) -> dict[int, str]:
    """Return the names of a workspace's groups by id."""
    return dict(models.Group.objects.filter(workspace_id=workspace_id).values_list("pk", "name"))
