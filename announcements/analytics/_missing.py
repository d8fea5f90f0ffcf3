"""Who is missing: by name, a page at a time. What a page costs does not grow with the audience."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from announcements.analytics import events
from announcements.analytics._looking import privacy_of, published, sent_at
from announcements.analytics._privacy import PROFILES, Profile
from announcements.analytics._values import Among, GotTo, Missing, NamesNotShown
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

# Up to so many are looked up by who they are; of more of them the company is walked through by name, so many at a time.
FEW = 1000
AT_ONCE = 500
EVERYBODY = Among()
UNTOLD = "unreachable"


def missing(
    *, by: int, announcement_id: int, now: datetime, after: tuple[str, int] | None = None, limit: int = 50,
    among: Among = EVERYBODY,
) -> list[Missing]:  # fmt: skip
    """Return who has yet to acknowledge, by name and id, those past `after`; the rights of `reach`. Each look is noted.

    Where nobody was asked to, the profile *open* names who has yet to read. Raises NamesNotShown where the privacy profile names
    nobody, publishing.NotPublished for a draft, errors.Invalid where it is asked who got so far and that is told of nobody.
    """
    announcement = published(by=by, announcement_id=announcement_id, now=now)
    told = PROFILES[privacy_of(announcement)]
    if not (announcement.ask_acknowledge or told.unasked):
        raise NamesNotShown(_("Names are shown only where people were asked to mark the announcement as read."))
    if among.got_to and not told.got_to:
        raise errors.Invalid({"got_to": [_("The privacy profile tells of nobody how far they got.")]})
    _note_look(by, announcement, now)
    page = _page(_Asked(announcement, among, told, now), after, limit)
    unreached = _unreached(page, told, now)
    ids = [person.id for person in page]
    waiting = {f.recipient_id: f for f in delivery.facts(announcement_id=announcement_id, recipient_ids=ids)}
    groups = people.groups_of(person_ids=ids, at=sent_at(announcement))
    names = people.group_names(workspace_id=announcement.workspace_id)
    at_work = {person.id: _next_at_work(person, now) for person in page if unreached.get(person.id) != UNTOLD}
    to_come = _nudges_to_come(announcement, {id for id, at in at_work.items() if at} - unreached.keys(), now)
    return [
        Missing(
            person_id=person.id,
            name=person.name,
            groups=tuple(names[group_id] for group_id in groups.get(person.id, ()) if group_id in names),
            timezone=person.timezone,
            local_time=_theirs(person, now),
            nudge_at=at_work.get(person.id),
            planned_nudge_at=_theirs(person, to_come[person.id]) if person.id in to_come else None,
            got_to=got_to(waiting[person.id]) if told.got_to and not waiting[person.id].forgotten else None,
            last_nudge_at=waiting[person.id].last_nudge_at,
            nudge_state=waiting[person.id].nudge_state,
            suppressed=unreached.get(person.id, ""),
        )
        for person in page
    ]


def _unreached(persons: Collection[people.Person], told: Profile, now: datetime) -> dict[int, str]:
    """Return why no mail reaches these of some people, by id. Where no reason is told, who is never at work is one of them."""
    stopped = delivery.unreachable(persons=persons)
    if told.unreached:
        return {id: found.reason for id, found in stopped.items()}
    never = {person.id for person in persons if not person.working_time.is_ever_working(now)}
    return dict.fromkeys(never | stopped.keys(), UNTOLD)


def _theirs(person: people.Person, at: datetime) -> datetime:
    """Return an instant on somebody's own clock."""
    return at.astimezone(ZoneInfo(person.timezone))


def _next_at_work(person: people.Person, now: datetime) -> datetime | None:
    clock = person.working_time
    return _theirs(person, clock.next_moment(now)) if clock.is_ever_working(now) else None


def _nudges_to_come(
    announcement: publishing.Announcement, person_ids: Collection[int], now: datetime
) -> dict[int, datetime]:
    """Return when the next nudge of these people is due; what is over sends none, though they are dropped only once they are due."""
    if announcement.state(now) != "published":
        return {}
    return delivery.nudges_to_come(announcement_id=announcement.id, person_ids=person_ids)


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


class _Asked:
    """Who of an announcement's recipients is asked for."""

    def __init__(self, announcement: publishing.Announcement, among: Among, told: Profile, now: datetime) -> None:
        self.workspace_id, self.search, self._unreachable = announcement.workspace_id, among.search, among.unreachable
        self._told, self._now = told, now
        fact: Literal["read", "acknowledged"] = "acknowledged" if announcement.ask_acknowledge else "read"
        self._yet_to = partial(
            delivery.yet_to, announcement_id=announcement.id, fact=fact, now=now, got_to=among.got_to
        )
        self._inside: Collection[int] | None = None
        if among.group_id is not None:
            audience = people.Audience(group_ids=(among.group_id,))
            at = sent_at(announcement)
            self._inside = set(people.resolve(workspace_id=self.workspace_id, audience=audience, at=at))

    def few(self) -> list[int] | None:
        """Return all of them; None where they are more than a few."""
        some = self._yet_to(limit=FEW + 1)
        return self._kept(some) if len(some) <= FEW else None

    def of(self, ids: Collection[int]) -> set[int]:
        """Return which of these people they are."""
        return set(self._kept(self._yet_to(recipient_ids=ids)))

    def _kept(self, ids: list[int]) -> list[int]:
        kept = ids if self._inside is None else [id for id in ids if id in self._inside]
        if not self._unreachable:
            return kept
        unreached = _unreached(people.get_many(ids=kept).values(), self._told, self._now)
        return [id for id in kept if id in unreached]


def _page(asked: _Asked, after: tuple[str, int] | None, limit: int) -> list[people.Person]:
    """Return who is missing, by name, those past `after`."""
    ids = list(islice(_by_name(asked, after, limit), limit))
    known = people.get_many(ids=ids)
    return [known[id] for id in ids if id in known]


def _by_name(asked: _Asked, after: tuple[str, int] | None, limit: int) -> Iterator[int]:
    by_name = partial(people.by_name, workspace_id=asked.workspace_id, search=asked.search)
    if (few := asked.few()) is not None:
        yield from (id for _name, id in by_name(after=after, limit=limit, ids=few))
        return
    while walked := by_name(after=after, limit=AT_ONCE):
        among = [id for _name, id in walked]
        waiting = asked.of(among)
        yield from (id for id in among if id in waiting)
        after = walked[-1]


def got_to(facts: delivery.DeliveryFacts) -> GotTo:
    """Return the furthest that somebody got who has not confirmed."""
    if facts.read_at:
        return "read"
    if facts.opened_at:
        return "opened"
    return "displayed" if facts.displayed_at else "nothing"
