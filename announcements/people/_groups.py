"""Groups: what they are, how they nest at an instant, how they change and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import _calendars, _checks, _filling, _placing, _rules, events, models
from announcements.people._group_values import (
    NOTHING_MORE,
    About,
    Group,
    GroupChanges,
    GroupClosed,
    GroupKind,
    Manager,
    as_placement,
)
from announcements.people._tree import Tree

KINDS = ("function", "division", "location", "project", "other")
MOST_LETTERS = 500


def groups(*, by: int, at: datetime | None = None, closed: bool = False) -> list[Group]:
    """Return the workspace's groups by name as they are at an instant, closed ones only when asked for.

    Without an instant: as they are planned to stay. Groups made later are left out.
    """
    actor = _checks.actor(by)
    rows = models.Group.objects.of(actor.workspace_id)
    rows = rows if at is None else rows.filter(created_at__lte=at)
    rows = rows if closed else rows.open(at)
    return _as_groups(actor, list(rows.order_by("name", "id")), at)


def group(*, by: int, group_id: int, at: datetime | None = None) -> Group:
    """Return one group as it is at an instant, closed or not; raise NotFound."""
    actor = _checks.actor(by)
    return _as_groups(actor, [_checks.group(actor, group_id)], at)[0]


def group_names(*, workspace_id: int) -> dict[int, str]:
    """Return the names of a workspace's groups by id, closed ones too."""
    return dict(models.Group.objects.of(workspace_id).values_list("pk", "name"))


@transaction.atomic
def create_group(
    *,
    by: int,
    name: str,
    kind: GroupKind = "other",
    parent_id: int | None = None,
    about: About = NOTHING_MORE,
    now: datetime,
) -> Group:
    """Create a group; raise Forbidden, or Invalid by field."""
    admin = _checks.admin(by)
    _checks.locked(admin.workspace_id)
    row = models.Group(workspace_id=admin.workspace_id, created_at=now)
    _apply(row, GroupChanges(name, kind, about.description, about.calendar, rule=about.rule), now)
    if parent_id:
        _placing.place(row, parent_id, now)
    if row.rule:
        _filling.refill(row, now)
    _note(row, by, "group_created", {"name": row.name}, now)
    return group(by=by, group_id=row.pk, at=now)


@transaction.atomic
def update_group(*, by: int, group_id: int, changes: GroupChanges, now: datetime) -> Group:
    """Rename, re-label, describe, fill or move a group from now on.

    Raises Forbidden, NotFound, GroupClosed, or Invalid by field (a group cannot be part of itself).
    """
    admin = _checks.admin_of(by, group_id)
    _checks.locked(admin.workspace_id)
    row = still_open(_checks.group(admin, group_id), now)
    rule = row.rule
    _apply(row, changes, now)
    if changes.parent_id is not None:
        move(row, changes.parent_id, by, now, now)
    if changes.rule is not None and row.rule != rule:
        models.Group.objects.filter(pk=row.pk).update(rule_due_at=None)
        if row.rule:
            _filling.refill(row, now)
    given = [name for name in GroupChanges.__slots__ if getattr(changes, name) is not None and name != "parent_id"]
    if changes.name is not None:
        events.names_changed.send(sender=None, workspace_id=row.workspace_id, at=now)
    if given:
        _note(row, by, "group_changed", {"fields": given}, now)
    return group(by=by, group_id=row.pk, at=now)


def move(row: models.Group, parent_id: int | None, by: int, at: datetime, now: datetime) -> None:
    """Hang a group below another, or at the top, from `at` on. Call with the workspace locked."""
    if not _placing.place(row, parent_id, at):
        return
    below = Tree(row.workspace_id, at).below([row.pk])
    tell(set(models.Membership.objects.at(at).filter(group_id__in=below).values_list("person_id", flat=True)), now)
    _note(row, by, "group_moved", {"parent_id": parent_id or None, "from": at.isoformat()}, now)


