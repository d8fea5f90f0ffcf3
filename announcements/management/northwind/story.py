"""Making the demo: the company, what it published, how that was read."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from announcements.delivery import services as delivery
from announcements.kernel.errors import Conflict
from announcements.management.northwind import asking, cast, reading, texts
from announcements.management.northwind.hiring import PASSWORD, Company, hire
from announcements.management.northwind.posting import Posted, oldest_first, post
from announcements.people import services as people
from announcements.publishing import services as publishing

SEED = 47
BATCH = 500
# Nobody is nudged today about what was due long ago: what is older was sent when it was due.
OLD = timedelta(days=4)


class NotEmpty(Conflict):
    """There is a company here already; a demo beside it would only confuse."""

    code = "not_empty"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody one may sign in as, and why one would."""

    person_id: int
    name: str
    title: str
    email: str
    password: str
    why: str


def build(*, now: datetime) -> list[SignIn]:
    """Make Northwind Freight as it stands at `now`, all of it or nothing; raise NotEmpty where a workspace exists.

    Returns who may sign in. The same `now` gives the same company.
    """
    if people.any_workspace():
        raise NotEmpty(_("There is a workspace here already; the demo company needs an empty database."))
    chance = random.Random(SEED)  # noqa: S311  believable, not secret
    with transaction.atomic():
        company = hire(now=now, chance=chance)
        asking.ask(company, now=now)
        posts = [post(company, written, now=now) for written in sorted(texts.texts(), key=oldest_first)]
        for posted in posts:
            if posted.announcement.published_at:
                _read(company, posted, now=now, chance=chance)
        for reader in company.readers.values():
            _record(reader, now=now)
        for posted in posts:
            _settle(posted, now=now)
    return sign_ins()


def sign_ins() -> list[SignIn]:
    """Return who may sign in to the demo company; nobody where it is not."""
    members = {member.email: member for member in cast.named() if member.name in cast.SIGN_INS}
    found = people.get_by_email(emails=members)
    return [_sign_in(found[email], member) for email, member in members.items() if email in found]


def _read(company: Company, posted: Posted, *, now: datetime, chance: random.Random) -> None:
    announcement, written = posted.announcement, posted.text
    published_at = announcement.published_at or now
    reached = tuple(int(n) for n in written.head.get("reached", "").split())
    recipients = [facts.recipient_id for facts in delivery.facts(announcement_id=announcement.id)]
    reading.read(
        reading=reading.Reading(
            announcement_id=announcement.id,
            published_at=published_at,
            minutes=announcement.minutes,
            required=announcement.ask_acknowledge,
            reached=reached,
            unread_by=tuple(written.words("missing")),
        ),
        readers=[company.readers[id] for id in recipients],
        now=_until(posted, now),
        chance=chance,
    )


def _until(posted: Posted, now: datetime) -> datetime:
    published_at = posted.announcement.published_at
    return published_at + timedelta(days=1) if published_at and "withdrawn" in posted.text.head else now


def _record(reader: reading.Reader, *, now: datetime) -> None:
    done = sorted(reader.receipts, key=lambda receipt: receipt.at)
    for start in range(0, len(done), BATCH):
        delivery.record(by=reader.person_id, receipts=done[start : start + BATCH], now=now)
    if done:
        people.seen(person_id=reader.person_id, on=done[-1].at.date())


def _settle(posted: Posted, *, now: datetime) -> None:
    announcement = posted.announcement
    if announcement.published_at and announcement.ask_acknowledge:
        old = now - announcement.published_at > OLD
        delivery.settle_past(announcement_id=announcement.id, also_missing=old, now=_until(posted, now))
    if reason := posted.text.head.get("withdrawn"):
        by, at = announcement.author_id, _until(posted, now)
        publishing.withdraw(announcement_id=announcement.id, by=by, reason=reason, now=at)


def _sign_in(person: people.Person, member: cast.Member) -> SignIn:
    return SignIn(person.id, member.name, member.title, member.email, PASSWORD, cast.SIGN_INS[member.name])
