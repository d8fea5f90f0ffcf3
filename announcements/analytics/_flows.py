"""Who writes to whom: how many announcements went from the people of one group to another, and how far they got."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from announcements.analytics import models
from announcements.analytics._asked import Asked, Weeks, asked
from announcements.analytics._counting import OPENED, READ
from announcements.analytics._folding import fold
from announcements.analytics._shares import EVERYBODY
from announcements.analytics._sums import Scope
from announcements.people import services as people

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """What authors of a group (0: of none of those shown) sent to another (0: to everyone): how many announcements, to how many
    recipients of each, how many of these opened and read it, and how many minutes of reading that was in all."""

    from_id: int
    to_id: int
    announcements: int
    recipients: int
    opened: int
    read: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Place:
    """A group in the table."""

    group_id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Flows:
    """Who wrote to whom: `groups` by name, the `flows` that there are between them, the largest first, and whom nobody wrote to but
    together with everyone."""

    groups: tuple[Place, ...]
    flows: tuple[Flow, ...]
    unaddressed: tuple[int, ...]


def flows(*, by: int, weeks: Weeks, kind: people.GroupKind, now: datetime) -> Flows:
    """Return who wrote to whom in the last weeks, by the groups of a kind; managers see what reached those they manage.

    An author counts in each group they belonged to then. What went to everyone is told once, and not as a flow to each group.
    Raises AlignmentNotYours.
    """
    who = asked(by, weeks, kind, now)
    fold(workspace_id=who.company.id)
    origins = {group.id: group for group in (*who.at_the_top, *who.groups)}
    found = [*_between(who, list(origins)), *_from_nowhere(who, list(origins))]
    # That something was sent tells nothing of its readers: small groups are looked at here too.
    written = set(_tallies(replace(who.scope(), council=False), who).values_list("group_id", flat=True).distinct())
    shown = {group.id for group in who.groups} | {flow.from_id for flow in found} & set(origins)
    places = sorted((origins[id] for id in shown), key=lambda group: (group.name, group.id))
    return Flows(
        groups=tuple(Place(group.id, group.name, group.people) for group in places),
        flows=tuple(sorted(found, key=lambda flow: (-flow.recipients, flow.from_id, flow.to_id))),
        unaddressed=tuple(group.id for group in who.groups if group.people and group.id not in written),
    )


def _tallies(scope: Scope, who: Asked) -> QuerySet[models.Tally]:
    """Return what reached the groups that are seen; everybody alone where it was for everyone."""
    to = Q(announcement__everyone=False) & ~Q(group_id=EVERYBODY)
    if who.whole:
        to |= Q(announcement__everyone=True, group_id=EVERYBODY)
    return scope.tallies(who.starts[0]).filter(to, recipients__gt=0)


def _between(who: Asked, origins: list[int]) -> Iterable[Flow]:
    rows = _tallies(who.scope(), who).filter(announcement__origins__group_id__in=origins)
    summed = _summed(rows.annotate(source=F("announcement__origins__group_id")), "source", who)
    return [_flow(row["source"], row) for row in summed]


def _from_nowhere(who: Asked, origins: list[int]) -> Iterable[Flow]:
    known = models.Origin.objects.filter(announcement_id=OuterRef("announcement_id"), group_id__in=origins)
    return [_flow(NOBODY, row) for row in _summed(_tallies(who.scope(), who).filter(~Exists(known)), None, who)]


def _summed(rows: QuerySet[models.Tally], source: str | None, who: Asked) -> Iterable[Mapping[str, Any]]:
    # Where no reading times are looked at, only who acknowledged has read.
    read = F("acknowledged") if who.council else READ
    summed: Iterable[Mapping[str, Any]] = rows.values(*([source] if source else []), "group_id").annotate(
        many=Count("pk"),
        reached=Sum("recipients"),
        seen=Sum(OPENED),
        done=Sum(read),
        length=Sum(F("recipients") * F("announcement__minutes")),
    )
    return summed


def _flow(source: int, row: Mapping[str, Any]) -> Flow:
    return Flow(
        from_id=source,
        to_id=row["group_id"],
        announcements=row["many"],
        recipients=row["reached"],
        opened=row["seen"],
        read=row["done"],
        minutes=row["length"],
    )
