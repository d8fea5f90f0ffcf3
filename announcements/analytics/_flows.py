"""Who writes to whom: how many announcements went from the people of one group to another, and how far they got."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum

from announcements.analytics import models
from announcements.analytics._asked import Asked, Weeks, asked
from announcements.analytics._shares import EVERYBODY
from announcements.analytics._weighing import WHILE_SOMEBODY_WAITS, stand
from announcements.people import services as people

NOBODY = 0
COUNTED = ("announcements", "recipients", "opened", "read", "acknowledged", "minutes")


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
    stand(workspace_id=who.company.id, most=WHILE_SOMEBODY_WAITS if who.council else 0)
    origins = {group.id: group for group in (*who.at_the_top, *who.groups)}
    rows = _rows(who)
    found = _flows(rows, set(origins), council=who.council)
    # That something was sent tells nothing of its readers: small groups are looked at here too.
    written = {row["group_id"] for row in rows}
    shown = {group.id for group in who.groups} | {flow.from_id for flow in found} & set(origins)
    places = sorted((origins[id] for id in shown), key=lambda group: (group.name, group.id))
    return Flows(
        groups=tuple(Place(group.id, group.name, group.people) for group in places),
        flows=tuple(sorted(found, key=lambda flow: (-flow.recipients, flow.from_id, flow.to_id))),
        unaddressed=tuple(group.id for group in who.groups if group.people and group.id not in written),
    )


def _rows(who: Asked) -> list[Mapping[str, Any]]:
    """Return what reached the groups that are seen, by the groups of its authors; everybody alone where it was for everyone."""
    ids = [group.id for group in who.groups] + [EVERYBODY] * who.whole
    rows = models.Sent.objects.filter(
        workspace_id=who.company.id, week__gte=who.starts[0].date(), group_id__in=ids, announcements__gt=0
    )
    summed = rows.values("origins", "group_id", "shown").annotate(**{f"all_{name}": Sum(name) for name in COUNTED})
    return [*summed.order_by()]


def _flows(rows: Iterable[Mapping[str, Any]], origins: set[int], *, council: bool) -> list[Flow]:
    """Return them by each of these groups that their authors were in; by none where they were in no such group."""
    found = defaultdict[tuple[int, int], Counter[str]](Counter)
    for row in rows:
        if row["shown"] or not council:
            sources = origins & {int(id) for id in row["origins"].split()} or {NOBODY}
            for source in sources:
                found[source, row["group_id"]].update({name: row[f"all_{name}"] for name in COUNTED})
    # Where no reading times are looked at, only who acknowledged has read.
    return [
        Flow(
            from_id=source,
            to_id=to,
            announcements=many["announcements"],
            recipients=many["recipients"],
            opened=many["opened"],
            read=many["acknowledged" if council else "read"],
            minutes=many["minutes"],
        )
        for (source, to), many in found.items()
    ]
