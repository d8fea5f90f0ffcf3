"""Who is missing: by name, a page at a time. What a page costs does not grow with the audience."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from announcements.analytics import events
from announcements.analytics._looking import privacy_of, published, sent_at
from announcements.analytics._privacy import PROFILES
from announcements.analytics._values import GotTo, Missing, NamesNotShown
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing

# Up to so many are looked up by who they are; of more of them the company is walked through by name, so many at a time.
FEW = 1000
AT_ONCE = 500


def missing(
    *, by: int, announcement_id: int, now: datetime, after: tuple[str, int] | None = None, limit: int = 50
) -> list[Missing]:
    """Return who has yet to acknowledge, by name and id, those past `after`; the rights of `reach`. Each look is noted.

    Where nobody was asked to, the profile *open* names who has yet to read. Raises NamesNotShown where the privacy profile names
    nobody, publishing.NotPublished for a draft.
    """
    announcement = published(by=by, announcement_id=announcement_id, now=now)
    told = PROFILES[privacy_of(announcement)]
    if not (announcement.ask_acknowledge or told.unasked):
        raise NamesNotShown(_("Names are shown only where people were asked to mark the announcement as read."))
    _note_look(by, announcement, now)
    page = _page(announcement, after, limit, now)
    waiting = {
        f.recipient_id: f for f in delivery.facts(announcement_id=announcement_id, recipient_ids=[p.id for p in page])
    }
    groups = people.groups_of(person_ids=[person.id for person in page], at=sent_at(announcement))
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
            got_to=got_to(waiting[person.id]) if told.got_to and not waiting[person.id].forgotten else None,
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


def _page(
    announcement: publishing.Announcement, after: tuple[str, int] | None, limit: int, now: datetime
) -> list[people.Person]:
    """Return who is missing, by name, those past `after`."""
    ids = list(islice(_by_name(announcement, after, limit, now), limit))
    known = people.get_many(ids=ids)
    return [known[id] for id in ids if id in known]


def _by_name(
    announcement: publishing.Announcement, after: tuple[str, int] | None, limit: int, now: datetime
) -> Iterator[int]:
    about, workspace_id = announcement.id, announcement.workspace_id
    fact: Literal["read", "acknowledged"] = "acknowledged" if announcement.ask_acknowledge else "read"
    some = delivery.yet_to(announcement_id=about, fact=fact, now=now, limit=FEW + 1)
    if len(some) <= FEW:
        yield from (id for _name, id in people.by_name(workspace_id=workspace_id, after=after, limit=limit, ids=some))
        return
    while walked := people.by_name(workspace_id=workspace_id, after=after, limit=AT_ONCE):
        among = [id for _name, id in walked]
        waiting = set(delivery.yet_to(announcement_id=about, fact=fact, now=now, recipient_ids=among))
        yield from (id for id in among if id in waiting)
        after = walked[-1]


def got_to(facts: delivery.DeliveryFacts) -> GotTo:
    """Return the furthest that somebody got who has not confirmed."""
    if facts.read_at:
        return "read"
    if facts.opened_at:
        return "opened"
    return "displayed" if facts.displayed_at else "nothing"
