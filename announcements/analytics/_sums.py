"""The roll-ups of many announcements, added up by group or kind, and by week of publishing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum

from announcements.analytics import models

WEEK = timedelta(days=7)
Whose = int | str  # a group, or a kind of announcement

ASKED = {"asked": "recipients", "on_time": "on_time", "confirmed": "acknowledged", "unprompted": "unprompted"}
REACHED = ("recipients", "minutes", "at_work")


@dataclass(frozen=True, slots=True)
class Share:
    """How many confirmations that are due by now were asked for, how many came on time, and before any nudge; `confirmed` in all.

    `not_due` were asked for too, and may come in time yet: they are in none of the others.
    """

    asked: int = 0
    on_time: int = 0
    confirmed: int = 0
    unprompted: int = 0
    not_due: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(
            self.asked + other.asked,
            self.on_time + other.on_time,
            self.confirmed + other.confirmed,
            self.unprompted + other.unprompted,
            self.not_due + other.not_due,
        )

    def without(self, early: Share) -> Share:
        """Return it less what is not due yet, which is told apart."""
        return Share(
            self.asked - early.asked,
            self.on_time - early.on_time,
            self.confirmed - early.confirmed,
            self.unprompted - early.unprompted,
            early.asked,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of a group and a week: what asks to be confirmed, and how much reached people."""

    asks: Share = field(default_factory=Share)
    recipients: int = 0
    minutes: int = 0
    at_work: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.asks + other.asks,
            self.recipients + other.recipients,
            self.minutes + other.minutes,
            self.at_work + other.at_work,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose numbers are asked for: these groups of a workspace, by group or by kind of announcement, small ones or not."""

    workspace_id: int
    group_ids: tuple[int, ...]
    by_kind: bool
    council: bool

    def sums(self, since: datetime, until: datetime) -> QuerySet[Any]:
        """Return the sums of what was published from one Monday to another, each with `whose` it is."""
        rows = models.Sum.objects.filter(
            workspace_id=self.workspace_id, week__gte=since.date(), week__lt=until.date(), group_id__in=self.group_ids
        )
        rows = rows.annotate(whose=F("kind" if self.by_kind else "group_id"))
        return rows.filter(shown=True) if self.council else rows

    def tallies(self, since: datetime, until: datetime) -> QuerySet[Any]:
        """Return the tallies themselves, of each announcement."""
        rows = models.Tally.objects.filter(
            announcement__workspace_id=self.workspace_id,
            announcement__week__gte=since.date(),
            announcement__week__lt=until.date(),
            announcement__withdrawn=False,
            group_id__in=self.group_ids,
        )
        rows = rows.annotate(whose=F("announcement__kind" if self.by_kind else "group_id"))
        return rows.filter(shown=True) if self.council else rows


def sums(*, scope: Scope, starts: datetime, weeks: int, now: datetime) -> dict[tuple[Whose, int], Sums]:
    """Return the sums of each group, or kind, and week; week 0 is the one that starts at `starts`, and as many before are below it."""
    since, until = starts - weeks * WEEK, starts + weeks * WEEK
    rows = scope.sums(since, until).values("whose", "week").order_by()
    early = _not_due(scope, since, until, now)
    found = dict[tuple[Whose, int], Sums]()
    for row in rows.annotate(**{f"all_{name}": Sum(name) for name in (*ASKED, *REACHED)}):
        asks = _share(row).without(early.get((row["whose"], row["week"]), Share()))
        reached = {name: row[f"all_{name}"] for name in REACHED}
        found[row["whose"], (row["week"] - starts.date()).days // 7] = Sums(asks, **reached)
    return found


def _not_due(scope: Scope, since: datetime, until: datetime, now: datetime) -> dict[tuple[Whose, date], Share]:
    """Return what of it may be confirmed in time yet: few announcements, of the last days."""
    rows = scope.tallies(since, until).filter(announcement__due_at__gt=now).values("whose", "announcement__week")
    summed = rows.annotate(**{f"all_{name}": Sum(column) for name, column in ASKED.items()}).order_by()
    return {(row["whose"], row["announcement__week"]): _share(row) for row in summed}


def _share(row: Mapping[str, Any]) -> Share:
    return Share(**{name: row[f"all_{name}"] for name in ASKED})
