"""What is recorded about recipients, for those above that count it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from django.db.models import Min

from announcements.delivery import models
from announcements.delivery._values import DeliveryFacts, as_facts
from announcements.kernel.ids import Spans, spans

GotTo = Literal["nothing", "displayed", "opened", "read"]
FURTHER: tuple[GotTo, ...] = get_args(GotTo)


def facts(*, announcement_id: int, recipient_ids: Collection[int] | None = None) -> list[DeliveryFacts]:
    """Return what is recorded about each recipient of an announcement, or about these."""
    found = facts_many(announcement_ids=[announcement_id], recipient_ids=recipient_ids)
    return found.get(announcement_id, [])


def yet_to(
    *, announcement_id: int, fact: Literal["read", "acknowledged"], now: datetime,
    recipient_ids: Collection[int] | None = None, limit: int | None = None, got_to: GotTo | None = None,
) -> list[int]:  # fmt: skip
    """Return whom it has reached by now and who has yet to read or acknowledge it, of all recipients or these; with `got_to` those
    alone who got just so far. Who has been forgotten may have read, and got nobody knows how far."""
    rows = models.Delivery.objects.filter(announcement_id=announcement_id, delivered_at__lte=now)
    rows = rows.filter(read_at=None, forgotten_at=None) if fact == "read" else rows.filter(acknowledged_at=None)
    if got_to:
        further = FURTHER[FURTHER.index(got_to) + 1 :]
        rows = rows.filter(forgotten_at=None, **{f"{each}_at": None for each in further})
        rows = rows if got_to == "nothing" else rows.filter(**{f"{got_to}_at__isnull": False})
    if recipient_ids is not None:
        rows = rows.filter(recipient_id__in=recipient_ids)
    return list(rows.order_by("recipient_id").values_list("recipient_id", flat=True)[:limit])


def facts_many(
    *, announcement_ids: Collection[int], recipient_ids: Collection[int] | None = None
) -> dict[int, list[DeliveryFacts]]:
    """Return what is recorded about each recipient, or these, of each of these announcements, in two queries."""
    only: dict[str, Any] = {} if recipient_ids is None else {"recipient_id__in": recipient_ids}
    nudged: dict[tuple[int, int], tuple[datetime | None, str]] = {}
    nudges = models.Nudge.objects.filter(announcement_id__in=announcement_ids, **only)
    nudges = nudges.exclude(state__in=["queued", "skipped"])
    for nudge in nudges.order_by("due_at", "id"):
        nudged[nudge.announcement_id, nudge.recipient_id] = (nudge.submitted_at, nudge.state)
    found: dict[int, list[DeliveryFacts]] = {}
    for row in models.Delivery.objects.filter(announcement_id__in=announcement_ids, **only).order_by("id"):
        last, state = nudged.get((row.announcement_id, row.recipient_id), (None, None))
        found.setdefault(row.announcement_id, []).append(as_facts(row, last, state))
    return found


@dataclass(frozen=True, slots=True)
class Own:
    """What is recorded about one of some people and one announcement."""

    workspace_id: int
    announcement_id: int
    facts: DeliveryFacts


@dataclass(frozen=True, slots=True)
class FannedOut:
    """That an announcement was fanned out; ids rise in the order in which that began."""

    id: int
    announcement_id: int


def facts_of(*, person_ids: Collection[int]) -> list[Own]:
    """Return what is recorded about people; the rows are held until the transaction ends."""
    rows = models.Delivery.objects.filter(recipient_id__in=person_ids).select_for_update().order_by("id")
    return [Own(row.workspace_id, row.announcement_id, as_facts(row)) for row in rows]


Place = tuple[datetime, int, int]  # when it arrived, whose it is, what it is


@dataclass(frozen=True, slots=True)
class Line:
    """What is recorded about one recipient of one announcement, and which version they confirmed."""

    announcement_id: int
    facts: DeliveryFacts
    acknowledged_version: int | None

    @property
    def place(self) -> Place:
        """Return where it stands among the others."""
        return self.facts.delivered_at, self.facts.recipient_id, self.announcement_id


def arrived(
    *, workspace_id: int, since: datetime | None, until: datetime, after: Place | None, limit: int
) -> list[Line]:
    """Return what is recorded about all that arrived from `since` to `until`, in the order of arriving, those past `after`."""
    rows = models.Delivery.objects.filter(workspace_id=workspace_id, delivered_at__lte=until)
    rows = rows.order_by("delivered_at", "recipient_id", "announcement_id")
    rows = rows if since is None else rows.filter(delivered_at__gte=since)
    found: list[models.Delivery] = []
    if after:
        # Thousands arrive at one instant: asked for in two steps, both begin at a place in the index.
        at, recipient_id, announcement_id = after
        here = rows.filter(delivered_at=at, recipient_id__gte=recipient_id)
        found += here.exclude(recipient_id=recipient_id, announcement_id__lte=announcement_id)[:limit]
        rows = rows.filter(delivered_at__gt=at)
    if len(found) < limit:
        found += rows[: limit - len(found)]
    return [Line(row.announcement_id, as_facts(row), row.acknowledged_version) for row in found]


def fanned_out(*, after: int, limit: int) -> list[FannedOut]:
    """Return what was fanned out after that one, in order."""
    rows = models.FanOut.objects.filter(pk__gt=after).order_by("id").values_list("pk", "announcement_id")
    return [FannedOut(*row) for row in rows[:limit]]


def first_nudges(*, announcement_id: int, recipient_ids: Collection[int] | None = None) -> dict[int, datetime]:
    """Return when each of these recipients, or all, got their first nudge; who got none is left out."""
    rows = models.Nudge.objects.filter(announcement_id=announcement_id, submitted_at__isnull=False)
    if recipient_ids is not None:
        rows = rows.filter(recipient_id__in=recipient_ids)
    return dict(rows.order_by().values_list("recipient_id").annotate(first=Min("submitted_at")))


def recipients(*, announcement_id: int) -> Spans:
    """Return all recipients of an announcement, also those whom it has yet to reach. Once it is fanned out they are kept: nobody is added."""
    kept = models.FanOut.objects.filter(announcement_id=announcement_id).values_list("recipients", flat=True).first()
    return keep_recipients(announcement_id=announcement_id) if kept is None else Spans(kept)


def keep_recipients(*, announcement_id: int) -> Spans:
    """Return who was reached of an announcement so far; where its fan-out is finished it is kept."""
    unkept = models.FanOut.objects.filter(announcement_id=announcement_id, recipients=None)
    # Asked before the rows are: of a fan-out that finishes in between they are not all.
    finished = unkept.filter(finished_at__isnull=False).exists()
    rows = models.Delivery.objects.filter(announcement_id=announcement_id)
    found = spans(list(rows.values_list("recipient_id", flat=True)))
    if finished:
        unkept.update(recipients=found)
    return found


def on_the_way(*, announcement_id: int, now: datetime) -> list[int]:
    """Return the recipients whose clock has yet to say that it arrives."""
    rows = models.Delivery.objects.filter(announcement_id=announcement_id, delivered_at__gt=now)
    return list(rows.order_by("id").values_list("recipient_id", flat=True))
