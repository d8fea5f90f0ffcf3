"""What delivery keeps about somebody, for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from announcements.delivery import _digests, models
from announcements.delivery._values import FACTS, Channel, Fact, Preference
from announcements.people import services as people
from announcements.publishing import services as publishing

KEPT: tuple[Fact, ...] = (*FACTS, "dismissed")


@dataclass(frozen=True, slots=True)
class StoredFact:
    """The first time of a fact, and by which channel."""

    fact: Fact
    at: datetime
    channel: Channel


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """An announcement that was meant for somebody, and what is known of it. `mentions`: how many digests told of it.

    `forgotten_at`: since when nothing is kept of how they read it. `saved_at`: since when it is on their list; `unsaved_at`: when they
    took it off.
    """

    announcement_id: int
    title: str
    delivered_at: datetime
    facts: tuple[StoredFact, ...]
    acknowledged_version: int | None
    mentions: int
    forgotten_at: datetime | None
    saved_at: datetime | None
    unsaved_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that is planned, or what became of it. A nudge is about an announcement, a digest about a period."""

    kind: Literal["nudge", "digest", "letter", "test"]
    announcement_id: int | None
    title: str
    period: str
    due_at: datetime
    state: str
    reason: str
    reply: str
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What delivery keeps about somebody, oldest first."""

    preference: Preference
    deliveries: tuple[StoredDelivery, ...]
    mails: tuple[StoredMail, ...]


def stored(*, by: int, operator: bool = False) -> Stored:
    """Return what is kept about oneself; `operator` as people tells it."""
    person = people.told(by=by, operator=operator)
    deliveries = list(models.Delivery.objects.filter(recipient_id=by).order_by("delivered_at", "id"))
    ids = {row.announcement_id for row in deliveries}
    # Who is nudged has a delivery; named by announcement first, the rows are found by the constraint of nudges.
    nudges = models.Nudge.objects.filter(announcement_id__in=ids, recipient_id=by)
    titles = {id: one.title for id, one in publishing.get_many(ids=ids).items()}
    mentions = dict(models.Mention.objects.filter(recipient_id=by).values_list("announcement_id", "times"))
    mails = [_mail("nudge", row, row.announcement_id, titles.get(row.announcement_id, "")) for row in nudges]
    mails += [_mail("digest", row, period=row.period) for row in models.Digest.objects.filter(recipient_id=by)]
    mails += [_mail("test", row, row.announcement_id) for row in models.TestMail.objects.filter(recipient_id=by)]
    mails += [_letter(row) for row in models.Letter.objects.filter(recipient=person.email)]
    return Stored(
        preference=_digests.preference(by=by),
        deliveries=tuple(_delivery(row, titles, mentions) for row in deliveries),
        mails=tuple(sorted(mails, key=lambda mail: mail.due_at)),
    )


def _delivery(row: models.Delivery, titles: dict[int, str], mentions: dict[int, int]) -> StoredDelivery:
    known = [(fact, getattr(row, f"{fact}_at"), getattr(row, f"{fact}_via")) for fact in KEPT]
    return StoredDelivery(
        announcement_id=row.announcement_id,
        title=titles.get(row.announcement_id, ""),
        delivered_at=row.delivered_at,
        facts=tuple(StoredFact(fact=fact, at=at, channel=channel) for fact, at, channel in known if at),
        acknowledged_version=row.acknowledged_version,
        mentions=mentions.get(row.announcement_id, 0),
        forgotten_at=row.forgotten_at,
        saved_at=row.saved_at,
        unsaved_at=row.unsaved_at,
    )


def _mail(
    kind: Literal["nudge", "digest", "test"],
    row: models.Outgoing,
    about: int | None = None,
    title: str = "",
    period: str = "",
) -> StoredMail:
    return StoredMail(
        kind=kind,
        announcement_id=about,
        title=title,
        period=period,
        due_at=row.due_at,
        state=row.state,
        reason=row.reason,
        reply=row.reply,
        submitted_at=row.submitted_at,
    )


def _letter(row: models.Letter) -> StoredMail:
    return StoredMail(
        kind="letter",
        announcement_id=None,
        title="",
        period="",
        due_at=row.due_at,
        state="queued",
        reason="",
        reply="",
        submitted_at=None,
    )
