"""Letters that are due: claimed by the UPDATE, looked at again, submitted outside any transaction, settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import F, QuerySet

from announcements.joining import _letters, models
from announcements.kernel.lines import Line, Outcome, Transports
from announcements.people import services as people

BATCH = 50
ATTEMPTS = 8


def post(*, now: datetime, clock: Callable[[], datetime]) -> int:
    """Send what is due until nothing is left; return how many letters were settled. Two at once share the work."""
    settled = 0
    while rows := _claimed(now):
        with Transports(_own_server) as transports:
            for row in rows:
                _send(row, transports.of(row.workspace_id), clock)
                settled += 1
    return settled


def _own_server(workspace_id: int) -> people.MailServer | None:
    return people.mail_server(workspace_id=workspace_id)


def _claimed(now: datetime) -> list[models.Letter]:
    """Take letters that are due; each goes to one taker, and comes back when its lease runs out before its body went."""
    due = models.Letter.objects.filter(state="queued", due_at__lte=now)
    lease = now + timedelta(seconds=settings.LEASE_SECONDS)
    mine = [
        pk
        for pk in due.order_by("due_at", "id").values_list("pk", flat=True)[:BATCH]
        if due.filter(pk=pk).update(
            state="submitting", leased_until=lease, body_started_at=None, attempts=F("attempts") + 1
        )
    ]
    rows = models.Letter.objects.filter(pk__in=mine).select_related("invitation", "claim__link")
    return list(rows.order_by("due_at", "id"))


def _send(row: models.Letter, transport: Line, clock: Callable[[], datetime]) -> None:
    held = models.Letter.objects.filter(pk=row.pk, state="submitting", leased_until=row.leased_until)
    letter = _letters.letter(row, clock())
    if isinstance(letter, str):
        held.update(state="skipped", reply=letter)
        return
    outcome = transport.submit(letter, on_body=partial(_started, held, clock))
    _settle(row, held, outcome, clock())


def _started(held: QuerySet[models.Letter], clock: Callable[[], datetime]) -> bool:
    """Commit that the body goes out now; say no when the lease was lost meanwhile."""
    return bool(held.update(body_started_at=clock()))


def _settle(row: models.Letter, held: QuerySet[models.Letter], outcome: Outcome, now: datetime) -> None:
    reply = outcome.reply[:200]
    if outcome.away:  # whoever it is to: that uses up nobody's attempts
        wait = timedelta(minutes=1)
        held.update(state="queued", due_at=now + wait, leased_until=None, reply=reply, attempts=F("attempts") - 1)
        return
    if outcome.kind == "later" and row.attempts < ATTEMPTS:
        wait = timedelta(minutes=min(60, 2**row.attempts))
        held.update(state="queued", due_at=now + wait, leased_until=None, reply=reply)
        return
    state = "failed" if outcome.kind == "later" else outcome.kind
    held.update(state=state, reply=reply, submitted_at=now if state == "submitted" else None)


def sweep(*, now: datetime) -> int:
    """Return what a dead worker held: queued again when its body had not begun, else uncertain, which no machine sends again."""
    dead = models.Letter.objects.filter(state="submitting", leased_until__lt=now)
    dead.filter(body_started_at__isnull=False).update(state="uncertain", reply="worker_lost")
    # Nothing was written of it, so that it is no attempt.
    idle = dead.filter(body_started_at=None)
    return idle.update(state="queued", leased_until=None, attempts=F("attempts") - 1)
