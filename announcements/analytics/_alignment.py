"""Alignment: what people were asked to confirm, what they read and how soon, by group or topic and week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import get_args

from announcements.analytics import models
from announcements.analytics._asked import Asked, By, Weeks, asked
from announcements.analytics._health import Health, health
from announcements.analytics._paces import Times, times
from announcements.analytics._shares import EVERYBODY
from announcements.analytics._sums import WEEK, Share, Sums, Whose, sums
from announcements.analytics._weighing import WHILE_SOMEBODY_WAITS, stand
from announcements.people import services as people
from announcements.publishing import services as publishing

MOST_OPEN = 100
# What somebody manages is looked for among so many of the newest.
LOOKED_THROUGH = 500


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday on, on the company's clock; one is still running."""

    starts: datetime
    running: bool

    @property
    def monday(self) -> date:
        """Return the day it starts on."""
        return self.starts.date()


@dataclass(frozen=True, slots=True)
class Load:
    """How many announcements of any kind reached a person in a week, on average, and how many minutes of reading that was."""

    items: float
    minutes: float


@dataclass(frozen=True, slots=True)
class GroupAlignment:
    """Of a group, or a topic, the share of each week, in the order of the weeks, and of all of them.

    A topic is a kind of announcement: it has no `group_id` but 0, and everybody in it. `times` are None where the privacy profile
    has no reading times, `load` where a topic is told of, or the privacy profile leaves the group out.
    """

    group_id: int
    name: str
    people: int
    weeks: tuple[Share, ...]
    whole: Share
    times: Times | None = None
    load: Load | None = None


@dataclass(frozen=True, slots=True)
class Alignment:
    """Alignment over some weeks, of what is due by now, everywhere. `before` are as many weeks earlier.

    `items` is how many announcements of any kind reached a person in a week, on average; with `load`, `times` and `health` it is of
    everybody, and None or 0 for managers of groups. `by_week` adds up to `whole`. `open` are the newest
    hundred that asked to be confirmed, of those whose reach may be seen.
    """

    weeks: tuple[Week, ...]
    whole: Share
    before: Share
    items: float
    groups: tuple[GroupAlignment, ...]
    open: tuple[int, ...]
    by_week: tuple[Share, ...] = ()
    loads: tuple[Load, ...] = ()
    load: Load | None = None
    times: Times | None = None
    times_before: Times | None = None
    health: Health | None = None


def alignment(*, by: int, weeks: Weeks, kind: By, now: datetime) -> Alignment:
    """Return alignment over the last weeks, by the groups of a kind or by topic; managers see those they manage. Raises AlignmentNotYours."""
    who = asked(by, weeks, kind, now)
    stand(workspace_id=who.company.id, most=WHILE_SOMEBODY_WAITS if who.council else 0)
    summed = sums(scope=who.scope(by_kind=who.by_kind), starts=who.starts[0], weeks=weeks, now=now)
    paces = _paces(who, who.starts[0], by_kind=who.by_kind)
    mine = _mine(who, summed)
    before, lately = mine[:weeks], mine[weeks:]
    found = Alignment(
        weeks=tuple(Week(monday, running=monday + WEEK > now) for monday in who.starts),
        whole=sum((one.asks for one in lately), Share()),
        before=sum((one.asks for one in before), Share()),
        by_week=tuple(one.asks for one in lately),
        items=0.0,
        groups=tuple(_rows(who, summed, paces)),
        open=_open(who),
    )
    return _with_everybody(found, who, lately, paces) if who.whole else found


def _mine(who: Asked, summed: Mapping[tuple[Whose, int], Sums]) -> list[Sums]:
    """Return the sums of all that whoever asks sees together, week by week: as many before, and then those asked for."""
    weeks = len(who.starts)
    ids = {EVERYBODY} if who.whole else {group.id for group in who.groups}
    found = [Sums() for _week in range(2 * weeks)]
    for (whose, week), one in summed.items():
        if who.by_kind or whose in ids:
            found[week + weeks] += one
    return found


