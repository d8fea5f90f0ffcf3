"""The facts themselves, for a company's own warehouse: told of persons as far as its privacy profile goes, and counted by the hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from django.utils.translation import gettext as _

from announcements.analytics import events, models
from announcements.analytics._folding import gone_of
from announcements.analytics._missing import got_to
from announcements.analytics._privacy import PROFILES, SMALLEST
from announcements.analytics._rebuilding import stand_many
from announcements.analytics._shares import EVERYBODY
from announcements.analytics._values import GotTo, NamesNotShown
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is recorded about a person and an announcement that arrived at theirs.

    `got_to` is the furthest fact of who was asked to confirm and has not. In the profile *standard* it stands for when and where
    they met, opened and read it, which only *open* tells. `forgotten`: how they read it is not known any more.
    """

    announcement_id: int
    person_id: int
    delivered_at: datetime
    displayed_at: datetime | None
    displayed_via: str
    opened_at: datetime | None
    opened_via: str
    read_at: datetime | None
    read_via: str
    acknowledged_at: datetime | None
    acknowledged_via: str
    acknowledged_version: int | None
    got_to: GotTo | None
    forgotten: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Some lines, and where they go on; None where there are no more."""

    lines: tuple[PersonFacts, ...]
    next: delivery.Place | None


@dataclass(frozen=True, slots=True)
class HourFacts:
    """How many did something first by a channel in the hour that ends at `until`, of all whom the announcement reached."""

    announcement_id: int
    fact: str
    channel: str
    until: datetime
    people: int


@dataclass(frozen=True, slots=True)
class HourPage:
    """The hours of some announcements, and where they go on (when it was published, its id); None where there are no more."""

    lines: tuple[HourFacts, ...]
    next: tuple[datetime, int] | None


def facts_of_people(
    *, by: int, since: datetime | None, after: delivery.Place | None, until: datetime, limit: int
) -> PersonPage:
    """Return what is recorded about persons of what arrived from `since` to `until`, in that order; people deactivated are left out.

    The profile *open* tells all of it, *standard* of announcements that ask to be confirmed who has, and how far the others got.
    The first page is noted as a look at their names. Raises Forbidden unless admin or owner, NamesNotShown in *works council*.
    """
    company = people.workspace(workspace_id=people.acting_admin(by=by).workspace_id)
    told = PROFILES[company.privacy]  # type: ignore[index]  # checked on the way in
    if not told.lines:
        raise NamesNotShown(_("The privacy profile tells facts of no person. Take them counted by the hour."))
    if after is None:
        details = {"since": since.isoformat() if since else "", "names": "all" if told.unasked else "asked"}
        events.noted.send(
            sender=None, workspace_id=company.id, by=by, verb="facts_exported", subject="", details=details, at=until
        )
    found = delivery.arrived(workspace_id=company.id, since=since, until=until, after=after, limit=limit)
    asked = publishing.askings(ids={line.announcement_id for line in found})
    gone = gone_of({line.facts.recipient_id for line in found})
    lines = (
        _line(line, asks=asked[line.announcement_id].ask_acknowledge, everything=told.unasked)
        for line in found
        if line.facts.recipient_id not in gone
        and line.announcement_id in asked
        and (told.unasked or asked[line.announcement_id].ask_acknowledge)
    )
    return PersonPage(tuple(lines), found[-1].place if len(found) == limit else None)


def _line(line: delivery.Line, *, asks: bool, everything: bool) -> PersonFacts:
    facts = line.facts
    tells = asks and facts.acknowledged_at is None and not facts.forgotten
    return PersonFacts(
        announcement_id=line.announcement_id,
        person_id=facts.recipient_id,
        delivered_at=facts.delivered_at,
        displayed_at=facts.displayed_at if everything else None,
        displayed_via=facts.displayed_via if everything else "",
        opened_at=facts.opened_at if everything else None,
        opened_via=facts.opened_via if everything else "",
        read_at=facts.read_at if everything else None,
        read_via=facts.read_via if everything else "",
        acknowledged_at=facts.acknowledged_at,
        acknowledged_via=facts.acknowledged_via,
        acknowledged_version=line.acknowledged_version,
        got_to=got_to(facts) if tells else None,
        forgotten=facts.forgotten,
    )


def as_line(*, facts: PersonFacts | HourFacts) -> bytes:
    """Return facts as a line of JSON, times in UTC (RFC 3339)."""
    return orjson.dumps(facts, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def facts_by_hour(
    *, by: int, since: datetime | None, after: tuple[datetime, int] | None, now: datetime, limit: int
) -> HourPage:
    """Return how often each fact happened first by hour and channel, of so many announcements in the order of publishing.

    Nobody is named in it. In the profile *works council* it tells no reading times, and nothing of what reached fewer than five.
    Raises Forbidden unless admin or owner.
    """
    company = people.workspace(workspace_id=people.acting_admin(by=by).workspace_id)
    rows = models.Kept.objects.filter(workspace_id=company.id)
    rows = rows if since is None else rows.filter(published_at__gte=since)
    if after:
        rows = rows.filter(published_at__gte=after[0]).exclude(published_at=after[0], announcement_id__lte=after[1])
    kept = {one.announcement_id: one for one in rows.order_by("published_at", "announcement_id")[:limit]}
    stand_many(announcement_ids=kept, now=now)
    hours = models.Hour.objects.filter(announcement_id__in=_shown(company, kept), many__gt=0)
    if company.privacy == "works_council":
        hours = hours.exclude(fact="read")
    order = {id: place for place, id in enumerate(kept)}
    lines = [
        HourFacts(
            row.announcement_id,
            row.fact,
            row.channel,
            kept[row.announcement_id].published_at + row.hour * HOUR,
            row.many,
        )
        for row in sorted(hours, key=lambda row: (order[row.announcement_id], row.fact, row.hour, row.channel))
    ]
    last = list(kept.values())[-1] if len(kept) == limit else None
    return HourPage(tuple(lines), (last.published_at, last.announcement_id) if last else None)


def _shown(company: people.Workspace, kept: dict[int, models.Kept]) -> list[int]:
    if company.privacy != "works_council":
        return list(kept)
    large = models.Tally.objects.filter(announcement_id__in=kept, group_id=EVERYBODY, recipients__gte=SMALLEST)
    return list(large.values_list("announcement_id", flat=True))
