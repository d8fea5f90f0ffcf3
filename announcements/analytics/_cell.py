"""A cell of alignment: what was asked of a group, or by a topic, in some weeks, announcement by announcement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.db.models import Sum as Total
from django.utils.translation import gettext as _

from announcements.analytics._asked import AlignmentNotYours, Asked, asked
from announcements.analytics._shares import EVERYBODY
from announcements.analytics._sums import ASKED, WEEK, Scope, Share, Whose
from announcements.analytics._weighing import WHILE_SOMEBODY_WAITS, stand
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

# A week is kept on the clock a company had when it was counted, which by now may be another.
ANY_CLOCK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Span:
    """Some weeks in a row, the first by any of its days."""

    since: date
    weeks: int = 1


@dataclass(frozen=True, slots=True)
class Ask:
    """An announcement that asked to be confirmed, and what has come of it within the group, or of everybody where a topic is told of.

    Once it is `due` it counts in the cell. Whoever asks `manages` it, or reads it, or may not read it: then its title and author are None.
    """

    announcement_id: int
    published_at: datetime
    due_at: datetime
    due: bool
    title: str | None
    author_id: int | None
    manages: bool
    share: Share


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell counts: `asks`, the newest first; those that are due add up to `whole`, which tells the others as not due. A group that the
    privacy profile leaves out of an announcement is not told of here either, and that it was is not."""

    monday: date
    name: str
    whole: Share
    asks: tuple[Ask, ...]


def cell(
    *, by: int, whose: Whose, span: Span, before: tuple[datetime, int] | None = None, limit: int = 50, now: datetime
) -> Cell:
    """Return what a cell of alignment counts, going on after the cursor `before`: a time of publishing, and an id.

    Raises AlignmentNotYours for who manages no group, and for managers who ask for a topic; NotFound for a group they do not manage.
    """
    who = asked(by, 4, "topic" if isinstance(whose, str) else "function", now)
    name = _name(who, whose)
    stand(workspace_id=who.company.id, most=WHILE_SOMEBODY_WAITS if who.council else 0)
    monday = span.since - timedelta(days=span.since.weekday())
    starts = datetime.combine(monday, time(), tzinfo=ZoneInfo(who.company.timezone))
    rows = _rows(who, whose, starts, span.weeks)
    found = rows.order_by("-at", "-announcement_id")
    if before:
        at, id = before
        found = found.filter(Q(at__lt=at) | Q(at=at, announcement_id__lt=id))
    return Cell(monday, name, _whole(rows, now), _asks(who, found[:limit]))


def _name(who: Asked, whose: Whose) -> str:
    if isinstance(whose, str):
        if not who.by_kind:
            raise AlignmentNotYours(_("Topics are told of to admins and owners: of a company as a whole."))
        return whose
    groups = people.groups(by=who.by, at=who.now)
    if found := next((one for one in groups if one.id == whose and (who.whole or one.manages)), None):
        return found.name
    raise errors.NotFound


def _rows(who: Asked, whose: Whose, starts: datetime, weeks: int) -> QuerySet[Any]:
    """Return the tallies that the cell adds up."""
    group_id = EVERYBODY if isinstance(whose, str) else whose
    scope = Scope(who.company.id, (group_id,), by_kind=isinstance(whose, str), council=who.council)
    until = starts + weeks * WEEK
    rows = scope.tallies(starts, until).filter(whose=whose, recipients__gt=0, announcement__due_at__isnull=False)
    rows = rows.filter(announcement__published_at__range=(starts - ANY_CLOCK, until + ANY_CLOCK))
    found: QuerySet[Any] = rows.annotate(at=F("announcement__published_at"), due=F("announcement__due_at"))
    return found


def _whole(rows: QuerySet[Any], now: datetime) -> Share:
    """Return what is due of it together, and how much is not."""
    due = Q(announcement__due_at__lte=now)
    summed = rows.aggregate(
        **{name: Total(column, filter=due) for name, column in ASKED.items()},
        not_due=Total(ASKED["asked"], filter=Q(announcement__due_at__gt=now)),
    )
    return Share(**{name: many or 0 for name, many in summed.items()})


def _asks(who: Asked, rows: QuerySet[Any]) -> tuple[Ask, ...]:
    found = list(rows.values("announcement_id", "at", "due", *ASKED.values()))
    ids = {row["announcement_id"] for row in found}
    managed = publishing.managed(by=who.by, ids=ids, now=who.now)
    said = managed | delivery.readable_many(by=who.by, announcement_ids=ids - managed.keys(), now=who.now)
    return tuple(
        Ask(
            announcement_id=id,
            published_at=row["at"],
            due_at=row["due"],
            due=row["due"] <= who.now,
            title=said[id].title if id in said else None,
            author_id=said[id].author_id if id in said else None,
            manages=id in managed,
            share=Share(**{name: row[column] for name, column in ASKED.items()}),
        )
        for row in found
        for id in (row["announcement_id"],)
    )
