"""Mails that are due: claimed by the UPDATE, looked at again, submitted outside any transaction, settled."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db.models import F, QuerySet

from announcements.delivery import _digests, _gate, _nudges, _suppressions, _tests, _waits, models
from announcements.delivery._values import Swept
from announcements.delivery.channels import mail, returns

log = logging.getLogger(__name__)
BATCH = 50
PAUSES = (0.2, 1, 5)  # seconds
# So that a slow mail server keeps a thread for no longer; the next tick goes on.
LASTS = timedelta(seconds=20)
Row = models.TestMail | models.Nudge | models.Digest
Kind = type[models.TestMail] | type[models.Nudge] | type[models.Digest]
# Somebody waits for a test at their screen.
KINDS: tuple[Kind, ...] = (models.TestMail, models.Nudge, models.Digest)


def tick(*, now: datetime, clock: Callable[[], datetime]) -> int:
    """Send what is due until nothing is left, for as long as a tick lasts; return how many rows were settled.

    Two ticks at once share the work. A mail server that cannot be reached is asked once; what was to go there waits with it.
    """
    _digests.plan(now=now)
    settled, press = 0, mail.Press()
    with _gate.Gate(now) as gate:
        while due := _due(clock(), gate.shut):
            for kind, pk, workspace_id in due:
                if clock() >= now + LASTS:
                    return settled
                if not gate.opens(workspace_id, clock(), tests=kind is models.TestMail):
                    continue
                if row := claim(kind, pk, clock()):
                    settled += 1
                    _send(row, gate, press, clock)
    return settled


def _due(now: datetime, shut: Collection[int]) -> list[tuple[Kind, int, int]]:
    """Return what is due and where nothing is in the way: kind, id and workspace, of each kind the oldest first."""
    return [
        (kind, pk, workspace_id)
        for kind in KINDS
        for pk, workspace_id in kind.objects.filter(state="queued", due_at__lte=now)
        .exclude(workspace_id__in=shut)
        .order_by("due_at", "id")
        .values_list("pk", "workspace_id")[:BATCH]
    ]


def claim(kind: Kind, pk: int, now: datetime) -> Row | None:
    """Take a row that is due until its lease runs out, by a conditional UPDATE; None when another has it."""
    due = kind.objects.filter(pk=pk, state="queued", due_at__lte=now)
    if not due.update(state="submitting", leased_until=_lease(now), body_started_at=None, attempts=F("attempts") + 1):
        return None
    return kind.objects.get(pk=pk)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)


def _ours(row: Row, *states: str) -> QuerySet[models.TestMail] | QuerySet[models.Nudge] | QuerySet[models.Digest]:
    """Return the row as long as our claim on it stands: every claim has a lease of its own."""
    return type(row).objects.filter(pk=row.pk, state__in=states, leased_until=row.leased_until)


def _send(row: Row, gate: _gate.Gate, press: mail.Press, clock: Callable[[], datetime]) -> None:
    """Settle a row. What goes wrong with one mail is its own trouble; a database or mail server that is away is everybody's."""
    try:
        _hand_over(row, gate, press, clock)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s could not be made", row)
        held = _ours(row, "submitting")
        held.filter(body_started_at=None).update(state="failed", reason="cannot_be_made")
        held.update(state="uncertain", reason="cut_off")


def _hand_over(row: Row, gate: _gate.Gate, press: mail.Press, clock: Callable[[], datetime]) -> None:
    """Look again whether it still has to go, hand it over, write down what the server said."""
    now = clock()
    letter = _letter(row, now, press)
    if isinstance(letter, str):
        _ours(row, "submitting").update(state="skipped", reason=letter)
    elif isinstance(letter, datetime):
        _again(row, letter)
    else:
        written, told = (letter.mail, letter.announcement_ids) if isinstance(letter, _digests.Told) else (letter, ())
        if wait := gate.crowded(written.recipient):
            _again(row, now + wait)
            return
        written = returns.marked(written, str(row._meta.model_name), row.pk)
        outcome = gate.of(row.workspace_id).submit(written, on_body=lambda: _begun(row, clock()))
        _surely(lambda: _settle(row, outcome, told, clock()))
        gate.told(row.workspace_id, outcome, clock())
        if outcome.no_such_address:
            _suppressions.suppress(
                workspace_id=row.workspace_id,
                address=written.recipient,
                reason="refused",
                said=outcome.reply,
                now=clock(),
            )


def _again(row: Row, at: datetime) -> None:
    """Look at it again then; that was no attempt."""
    again = {"state": "queued", "due_at": at, "leased_until": None}
    _ours(row, "submitting").update(**again, attempts=F("attempts") - 1)


def _letter(row: Row, now: datetime, press: mail.Press) -> mail.Mail | _digests.Told | datetime | str:
    if isinstance(row, models.TestMail):
        return _tests.letter(row, now=now)
    return (
        _nudges.letter(row, now=now, press=press)
        if isinstance(row, models.Nudge)
        else _digests.letter(row, now=now, press=press)
    )


def _begun(row: Row, now: datetime) -> bool:
    """Commit that the body goes out now, under a new lease; say no when the old one was lost meanwhile."""
    lease = _lease(now)
    if not _ours(row, "submitting").update(body_started_at=now, leased_until=lease):
        return False
    row.leased_until = lease
    return True


def _surely(write: Callable[[], None]) -> None:
    """Write down what only we know, again when the database was away for a moment: after this it is lost, and the row uncertain."""
    for pause in PAUSES:
        try:
            write()
        except (OperationalError, InterfaceError):
            close_old_connections()
            time.sleep(pause)
        else:
            return
    write()


@transaction.atomic
def _settle(row: Row, outcome: mail.Outcome, told: Collection[int], now: datetime) -> None:
    """Write down what the server said: its word is worth more than a sweep's guess that nobody would hear it."""
    held = _ours(row, "submitting", "uncertain")
    said = {"reason": _reason(outcome), "reply": outcome.reply[:200]}
    if outcome.away:
        held.update(**said, state="queued", leased_until=None, attempts=F("attempts") - 1)
        return
    if outcome.kind == "later" and row.attempts < _waits.ATTEMPTS:
        wait = _waits.wait(f"{row._meta.model_name}-{row.pk}", row.attempts)
        held.update(**said, state="queued", due_at=now + wait, leased_until=None)
        return
    state = "failed" if outcome.kind == "later" else outcome.kind
    said |= {"reason": "given_up"} if outcome.kind == "later" else {}
    settled = held.update(**said, state=state, submitted_at=now if state == "submitted" else None)
    if settled and state == "submitted":
        _digests.mention(person_id=row.recipient_id, announcement_ids=told)


def _reason(outcome: mail.Outcome) -> str:
    """Return whose trouble a refusal is, in a word."""
    if outcome.kind == "submitted" or outcome.away:
        return ""
    if outcome.no_such_address:
        return "no_such_address"
    return {"later": "put_off", "uncertain": "cut_off"}.get(outcome.kind) or f"{outcome.at}_refused"


def sweep(*, now: datetime, fan_outs: Collection[int]) -> Swept:
    """Return what a dead worker held: queued again when its body had not begun, else uncertain, which no machine sends again."""
    returned = uncertain = 0
    for kind in KINDS:
        dead = kind.objects.filter(state="submitting", leased_until__lt=now)
        uncertain += dead.filter(body_started_at__isnull=False).update(state="uncertain", reason="worker_lost")
        returned += dead.filter(body_started_at=None).update(state="queued", leased_until=None)
    return Swept(fan_outs=tuple(fan_outs), returned=returned, uncertain=uncertain)
