"""Which public holidays hold for whom: those of their groups that name some, else the company's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from announcements.kernel import errors, holidays
from announcements.people import models
from announcements.people._tree import Tree
from announcements.people._values import Person


def checked(given: str) -> str:
    """Return the code of a calendar, or nothing; raise Invalid."""
    if given and not holidays.known(given):
        raise errors.Invalid({"calendar": [_("There is no such calendar. Use a code such as PT or DE-BY.")]})
    return given


def holidays_ahead(*, calendar: str, now: datetime) -> list[tuple[date, str]]:
    """Return the days of a calendar from today on, for a year, with what they are called; raise NotFound."""
    if not holidays.known(calendar):
        raise errors.NotFound
    first, last = now.date(), now.date() + timedelta(days=365)
    found = {**holidays.days(calendar, first.year), **holidays.days(calendar, last.year)}
    return sorted((day, name) for day, name in found.items() if first <= day <= last)


def with_holidays(persons: Sequence[Person]) -> list[Person]:
    """Return these with the holidays that hold for each."""
    ids = {person.workspace_id for person in persons}
    companies = models.Workspace.objects.filter(pk__in=ids).values_list("pk", "calendar", "group_calendars")
    usual, own = dict[int, tuple[str, ...]](), dict[int, tuple[str, ...]]()
    for workspace_id, calendar, group_calendars in companies:
        usual[workspace_id] = (calendar,) if calendar else ()
        if group_calendars:
            here = [person.id for person in persons if person.workspace_id == workspace_id]
            own |= by_groups(named(workspace_id), models.Membership.objects.filter(person__in=here))
    return [_with(person, own.get(person.id) or usual[person.workspace_id]) for person in persons]


def _with(person: Person, calendars: tuple[str, ...]) -> Person:
    return replace(person, working_time=replace(person.working_time, calendars=calendars)) if calendars else person


def named(workspace_id: int) -> dict[int, set[str]]:
    """Return the calendars that groups name for themselves, or for those that are part of them, by group."""
    found: dict[int, set[str]] = {}
    tree = Tree(workspace_id)
    naming = models.Group.objects.of(workspace_id).exclude(calendar="")
    for group_id, calendar in naming.values_list("pk", "calendar"):
        for below in tree.below([group_id]):
            found.setdefault(below, set()).add(calendar)
    return found


def by_groups(
    calendars: Mapping[int, set[str]], memberships: QuerySet[models.Membership]
) -> dict[int, tuple[str, ...]]:
    """Return the calendars of the groups that each person is in, of these memberships as they are planned to stay."""
    found: dict[int, set[str]] = {}
    inside = memberships & models.Membership.objects.at(None).filter(group_id__in=calendars)
    for person_id, group_id in inside.values_list("person_id", "group_id"):
        found.setdefault(person_id, set()).update(calendars[group_id])
    return {person_id: tuple(sorted(codes)) for person_id, codes in found.items()}


def follow(workspace_id: int) -> None:
    """Note whether any group names a calendar; call with the workspace locked."""
    any_group = models.Group.objects.of(workspace_id).exclude(calendar="").exists()
    models.Workspace.objects.filter(pk=workspace_id).update(group_calendars=any_group)
