"""Whom an audience means, and who may address it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.kernel.clocks import WorkingTime
from announcements.kernel.ids import InSpans, Spans
from announcements.people import _calendars, _checks, models
from announcements.people._audience_values import Attribute, AttributeField, Audience, Except, Zone
from announcements.people._tree import Tree, manages
from announcements.people._values import AudienceNotYours

MOST_IDS = 500
CLOCK = ("timezone", "work_days", "work_starts", "work_ends", "away")


def resolve(*, workspace_id: int, audience: Audience, at: datetime) -> list[int]:
    """Return the ids of who was meant at that instant: active then, once each, ascending.

    Joining, leaving, memberships and how groups nest are dated, so a reorganization changes no earlier answer. Attributes are
    not: they are those of now. Reactivating somebody forgets that they were away: whoever needs the answer for ever keeps it.
    """
    return list(meant(workspace_id, audience, at).order_by("id").values_list("pk", flat=True))


def is_meant(*, person_id: int, audience: Audience, at: datetime) -> bool:
    """Tell whether one person is among those whom `resolve` would return, without looking at the others; raise NotFound."""
    row = _checks.person_row(person_id)
    return meant(row.workspace_id, audience, at, only=row.pk).exists()


def audience_size(*, workspace_id: int, audience: Audience, at: datetime, besides: Spans | None = None) -> int:
    """Return how many are meant at an instant, or how many `besides` these."""
    rows = meant(workspace_id, audience, at).order_by()
    return (rows.exclude(InSpans(besides)) if besides else rows).count()


def audience_zones(*, workspace_id: int, audience: Audience, at: datetime) -> tuple[Zone, ...]:
    """Return how many an audience is by time zone, the largest first, each with one of its people."""
    rows = meant(workspace_id, audience, at).values_list("timezone").annotate(many=Count("pk"), somebody=Min("pk"))
    return tuple(Zone(*row) for row in rows.order_by("-many", "timezone"))


def audience_clocks(*, workspace_id: int, audience: Audience, at: datetime) -> tuple[WorkingTime, ...]:
    """Return the working times there are in an audience, each once, with the holidays of the company, or of the groups that name their own."""
    rows, company = meant(workspace_id, audience, at).order_by(), models.Workspace.objects.get(pk=workspace_id)
    usual = (company.calendar,) if company.calendar else ()
    if not company.group_calendars:
        return tuple({_hours(row, usual) for row in rows.values_list(*CLOCK).distinct()})
    calendars = _calendars.named(workspace_id)
    members = models.Membership.objects.at(None).filter(group_id__in=calendars).values("person_id")
    own = _calendars.by_groups(calendars, models.Membership.objects.filter(person__in=rows))
    inside = rows.filter(pk__in=members).values_list("pk", *CLOCK)
    found = {_hours(row, own.get(person_id, usual)) for person_id, *row in inside}
    return tuple(found | {_hours(row, usual) for row in rows.exclude(pk__in=members).values_list(*CLOCK).distinct()})


def _hours(row: Sequence[Any], calendars: tuple[str, ...]) -> WorkingTime:
    hours = models.Person(**dict(zip(CLOCK, row, strict=True))).working_time()
    return replace(hours, calendars=calendars)


def meant(workspace_id: int, audience: Audience, at: datetime, only: int | None = None) -> models.PersonQuerySet:
    """Return the rows of who was meant at that instant, of everybody or of one person. Nothing is read but groups and attributes."""
    active = models.Person.objects.of(workspace_id).active_at(at)
    if only is not None:
        active = active.filter(pk=only)
    left_out = audience.except_
    nested = Tree(workspace_id, at) if audience.group_ids or left_out.group_ids else None
    spelled = _spellings(active if only else models.Person.objects.of(workspace_id), audience)

    def any_of(chosen: Audience | Except) -> Q:
        found = Q(pk__in=chosen.person_ids)
        for field, values in _wanted(chosen).items():
            found |= Q(**{f"{field}__in": [one for one in spelled[field] if _checks.same_name(one) in values]})
        if nested and chosen.group_ids:
            inside = models.Membership.objects.at(at).filter(group_id__in=nested.below(chosen.group_ids))
            inside = inside if only is None else inside.filter(person_id=only)
            # Not EXISTS: PostgreSQL would expect it to cost so much that it compiles the query first.
            found |= Q(pk__in=inside.values("person_id"))
        return found

    rows: models.PersonQuerySet = active if audience.everyone else active.filter(any_of(audience))
    return rows if left_out == Except() else rows.exclude(any_of(left_out))


def _spellings(rows: models.PersonQuerySet, audience: Audience) -> dict[AttributeField, set[str]]:
    """Return how the attributes that an audience asks for are spelled, all of them in one look at these people.

    The spellings there are get compared here, not by the database, so that case and accents mean the same whatever it is.
    """
    fields = sorted({*_wanted(audience), *_wanted(audience.except_)})
    if not fields:
        return {}
    there = list(rows.order_by().values_list(*fields).distinct())
    return {field: {row[place] for row in there} for place, field in enumerate(fields)}


def _wanted(chosen: Audience | Except) -> dict[AttributeField, set[str]]:
    """Return the values that are asked for, as they are compared, by field."""
    found: dict[AttributeField, set[str]] = {}
    for one in chosen.attributes:
        found.setdefault(one.field, set()).add(_checks.same_name(one.value))
    return found


def check_audience(*, by: int, audience: Audience, at: datetime) -> None:
    """Raise Invalid on `audience` when nobody is chosen or an id is not of this workspace, AudienceNotYours when `by` may not address it.

    Admins and owners address anyone; a manager their groups with sub-groups, and people in these; a member nobody. An
    exception only takes away, so anything may be one.
    """
    actor = _checks.actor(by)
    if problems := _problems(actor.workspace_id, audience, at):
        raise errors.Invalid({"audience": problems})
    if actor.role == "member" and not _within(actor, audience, at):
        raise AudienceNotYours(_("You may publish to the groups you manage. Ask an admin to reach others."))


def _within(manager: models.Person, audience: Audience, at: datetime) -> bool:
    if audience.everyone or audience.attributes:
        return False
    if manages(person_id=manager.pk, group_ids=audience.group_ids, at=at) != set(audience.group_ids):
        return False
    persons = set(audience.person_ids)
    return not persons or persons <= set(
        managed_people(manager, at).filter(pk__in=persons).values_list("pk", flat=True)
    )


def managed_people(manager: models.Person, at: datetime) -> models.PersonQuerySet:
    """Return the rows of who was active at that instant in groups that somebody managed."""
    inside = models.Membership.objects.at(at).filter(group_id__in=managed_groups(manager, at)).values("person_id")
    rows: models.PersonQuerySet = models.Person.objects.of(manager.workspace_id).active_at(at).filter(pk__in=inside)
    return rows


def managed_groups(manager: models.Person, at: datetime) -> set[int]:
    """Return the groups that somebody managed at that instant, sub-groups included."""
    own = models.Membership.objects.at(at).filter(person=manager, role="manager").values_list("group_id", flat=True)
    return Tree(manager.workspace_id, at).below(own) if own else set()


def _problems(workspace_id: int, audience: Audience, at: datetime) -> list[str]:
    if not (audience.everyone or audience.group_ids or audience.person_ids or audience.attributes):
        return [_("Choose at least one group or person, or everyone.")]
    if problems := _unfit(workspace_id, audience):
        return problems
    named = {*audience.group_ids, *audience.except_.group_ids}
    closed = models.Group.objects.filter(pk__in=named, ended_at__lte=at).order_by("name", "id")
    return [_("%(name)s is closed. Choose another group.") % {"name": row.name} for row in closed]


def check_known(*, workspace_id: int, audience: Audience) -> None:
    """Raise Invalid on `audience`: too much named, groups and people that are not of this workspace, attributes that there are not."""
    if problems := _unfit(workspace_id, audience):
        raise errors.Invalid({"audience": problems})


def _unfit(workspace_id: int, audience: Audience) -> list[str]:
    both = (audience, audience.except_)
    if sum(len(one.group_ids) + len(one.person_ids) + len(one.attributes) for one in both) > MOST_IDS:
        return [_("At most %(most)d groups and people. Make a group for more.") % {"most": MOST_IDS}]
    return _unknown(workspace_id, audience) + [
        problem for part in both for one in part.attributes for problem in _faults(one)
    ]


def _faults(one: Attribute) -> list[str]:
    try:
        _checks.one_of("field", one.field, get_args(AttributeField))
        _checks.label(one.field, one.value)
        if one.field == "timezone":
            _checks.zone(one.value)
    except errors.Invalid as problem:
        return [f"{one.field}: {said}" for faults in problem.fields.values() for said in faults]
    return []


def _unknown(workspace_id: int, audience: Audience) -> list[str]:
    groups = {*audience.group_ids, *audience.except_.group_ids}
    persons = {*audience.person_ids, *audience.except_.person_ids}
    groups -= set(models.Group.objects.filter(workspace_id=workspace_id, pk__in=groups).values_list("pk", flat=True))
    persons -= set(models.Person.objects.of(workspace_id).filter(pk__in=persons).values_list("pk", flat=True))
    return [_("There is no group %(id)d.") % {"id": id} for id in sorted(groups)] + [
        _("There is no person %(id)d.") % {"id": id} for id in sorted(persons)
    ]


def may_publish(*, person_id: int, at: datetime) -> bool:
    """Tell whether this person may address anyone at all."""
    row = models.Person.objects.active().filter(pk=person_id).first()
    if row is None:
        return False
    return row.role != "member" or models.Membership.objects.at(at).filter(person=row, role="manager").exists()
