"""The door of analytics: did an announcement land, where, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from announcements.analytics import _folding, _rebuilding, events
from announcements.analytics._alignment import Alignment, Load, alignment
from announcements.analytics._asked import AlignmentNotYours, Weeks
from announcements.analytics._asked import By as AlignmentBy
from announcements.analytics._counting import (
    Counts,
    GroupReach,
    by_channel,
    by_group,
    by_hour,
    totals,
    without_dwell,
)
from announcements.analytics._curve import Point, curve
from announcements.analytics._flows import Flow, Flows, flows
from announcements.analytics._folding import fold, note, noted_in, standing_changed
from announcements.analytics._health import Health
from announcements.analytics._paces import Times
from announcements.analytics._privacy import large_enough
from announcements.analytics._rebuilding import check, corrected, count_anew, forget, open_book, sweep, withdrawn
from announcements.analytics._retention import forget_by_age
from announcements.analytics._values import GotTo, Landed, Missing, NamesNotShown, Reach
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing

__all__ = [
    "Alignment",
    "AlignmentBy",
    "AlignmentNotYours",
    "Counts",
    "Flow",
    "Flows",
    "GroupReach",
    "Health",
    "Landed",
    "Load",
    "Missing",
    "NamesNotShown",
    "Point",
    "Reach",
    "Times",
    "Weeks",
    "alignment",
    "check",
    "corrected",
    "count_anew",
    "flows",
    "fold",
    "forget",
    "forget_by_age",
    "missing",
    "note",
    "noted_in",
    "open_book",
    "overview",
    "reach",
    "standing_changed",
    "sweep",
    "withdrawn",
]

ALL_CLOCKS = timedelta(hours=30)


def reach(*, by: int, announcement_id: int, now: datetime) -> Reach:
    """Return how an announcement landed; NotFound unless `by` is its author, a manager of its groups, an admin or an owner.

    Raises publishing.NotPublished for a draft.
    """
    announcement = _published(by=by, announcement_id=announcement_id, now=now)
    _rebuilding.stand_many(announcement_ids=[announcement_id], now=now)
    total = totals([announcement_id])[announcement_id]
    groups = people.groups(by=by, at=_at(announcement))
    inside = by_group(announcement_id=announcement_id, groups=groups, audience=announcement.audience)
    privacy = _privacy(announcement)
    shown = inside
    channel_of: Literal["opened", "acknowledged"] = "acknowledged" if announcement.ask_acknowledge else "opened"
    if privacy == "works_council":
        total = replace(total, counts=without_dwell(total.counts))
        shown = large_enough(
            total=total.counts.recipients,
            groups=[without_dwell(group) for group in inside],
            parents={group.id: group.parent_id for group in groups},
        )
    return Reach(
        recipients=total.counts.recipients,
        on_the_way=_on_the_way(announcement, now),
        displayed=total.counts.displayed,
        opened=total.counts.opened,
        read=total.counts.read,
        acknowledged=total.counts.acknowledged,
        deactivated=total.left,
        by_group=shown,
        groups_hidden=len(inside) - len(shown),
        by_channel=by_channel(announcement_id=announcement_id, fact=channel_of),
        channel_of=channel_of,
        on_time=total.on_time,
        unprompted=total.unprompted,
        progress=delivery.progress(announcement_id=announcement_id),
        curve=curve(published_at=_at(announcement), hours=by_hour(announcement_id=announcement_id), now=now),
        privacy=privacy,
        names=announcement.ask_acknowledge or privacy == "open",
    )


def _privacy(announcement: publishing.Announcement) -> people.Privacy:
    return people.workspace(workspace_id=announcement.workspace_id).privacy  # type: ignore[return-value]  # checked on the way in


def _on_the_way(announcement: publishing.Announcement, now: datetime) -> int:
    # Within a day and a bit every clock on earth has shown every time.
    if announcement.own_clock is None or now - _at(announcement) > ALL_CLOCKS:
        return 0
    waiting = delivery.on_the_way(announcement_id=announcement.id, now=now)
    return len(waiting) - len(_folding.gone_of(waiting))


def missing(
    *, by: int, announcement_id: int, now: datetime, after: tuple[str, int] | None = None, limit: int = 50
) -> list[Missing]:
    """Return who has yet to acknowledge, by name and id, those past `after`; the rights of `reach`. Each look is noted.

    Where nobody was asked to, the profile *open* names who has yet to read. Raises NamesNotShown where the privacy profile names
    nobody, publishing.NotPublished for a draft.
    """
    announcement = _published(by=by, announcement_id=announcement_id, now=now)
    privacy = _privacy(announcement)
    if not announcement.ask_acknowledge and privacy != "open":
        raise NamesNotShown(_("Names are shown only where people were asked to mark the announcement as read."))
    _note_look(by, announcement, now)
    reached = [f for f in delivery.facts(announcement_id=announcement_id) if f.delivered_at <= now]
    asked = announcement.ask_acknowledge
    waiting = {f.recipient_id: f for f in reached if not (f.acknowledged_at if asked else f.read_at or f.forgotten)}
    named = sorted(_staying(waiting.values()).values(), key=lambda person: (person.name, person.id))
    page = [person for person in named if after is None or (person.name, person.id) > after][:limit]
    groups = people.groups_of(person_ids=[person.id for person in page], at=_at(announcement))
    names = people.group_names(workspace_id=announcement.workspace_id)
    unreachable = delivery.unreachable(person_ids=[person.id for person in page])
    return [
        Missing(
            person_id=person.id,
            name=person.name,
            groups=tuple(names[group_id] for group_id in groups.get(person.id, ()) if group_id in names),
            timezone=person.timezone,
            local_time=now.astimezone(ZoneInfo(person.timezone)),
            nudge_at=person.working_time.next_moment(now).astimezone(ZoneInfo(person.timezone)),
            got_to=None if privacy == "works_council" or waiting[person.id].forgotten else _got_to(waiting[person.id]),
            last_nudge_at=waiting[person.id].last_nudge_at,
            nudge_state=waiting[person.id].nudge_state,
            suppressed=unreachable[person.id].reason if person.id in unreachable else "",
        )
        for person in page
    ]


def _note_look(by: int, announcement: publishing.Announcement, now: datetime) -> None:
    events.noted.send(
        sender=None,
        workspace_id=announcement.workspace_id,
        by=by,
        verb="missing_looked_at",
        subject=f"announcement:{announcement.id}",
        details={"title": announcement.title, "fact": "acknowledged" if announcement.ask_acknowledge else "read"},
        at=now,
    )


def overview(*, by: int, announcement_ids: Sequence[int], now: datetime) -> dict[int, Landed]:
    """Return the counts of those of these announcements that `by` may see the reach of; the others are left out."""
    managed = publishing.managed(by=by, ids=announcement_ids, now=now)
    seen = [id for id, announcement in managed.items() if announcement.published_at]
    _rebuilding.stand_many(announcement_ids=seen, now=now)
    progress = delivery.progress_many(announcement_ids=seen)
    council = any(_privacy(managed[id]) == "works_council" for id in seen[:1])  # they are of one workspace
    return {
        id: Landed(without_dwell(total.counts) if council else total.counts, progress[id])
        for id, total in totals(seen).items()
        if id in progress
    }


def _staying(facts: Iterable[delivery.DeliveryFacts]) -> dict[int, people.Person]:
    everybody = people.get_many(ids=sorted({f.recipient_id for f in facts}))
    return {id: person for id, person in everybody.items() if person.state != "deactivated"}


def _published(*, by: int, announcement_id: int, now: datetime) -> publishing.Announcement:
    # Who may manage an announcement may see its numbers: one rule, and it is publishing's.
    announcement = publishing.find(by=by, announcement_id=announcement_id, now=now)
    if announcement.published_at is None:
        raise publishing.NotPublished(_("This has not been published yet, so there is nothing to count."))
    return announcement


def _at(announcement: publishing.Announcement) -> datetime:
    return announcement.published_at or announcement.created_at


def _got_to(facts: delivery.DeliveryFacts) -> GotTo:
    if facts.read_at:
        return "read"
    if facts.opened_at:
        return "opened"
    return "displayed" if facts.displayed_at else "nothing"
