"""Mails that are due: claimed by the UPDATE, looked at again, submitted outside any transaction, settled."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F, QuerySet

from announcements.delivery import _digests, _nudges, models
from announcements.delivery._values import Swept
from announcements.delivery.channels import mail

log = logging.getLogger(__name__)
BATCH = 50
ATTEMPTS = 8
Row = TypeVar("Row", models.Nudge, models.Digest)
Held = QuerySet[models.Nudge] | QuerySet[models.Digest]


def tick(*, now: datetime, clock: Callable[[], datetime]) -> int:
    """Send what is due, in batches until nothing is left; return how many rows were settled. Two ticks at once share the work."""
    _digests.plan(now=now)
    settled = 0
    while rows := _claimed(now):
        with mail.Transport() as transport:
            for row in rows:
                _send(row, transport, clock)
                settled += 1
    return settled


def _claimed(now: datetime) -> list[models.Nudge | models.Digest]:
    return [*claim(models.Nudge, now), *claim(models.Digest, now)]


def claim(kind: type[Row], now: datetime, limit: int = BATCH) -> list[Row]:
    """Take rows that are due; each goes to one taker, by a conditional UPDATE, and comes back when its lease runs out."""
    due = list(
        kind.objects.filter(state="queued", due_at__lte=now)
        .order_by("due_at", "id")
        .values_list("pk", flat=True)[:limit]
    )
    lease = now + timedelta(seconds=settings.LEASE_SECONDS)
    mine = [
        pk
        for pk in due
        if kind.objects.filter(pk=pk, state="queued", due_at__lte=now).update(
            state="submitting", leased_until=lease, body_started_at=None, attempts=F("attempts") + 1
        )
    ]
    return list(kind.objects.filter(pk__in=mine).order_by("due_at", "id"))


def _send(row: models.Nudge | models.Digest, transport: mail.Transport, clock: Callable[[], datetime]) -> None:
    """Settle a row. What goes wrong with one mail is its own trouble; a database that is away is everybody's."""
    held = type(row).objects.filter(pk=row.pk, state="submitting", leased_until=row.leased_until)
    try:
        _hand_over(row, held, transport, clock)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s could not be made", row)
        held.filter(body_started_at=None).update(state="failed", reason="cannot_be_made")
        held.update(state="uncertain", reason="cut_off")


def _hand_over(
    row: models.Nudge | models.Digest, held: Held, transport: mail.Transport, clock: Callable[[], datetime]
) -> None:
    """Look again whether it still has to go, hand it over, write down what the server said."""
    now = clock()
    letter = _nudges.letter(row, now=now) if isinstance(row, models.Nudge) else _digests.letter(row, now=now)
    if isinstance(letter, str):
        held.update(state="skipped", reason=letter)
    elif isinstance(letter, datetime):
        held.update(state="queued", due_at=letter, leased_until=None, attempts=F("attempts") - 1)
    else:
        outcome = transport.submit(letter, on_body=partial(_started, held, clock))
        _settle(row, held, outcome, clock())


def _started(held: Held, clock: Callable[[], datetime]) -> bool:
    """Commit that the body goes out now; say no when the lease was lost meanwhile."""
    return bool(held.update(body_started_at=clock()))


def _settle(row: models.Nudge | models.Digest, held: Held, outcome: mail.Outcome, now: datetime) -> None:
    reply = outcome.reply[:200]
    if outcome.kind == "later" and row.attempts < ATTEMPTS:
        wait = timedelta(minutes=min(60, 2**row.attempts))
        held.update(state="queued", due_at=now + wait, leased_until=None, reply=reply)
        return
    state = "failed" if outcome.kind == "later" else outcome.kind
    held.update(state=state, reply=reply, submitted_at=now if state == "submitted" else None)
    if state == "submitted" and isinstance(row, models.Digest):
        _digests.mention(row, now=now)


def sweep(*, now: datetime, fan_outs: Collection[int]) -> Swept:
    """Return what a dead worker held: queued again when its body had not begun, else uncertain, which no machine sends again."""
    returned = uncertain = 0
    for kind in (models.Nudge, models.Digest):
        dead = kind.objects.filter(state="submitting", leased_until__lt=now)
        uncertain += dead.filter(body_started_at__isnull=False).update(state="uncertain", reason="worker_lost")
        returned += dead.filter(body_started_at=None).update(state="queued", leased_until=None)
    return Swept(fan_outs=tuple(fan_outs), returned=returned, uncertain=uncertain)
