"""The roll-ups of many announcements, added up by the database: by group or kind, and by week of publishing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from announcements.analytics import models
from announcements.analytics._privacy import large_enough
from announcements.analytics._shares import EVERYBODY
from announcements.people import services as people

WEEK = timedelta(days=7)
Whose = int | str  # a group, or a kind of announcement

ASKS = Q(announcement__due_at__isnull=False, announcement__withdrawn=False)
COUNTED = {"asked": "recipients", "on_time": "on_time", "confirmed": "acknowledged", "unprompted": "unprompted"}


@dataclass(frozen=True, slots=True)
class Share:
    """How many confirmations were asked for, how many came on time, and before any nudge; `confirmed` in all."""

    asked: int = 0
    on_time: int = 0
    confirmed: int = 0
    unprompted: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(
            self.asked + other.asked,
            self.on_time + other.on_time,
            self.confirmed + other.confirmed,
            self.unprompted + other.unprompted,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of a group and a week: all that asks to be confirmed, what of it is `due`, and how much reached people."""

    asks: Share = field(default_factory=Share)
    due: Share = field(default_factory=Share)
    recipients: int = 0
    minutes: int = 0
    at_work: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.asks + other.asks,
            self.due + other.due,
            self.recipients + other.recipients,
            self.minutes + other.minutes,
            self.at_work + other.at_work,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose numbers are asked for: these groups of a workspace, by group or by kind of announcement, small ones or not.

    `branches` are all groups of the workspace, by which small ones are known.
    """

    workspace_id: int
    group_ids: tuple[int, ...]
    by_kind: bool
    council: bool
    branches: tuple[people.Branch, ...] = ()

    def tallies(self, since: datetime) -> QuerySet[models.Tally]:
        """Return the tallies of what was published since then, each with `whose` it is."""
        rows = models.Tally.objects.filter(
            announcement__workspace_id=self.workspace_id,
            announcement__published_at__gte=since,
            group_id__in=self.group_ids,
        )
        rows = rows.annotate(whose=F("announcement__kind") if self.by_kind else F("group_id"))
        return rows.exclude(pk__in=self._veiled(since)) if self.council else rows

    def _veiled(self, since: datetime) -> list[int]:
        """Return the tallies from which, alone or beside any other of the company, something about fewer than five people follows."""
        if set(self.group_ids) <= {EVERYBODY}:
            return []
        found = dict[tuple[int, bool], dict[int, tuple[int, int]]]()
        rows = models.Tally.objects.filter(
            announcement__workspace_id=self.workspace_id, announcement__published_at__gte=since, recipients__gt=0
        )
        told = ("pk", "announcement_id", "announcement__everyone", "group_id", "recipients")
        for pk, about, everyone, group_id, many in rows.values_list(*told):
            found.setdefault((about, everyone), {})[group_id] = (pk, many)
        tree = {branch.id: branch for branch in self.branches}
        veiled = list[int]()
        for (_about, everyone), tallies in found.items():
            reached = {id: many for id, (_pk, many) in tallies.items()}
            shown = large_enough(sizes=reached, tree=tree, everyone=everyone)
            veiled += [
                pk for id, (pk, _many) in tallies.items() if id in self.group_ids and id not in {EVERYBODY, *shown}
            ]
        return veiled


def sums(*, scope: Scope, starts: datetime, weeks: int, now: datetime) -> dict[tuple[Whose, int], Sums]:
    """Return the sums of each group, or kind, and week; week 0 is the one that starts at `starts`, and as many before are below it."""
    zone = starts.tzinfo
    due = ASKS & Q(announcement__due_at__lte=now)
    rows = (
        scope.tallies(starts - weeks * WEEK)
        .annotate(week=TruncWeek("announcement__published_at", tzinfo=zone))
        .values("whose", "week")
        .annotate(
            **{f"all_{name}": Sum(column, filter=ASKS, default=0) for name, column in COUNTED.items()},
            **{f"due_{name}": Sum(column, filter=due, default=0) for name, column in COUNTED.items()},
            reached=Sum("recipients"),
            minutes=Sum(F("recipients") * F("announcement__minutes")),
            working=Sum("at_work"),
        )
    )
    return {(row["whose"], _number(row["week"], starts)): _read(row) for row in rows}


def _number(week: datetime, starts: datetime) -> int:
    return (week.date() - starts.date()).days // 7


def _read(row: Mapping[str, Any]) -> Sums:
    return Sums(
        asks=Share(**{name: row[f"all_{name}"] for name in COUNTED}),
        due=Share(**{name: row[f"due_{name}"] for name in COUNTED}),
        recipients=row["reached"],
        minutes=row["minutes"],
        at_work=row["working"],
    )