def _rows(
    who: Asked, summed: Mapping[tuple[Whose, int], Sums], paces: Mapping[Whose, Times]
) -> Iterable[GroupAlignment]:
    for whose, group_id, name, many in _whose(who, summed):
        weeks = [summed.get((whose, week), Sums()) for week in range(len(who.starts))]
        yield GroupAlignment(
            group_id=group_id,
            name=name,
            people=many,
            weeks=tuple(week.asks for week in weeks),
            whole=sum((week.asks for week in weeks), Share()),
            times=paces.get(whose),
            load=_load_of(who, sum(weeks, Sums()), many) if group_id else None,
        )


def _load_of(who: Asked, one: Sums, heads: int) -> Load | None:
    """Return a group's load; None where the privacy profile leaves out all that reached it, which is not to be told as nothing."""
    return None if who.council and not one.recipients else _load(one, heads, len(who.starts))


def _whose(who: Asked, summed: Mapping[tuple[Whose, int], Sums]) -> list[tuple[Whose, int, str, int]]:
    if not who.by_kind:
        return [(group.id, group.id, group.name, group.people) for group in who.groups]
    known = {str(whose) for whose, week in summed if week >= 0}
    return [(kind, 0, kind, 0) for kind in get_args(publishing.Kind) if kind in known]


def _with_everybody(found: Alignment, who: Asked, lately: Sequence[Sums], paces: Mapping[Whose, Times]) -> Alignment:
    """Return it with what is told of a whole company alone."""
    all_of_it, since, weeks = sum(lately, Sums()), who.starts[0], len(who.starts)
    heads = _heads(who)
    load = _load(all_of_it, heads, weeks)
    before = _paces(who, since - weeks * WEEK, since, together=True)
    own = _paces(who, since, together=True) if who.by_kind else paces
    return replace(
        found,
        items=load.items,
        load=load,
        loads=tuple(_load(week, heads, 1) for week in lately),
        times=own.get(EVERYBODY),
        times_before=before.get(EVERYBODY),
        health=health(
            workspace_id=who.company.id, since=since, recipients=all_of_it.recipients, at_work=all_of_it.at_work
        ),
    )


def _heads(who: Asked) -> int:
    return people.audience_size(workspace_id=who.company.id, audience=people.Audience(everyone=True), at=who.now)


def _load(one: Sums, heads: int, weeks: int) -> Load:
    each = max(1, heads) * weeks
    return Load(items=round(one.recipients / each, 1), minutes=round(one.minutes / each, 1))


def _paces(
    who: Asked, since: datetime, until: datetime | None = None, *, by_kind: bool = False, together: bool = False
) -> dict[Whose, Times]:
    """Return the times of each; nobody's where the privacy profile has no reading times."""
    if who.council:
        return {}
    clock = replace(
        who.company.working_time(who.company.timezone),
        calendars=(who.company.calendar,) if who.company.calendar else (),
    )
    until = until or who.starts[-1] + WEEK
    return times(
        scope=who.scope(by_kind=by_kind, together=together), since=since, until=until, clock=clock, now=who.now
    )


def _open(who: Asked) -> tuple[int, ...]:
    """Return the newest of what asked to be confirmed, as far as whoever asks may see how it landed."""
    rows = models.Kept.objects.filter(
        workspace_id=who.company.id,
        published_at__gte=who.starts[0] - len(who.starts) * WEEK,
        due_at__isnull=False,
        withdrawn=False,
    )
    ids = rows.order_by("-published_at", "announcement_id").values_list("announcement_id", flat=True)
    if who.whole:
        return tuple(ids[:MOST_OPEN])
    newest = list(ids[:LOOKED_THROUGH])
    theirs = publishing.managed(by=who.by, ids=newest, now=who.now)
    return tuple(id for id in newest if id in theirs)[:MOST_OPEN]