@transaction.atomic
def close_group(*, by: int, group_id: int, at: datetime | None = None, now: datetime) -> Group:
    """Close a group, now or at a later time: its memberships end then, and it stays readable.

    Raises Forbidden, NotFound, GroupClosed, HasSubGroups, or Invalid on `at`.
    """
    admin = _checks.admin_of(by, group_id)
    _checks.locked(admin.workspace_id)
    row = _checks.group(admin, group_id)
    close(row, by, _checks.moment("at", at, now), now)
    return group(by=by, group_id=row.pk, at=now)


@transaction.atomic
def keep_group(*, by: int, group_id: int, now: datetime) -> Group:
    """Drop the plan to close a group: what was to end with it goes on. Raise Forbidden, NotFound, GroupClosed or Conflict."""
    admin = _checks.admin_of(by, group_id)
    _checks.locked(admin.workspace_id)
    row = still_open(_checks.group(admin, group_id), now)
    if row.ended_at is None:
        raise errors.Conflict(_("Nobody plans to close %(name)s.") % {"name": row.name})
    _keep(row)
    tell(set(row.memberships.at(now).values_list("person_id", flat=True)), now)
    _note(row, by, "group_kept", {}, now)
    return group(by=by, group_id=row.pk, at=now)


def _keep(row: models.Group) -> None:
    for ending in (row.memberships, row.placements):
        ending.filter(ended_at=row.ended_at).update(ended_at=None)
    row.ended_at = None
    row.save(update_fields=["ended_at"])


def close(row: models.Group, by: int, at: datetime, now: datetime) -> None:
    """Close a group at an instant, and end what is planned beyond it. Call with the workspace locked."""
    still_open(row, now)
    if row.ended_at:
        _keep(row)
    _placing.check_nothing_below(row, at)
    _placing.leave_place(row, at)
    running = row.memberships.filter(Q(ended_at=None) | Q(ended_at__gt=at))
    people = set(running.values_list("person_id", flat=True))
    running.filter(started_at__gte=at).delete()
    running.update(ended_at=at)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    tell(people, now)
    _note(row, by, "group_closed", {"from": at.isoformat()}, now)


def still_open(row: models.Group, now: datetime) -> models.Group:
    """Return the row; raise GroupClosed when it is closed by now."""
    if row.ended_at and row.ended_at <= now:
        raise GroupClosed(_("%(name)s is closed. It can be read, not changed.") % {"name": row.name})
    return row


def tell(person_ids: Collection[int], now: datetime) -> None:
    """Tell those above that these people's place changed."""
    if person_ids:
        events.standing_changed.send(sender=None, person_ids=sorted(person_ids), at=now)


def _note(row: models.Group, by: int, verb: str, details: dict[str, Any], now: datetime) -> None:
    subject = f"group:{row.pk}"
    events.noted.send(
        sender=None, workspace_id=row.workspace_id, by=by, verb=verb, subject=subject, details=details, at=now
    )


def _apply(row: models.Group, changes: GroupChanges, now: datetime) -> None:
    """Write all but where it hangs."""
    _describe(row, changes)
    taken = errors.Invalid({"name": [_("There is a group of this name already.")]})
    if models.Group.objects.of(row.workspace_id).open(now).filter(compared=row.compared).exclude(pk=row.pk).exists():
        raise taken
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise taken from None
    if changes.calendar is not None:
        _calendars.follow(row.workspace_id)


def _describe(row: models.Group, changes: GroupChanges) -> None:
    if changes.name is not None:
        row.name = _checks.label("name", changes.name)
        row.compared = _checks.same_name(row.name)
    if changes.kind is not None:
        row.kind = _checks.one_of("kind", changes.kind, KINDS)
    if changes.description is not None:
        row.description = _checks.label("description", changes.description, most=MOST_LETTERS, empty=True)
    if changes.calendar is not None:
        row.calendar = _calendars.checked(changes.calendar)
    if changes.rule is not None:
        row.rule = _rules.checked(changes.rule)


