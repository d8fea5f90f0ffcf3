"""Which public holidays hold for whom: those of their groups that name some, else the company's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from announcements.kernel import errors, holidays
from announcements.people import models
from announcements.people._tree import Tree
from announcements.people._values import Person, as_person


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


def as_persons(rows: Sequence[models.Person]) -> list[Person]:
    """Return values with the holidays that hold for each; the rows hold their workspace."""
    own = _by_groups([row for row in rows if row.workspace.group_calendars])
    return [
        _with(row, own.get(row.pk) or ((row.workspace.calendar,) if row.workspace.calendar else ())) for row in rows
    ]


def _with(row: models.Person, calendars: tuple[str, ...]) -> Person:
    person = as_person(row)
    return replace(person, working_time=replace(person.working_time, calendars=calendars)) if calendars else person


def _by_groups(rows: Sequence[models.Person]) -> dict[int, tuple[str, ...]]:
    """Return the calendars of the groups that each is in, and of what those are part of, as it is planned to stay."""
    found: dict[int, set[str]] = {}
    for workspace_id in {row.workspace_id for row in rows}:
        named = models.Group.objects.of(workspace_id).exclude(calendar="").values_list("pk", "calendar")
        tree, inside = Tree(workspace_id), models.Membership.objects.at(None).filter(person__in=rows)
        for group_id, calendar in named:
            members = inside.filter(group_id__in=tree.below([group_id])).values_list("person_id", flat=True)
            for person_id in members:
                found.setdefault(person_id, set()).add(calendar)
    return {person_id: tuple(sorted(codes)) for person_id, codes in found.items()}


def follow(workspace_id: int) -> None:
    """Note whether any group names a calendar; call with the workspace locked."""
    any_group = models.Group.objects.of(workspace_id).exclude(calendar="").exists()
    models.Workspace.objects.filter(pk=workspace_id).update(group_calendars=any_group)
