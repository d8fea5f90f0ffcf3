"""The door of analytics: did an announcement land, where, and who is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from announcements.analytics import _folding, _rebuilding
from announcements.analytics._alignment import Alignment, Load, alignment
from announcements.analytics._asked import AlignmentNotYours, Weeks
from announcements.analytics._asked import By as AlignmentBy
from announcements.analytics._cell import Ask, Cell, Span, cell
from announcements.analytics._counting import (
    Counts,
    GroupReach,
    by_channel,
    by_group,
    by_hour,
    totals,
    without_dwell,
    without_reading,
)
from announcements.analytics._curve import Point, curve
from announcements.analytics._exporting import (
    HourFacts,
    HourPage,
    PersonFacts,
    PersonPage,
    as_line,
    facts_by_hour,
    facts_of_people,
)
from announcements.analytics._flow_cell import Ends, FlowCell, Written, flow_cell
from announcements.analytics._flows import Flow, Flows, flows
from announcements.analytics._folding import fold, note, noted_in, standing_changed
from announcements.analytics._health import Health
from announcements.analytics._looking import privacy_of, published, sent_at
from announcements.analytics._missing import missing
from announcements.analytics._paces import OnWall, Times
from announcements.analytics._privacy import PROFILES, SMALLEST, Profile
from announcements.analytics._rebuilding import check, corrected, count_anew, forget, open_book, sweep, withdrawn
from announcements.analytics._retention import forget_by_age
from announcements.analytics._sums import Share
from announcements.analytics._values import Among, GotTo, Landed, Missing, NamesNotShown, Reach
from announcements.analytics._weighing import stand, weigh
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing

__all__ = [
    "Alignment",
    "AlignmentBy",
    "AlignmentNotYours",
    "Among",
    "Ask",
    "Cell",
    "Counts",
    "Ends",
    "Flow",
    "FlowCell",
    "Flows",
    "GotTo",
    "GroupReach",
    "Health",
    "HourFacts",
    "HourPage",
    "Landed",
    "Load",
    "Missing",
    "NamesNotShown",
    "OnWall",
    "PersonFacts",
    "PersonPage",
    "PROFILES",
    "Point",
    "Profile",
    "Reach",
    "Share",
    "Span",
    "Times",
    "Weeks",
    "Written",
    "alignment",
    "as_line",
    "cell",
    "check",
    "corrected",
    "count_anew",
    "facts_by_hour",
    "facts_of_people",
    "flow_cell",
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
    "stand",
    "standing_changed",
    "sweep",
    "withdrawn",
]

ALL_CLOCKS = timedelta(hours=30)


def reach(*, by: int, announcement_id: int, now: datetime, joined_later: bool = False) -> Reach:
    """Return how an announcement landed; NotFound unless `by` is its author, a manager of its groups, an admin or an owner.

    Raises publishing.NotPublished for a draft. With `joined_later` those are counted too whom its audience means by now and it did not reach.
    """
    announcement = published(by=by, announcement_id=announcement_id, now=now)
    _rebuilding.stand_many(announcement_ids=[announcement_id], now=now)
    total = totals([announcement_id])[announcement_id]
    progress = delivery.progress(announcement_id=announcement_id)
    privacy = privacy_of(announcement)
    council = privacy == "works_council"
    shown, hidden = _groups(announcement, council=council)
    channel_of: Literal["opened", "acknowledged"] = "acknowledged" if announcement.ask_acknowledge else "opened"
    if council:
        total = replace(total, counts=_of_council(total.counts))
    if few := council and total.counts.recipients < SMALLEST:
        channel_of = "acknowledged"
    return Reach(
        recipients=total.counts.recipients,
        on_the_way=_on_the_way(announcement, now),
        displayed=total.counts.displayed,
        opened=total.counts.opened,
        read=total.counts.read,
        acknowledged=total.counts.acknowledged,
        deactivated=total.left,
        by_group=shown,
        groups_hidden=hidden,
        by_channel=by_channel(announcement_id=announcement_id, fact=channel_of),
        channel_of=channel_of,
        on_time=total.on_time,
        unprompted=total.unprompted,
        progress=progress,
        curve=_curve(announcement, now, few=few),
        privacy=privacy,
        few=few,
        names=announcement.ask_acknowledge or PROFILES[privacy].unasked,
        joined_later=_joined_later(announcement, progress, now) if joined_later else None,
    )


def _curve(announcement: publishing.Announcement, now: datetime, *, few: bool) -> tuple[Point, ...]:
    hours = by_hour(announcement_id=announcement.id)
    if few:
        hours["opened"] = hours["acknowledged"]
    points = curve(published_at=sent_at(announcement), hours=hours, now=now)
    return tuple(replace(point, opened=None) for point in points) if few else points


def _groups(announcement: publishing.Announcement, *, council: bool) -> tuple[tuple[GroupReach, ...], int]:
    """Return the groups that are told of, and how many are left out."""
    if council:
        weigh(workspace_id=announcement.workspace_id, announcement_id=announcement.id)
    groups = people.branches(workspace_id=announcement.workspace_id, at=sent_at(announcement))
    shown, hidden = by_group(
        announcement_id=announcement.id, groups=groups, audience=announcement.audience, council=council
    )
    return tuple(without_dwell(group) for group in shown) if council else shown, hidden


def _joined_later(announcement: publishing.Announcement, progress: delivery.Progress, now: datetime) -> int:
    if progress.finished_at is None:
        return 0  # whom it has not reached yet was there in time
    known = delivery.recipients(announcement_id=announcement.id)
    return people.audience_size(
        workspace_id=announcement.workspace_id, audience=announcement.audience, at=now, besides=known
    )


def _of_council(counts: Counts) -> Counts:
    return without_reading(counts) if counts.recipients < SMALLEST else without_dwell(counts)


def _on_the_way(announcement: publishing.Announcement, now: datetime) -> int:
    # Within a day and a bit every clock on earth has shown every time.
    if announcement.own_clock is None or now - sent_at(announcement) > ALL_CLOCKS:
        return 0
    waiting = delivery.on_the_way(announcement_id=announcement.id, now=now)
    return len(waiting) - len(_folding.gone_of(waiting))


def overview(*, by: int, announcement_ids: Sequence[int], now: datetime) -> dict[int, Landed]:
    """Return the counts of those of these announcements that `by` may see the reach of; the others are left out."""
    managed = publishing.managed(by=by, ids=announcement_ids, now=now)
    seen = [id for id, announcement in managed.items() if announcement.published_at]
    _rebuilding.stand_many(announcement_ids=seen, now=now)
    progress = delivery.progress_many(announcement_ids=seen)
    council = any(privacy_of(managed[id]) == "works_council" for id in seen[:1])  # they are of one workspace
    return {
        id: Landed(_of_council(total.counts) if council else total.counts, progress[id])
        for id, total in totals(seen).items()
        if id in progress
    }
