"""Before it goes out: when it reaches each time zone, and when its nudges would follow there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from announcements.delivery._values import Landing
from announcements.kernel.clocks import WorkingTime
from announcements.people import services as people
from announcements.publishing import services as publishing


def landing(
    *, by: int, audience: people.Audience, when: publishing.When, nudge_hours: Sequence[float], now: datetime
) -> tuple[Landing, ...]:
    """Return what happens in each time zone of an audience, the earliest first; raise Invalid or AudienceNotYours.

    Nudges are told for people as they work now; whoever is away longest is the last.
    """
    arriving = publishing.arrivals(by=by, audience=audience, when=when, now=now)
    workspace_id = people.person(person_id=by).workspace_id
    clocks: dict[str, list[WorkingTime]] = defaultdict(list)
    if nudge_hours:
        for clock in people.audience_clocks(workspace_id=workspace_id, audience=audience, at=now):
            clocks[clock.timezone].append(clock)
    return tuple(
        Landing(one.timezone, one.people, one.at, _nudges(one.at, clocks[one.timezone], nudge_hours))
        for one in arriving
    )


def _nudges(
    at: datetime, clocks: Sequence[WorkingTime], hours: Sequence[float]
) -> tuple[tuple[datetime, datetime], ...]:
    if not clocks:
        return ()
    moments = [[clock.next_moment(at + timedelta(hours=step)) for clock in clocks] for step in hours]
    return tuple((min(one), max(one)) for one in moments)