def _as_groups(actor: models.Person, rows: Sequence[models.Group], at: datetime | None) -> list[Group]:
    tree = Tree(actor.workspace_id, at)
    memberships = models.Membership.objects.at(at).filter(group__workspace_id=actor.workspace_id)
    own = memberships.filter(person=actor, role="manager").values_list("group_id", flat=True)
    managed = set(tree.parents) if actor.role != "member" else tree.below(own)
    ids = [row.pk for row in rows]
    managers, placements = _managers(memberships.filter(group__in=ids)), _placements(ids)
    everybody = models.Person.objects.filter(workspace_id=actor.workspace_id)
    counts = count_people(tree, ids, memberships, but=everybody.exclude(joined_at__isnull=False, deactivated_at=None))
    return [
        Group(
            id=row.pk,
            workspace_id=row.workspace_id,
            name=row.name,
            kind=row.kind,  # type: ignore[arg-type]  # checked on the way in
            description=row.description,
            calendar=row.calendar,
            rule=(rule := _rules.as_rule(row.rule)),
            rule_in_words=_rules.in_words(rule),
            filling=bool(row.rule_due_at and at and row.rule_due_at <= at),
            parent_id=tree.parents.get(row.pk),
            placements=tuple(as_placement(one) for one in placements.get(row.pk, ())),
            managers=tuple(managers.get(row.pk, ())),
            manages=row.pk in managed,
            people=counts.get(row.pk, 0),
            created_at=row.created_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def _managers(memberships: models.MembershipQuerySet) -> Mapping[int, list[Manager]]:
    found: dict[int, list[Manager]] = {}
    rows = memberships.filter(role="manager", person__deactivated_at=None).order_by("person__name", "person_id")
    for group_id, person_id, name in rows.values_list("group_id", "person_id", "person__name"):
        found.setdefault(group_id, []).append(Manager(person_id, name))
    return found


def _placements(group_ids: Collection[int]) -> Mapping[int, list[models.Placement]]:
    found: dict[int, list[models.Placement]] = {}
    for row in models.Placement.objects.filter(group__in=group_ids).order_by("started_at", "id"):
        found.setdefault(row.group_id, []).append(row)
    return found


def count_people(
    tree: Tree,
    group_ids: Collection[int],
    memberships: models.MembershipQuerySet,
    but: models.PersonQuerySet | None = None,
) -> Mapping[int, int]:
    """Count each group's people; those of sub-groups too, once each; nobody of `but`, who are few: they are counted, and taken off.

    The database adds up; only who is in several groups that nest is looked at one by one, and taken off where counted twice.
    """
    families = {group_id: tree.below([group_id]) for group_id in group_ids}
    counted = memberships.filter(group__in=set().union(*families.values()))
    direct = _by_group(counted)
    if but is not None:
        direct.subtract(_by_group(counted.filter(person__in=but)))
        memberships = memberships.exclude(person__in=but)
    found = {group_id: sum(direct[one] for one in family) for group_id, family in families.items()}
    nested = set().union(*(family for family in families.values() if len(family) > 1))
    for group_ids_of_one in _in_several(memberships.filter(group__in=nested)) if nested else ():
        for group_id, times in Counter(up for one in group_ids_of_one for up in tree.above(one)).items():
            if group_id in found:
                found[group_id] -= times - 1
    return found


def _by_group(memberships: models.MembershipQuerySet) -> Counter[int]:
    return Counter(dict(memberships.values_list("group_id").annotate(n=Count("pk"))))


def _in_several(memberships: models.MembershipQuerySet) -> Collection[set[int]]:
    """Return the groups of each person who is in more than one of them."""
    several = memberships.values("person_id").annotate(n=Count("pk")).filter(n__gt=1).values("person_id")
    found: dict[int, set[int]] = {}
    for group_id, person_id in memberships.filter(person__in=several).values_list("group_id", "person_id"):
        found.setdefault(person_id, set()).add(group_id)
    return found.values()
