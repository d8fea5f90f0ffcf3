"""The door of analytics: did an announcement land, where, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from announcements.analytics import _folding, _rebuilding, events
from announcements.analytics._counting import Counts, GroupReach, by_channel, by_group, by_hour, totals
from announcements.analytics._curve import Point, curve
from announcements.analytics._folding import fold, note, noted_in, standing_changed
from announcements.analytics._rebuilding import check, corrected, count_anew, open_book, sweep
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

__all__ = [
    "Counts",
    "GroupReach",
    "Landed",
    "Missing",
    "NamesNotShown",
    "Point",
    "Reach",
    "check",
    "corrected",
    "count_anew",
    "fold",
    "missing",
    "note",
    "noted_in",
    "open_book",
    "overview",
    "reach",
    "standing_changed",
    "sweep",
]

ALL_CLOCKS = timedelta(hours=30)

GotTo = Literal["nothing", "displayed", "opened", "read"]


class NamesNotShown(errors.Forbidden):
    """Who has not read is named only where an acknowledgement was asked."""

    code = "names_not_shown"


@dataclass(frozen=True, slots=True)
class Reach:
    """How an announcement landed. `recipients` leaves out the `deactivated`; `by_channel` says where people acknowledged,
    or opened where no acknowledgement was asked. `on_the_way` are the recipients whose clock has yet to say that it arrives."""

    recipients: int
    on_the_way: int
    displayed: int
    opened: int
    read: int
    acknowledged: int
    deactivated: int
    by_group: tuple[GroupReach, ...]
    by_channel: dict[delivery.Channel, int]
    progress: delivery.Progress
    curve: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Landed:
    """How an announcement landed, in short, for a list of many."""

    counts: Counts
    progress: delivery.Progress


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who was asked to acknowledge and has not. `local_time` is now on their clock.

    `suppressed` says why no mail reaches their address; empty where it does.
    """

    person_id: int
    name: str
    groups: tuple[str, ...]
    timezone: str
    local_time: datetime
    got_to: GotTo
    last_nudge_at: datetime | None
    nudge_state: str | None
    suppressed: str = ""


def reach(*, by: int, announcement_id: int, now: datetime) -> Reach:
    """Return how an announcement landed; NotFound unless `by` is its author, a manager of its groups, an admin or an owner.

    Raises publishing.NotPublished for a draft.
    """
    announcement = _published(by=by, announcement_id=announcement_id, now=now)
    _rebuilding.stand_many(announcement_ids=[announcement_id], now=now)
    total = totals([announcement_id])[announcement_id]
    return Reach(
        recipients=total.counts.recipients,
        on_the_way=_on_the_way(announcement, now),
        displayed=total.counts.displayed,
        opened=total.counts.opened,
        read=total.counts.read,
        acknowledged=total.counts.acknowledged,
        deactivated=total.left,
        by_group=by_group(
            announcement_id=announcement_id,
            groups=people.groups(by=by, at=_at(announcement)),
            audience=announcement.audience,
        ),
        by_channel=by_channel(
            announcement_id=announcement_id, fact="acknowledged" if announcement.ask_acknowledge else "opened"
        ),
        progress=delivery.progress(announcement_id=announcement_id),
        curve=curve(published_at=_at(announcement), hours=by_hour(announcement_id=announcement_id), now=now),
    )


def _on_the_way(announcement: publishing.Announcement, now: datetime) -> int:
    # Within a day and a bit every clock on earth has shown every time.
    if announcement.own_clock is None or now - _at(announcement) > ALL_CLOCKS:
        return 0
    waiting = delivery.on_the_way(announcement_id=announcement.id, now=now)
    return len(waiting) - len(_folding.gone_of(waiting))


def missing(
    *, by: int, announcement_id: int, now: datetime, after: tuple[str, int] | None = None, limit: int = 50
) -> list[Missing]:
    """Return who has yet to acknowledge, by name and id, those past `after`; the rights of `reach`.

    Raises NamesNotShown where no acknowledgement was asked, publishing.NotPublished for a draft.
    """
    announcement = _published(by=by, announcement_id=announcement_id, now=now)
    if not announcement.ask_acknowledge:
        raise NamesNotShown(_("Names are shown only where people were asked to mark the announcement as read."))
    if after is None:
        _note_look(by, announcement, now)
    reached = [f for f in delivery.facts(announcement_id=announcement_id) if f.delivered_at <= now]
    waiting = {f.recipient_id: f for f in reached if not f.acknowledged_at}
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
            got_to=_got_to(waiting[person.id]),
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
        details={"title": announcement.title},
        at=now,
    )


def overview(*, by: int, announcement_ids: Sequence[int], now: datetime) -> dict[int, Landed]:
    """Return the counts of those of these announcements that `by` may see the reach of; the others are left out."""
    managed = publishing.managed(by=by, ids=announcement_ids, now=now)
    seen = [id for id, announcement in managed.items() if announcement.published_at]
    _rebuilding.stand_many(announcement_ids=seen, now=now)
    progress = delivery.progress_many(announcement_ids=seen)
    return {id: Landed(total.counts, progress[id]) for id, total in totals(seen).items() if id in progress}


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
