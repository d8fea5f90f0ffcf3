"""Many memberships and groups at once, as a list of people needs it. The trail has each under its person's name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from announcements.kernel import bulk, errors
from announcements.people import _checks, _placing, events, models
from announcements.people._group_values import told_of
from announcements.people._groups import tell


@transaction.atomic
def join_many(
    *, by: int, joins: Mapping[int, Collection[int]], through: str = "", now: datetime
) -> set[tuple[int, int]]:
    """Start people's time in groups, given by group; return the (group, person) that started. Raise Forbidden.

    Who is in a group already, or is planned to be, stays as they are; closed groups and those filled by a rule are left out.
    """
    admin = _checks.admin(by)
    _checks.locked(admin.workspace_id)
    open_ = models.Group.objects.of(admin.workspace_id).open(now).filter(pk__in=list(joins), rule__isnull=True)
    groups = {group.pk: group for group in open_}
    wanted = {(group_id, person_id) for group_id in groups for person_id in joins[group_id]}
    people = list({person_id for _group, person_id in wanted})
    ours = dict(models.Person.objects.of(admin.workspace_id).filter(pk__in=people).values_list("pk", "joined_at"))
    there = models.Membership.objects.filter(group__in=list(groups), person__in=people)
    there = there.filter(Q(ended_at=None) | Q(ended_at__gt=now))
    starts = {pair for pair in wanted - set(there.values_list("group_id", "person_id")) if pair[1] in ours}
    rows = [
        models.Membership(group_id=group, person_id=person, started_at=now, ended_at=groups[group].ended_at)
        for group, person in sorted(starts)
    ]
    fields = bulk.columns_of(models.Membership)
    bulk.insert(models.Membership, fields, [[getattr(row, field) for field in fields] for row in rows])
    # Nothing is kept for who has yet to come in: they are looked up when they do.
    tell({person for _group, person in starts if ours[person]}, now)
    _note(admin, "membership_started", rows, through, now)
    return starts


@transaction.atomic
def leave_many(
    *, by: int, leaves: Collection[tuple[int, int]], started_at: datetime, through: str = "", now: datetime
) -> set[tuple[int, int]]:
    """End memberships that started at that instant and go on, as (group, person); return those that ended. Raise Forbidden."""
    admin = _checks.admin(by)
    _checks.locked(admin.workspace_id)
    running = models.Membership.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=now), group__workspace_id=admin.workspace_id,
        person__in=[person for _group, person in leaves], role="member", started_at=started_at,
    )  # fmt: skip
    ending = [row for row in running.order_by("id") if (row.group_id, row.person_id) in leaves]
    models.Membership.objects.filter(pk__in=[row.pk for row in ending]).update(ended_at=now)
    for row in ending:
        row.ended_at = now
    tell({row.person_id for row in ending}, now)
    _note(admin, "membership_ended", ending, through, now)
    return {(row.group_id, row.person_id) for row in ending}


def _note(admin: models.Person, verb: str, rows: Sequence[models.Membership], through: str, now: datetime) -> None:
    noted = ((verb, f"group:{row.group_id}", told_of(row)) for row in rows)
    events.note_many(admin.workspace_id, by=admin.pk, at=now, through=through, noted=noted)


@transaction.atomic
def create_groups(*, by: int, names: Sequence[str], now: datetime) -> dict[str, int]:
    """Create groups filled by hand, and return their ids by the names given; raise Forbidden, Invalid, or Conflict when one is there."""
    admin = _checks.admin(by)
    _checks.locked(admin.workspace_id)
    rows = [
        models.Group(
            workspace_id=admin.workspace_id, name=(label := _checks.label("name", name)),
            compared=_checks.same_name(label), created_at=now,
        )
        for name in names
    ]  # fmt: skip
    try:
        with transaction.atomic():
            models.Group.objects.bulk_create(rows)
    except IntegrityError:
        raise errors.Conflict(_("There is a group of one of these names already.")) from None
    if rows:
        _note_groups(admin, "groups_created", rows, now)
    return {name: row.pk for name, row in zip(names, rows, strict=True)}


@transaction.atomic
def close_empty_groups(*, by: int, group_ids: Collection[int], now: datetime) -> set[int]:
    """Close those of these groups that nobody is in or planned for, and that have none below them; return which. Raise Forbidden."""
    admin = _checks.admin(by)
    _checks.locked(admin.workspace_id)
    goes_on = Q(ended_at=None) | Q(ended_at__gt=now)
    rows = models.Group.objects.of(admin.workspace_id).filter(pk__in=group_ids, ended_at=None, rule__isnull=True)
    rows = rows.exclude(pk__in=models.Membership.objects.filter(goes_on, group__in=group_ids).values("group_id"))
    rows = rows.exclude(pk__in=models.Placement.objects.filter(goes_on, parent__in=group_ids).values("parent_id"))
    closing = list(rows)
    for row in closing:
        _placing.leave_place(row, now)
    models.Group.objects.filter(pk__in=[row.pk for row in closing]).update(ended_at=now)
    if closing:
        _note_groups(admin, "groups_closed", closing, now)
    return {row.pk for row in closing}


def _note_groups(admin: models.Person, verb: str, rows: Sequence[models.Group], now: datetime) -> None:
    details = {"groups": len(rows), "names": [row.name for row in rows[:10]]}
    events.noted.send(
        sender=None, workspace_id=admin.workspace_id, by=admin.pk, verb=verb, subject="", details=details, at=now
    )
