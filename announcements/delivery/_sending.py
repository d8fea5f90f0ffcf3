"""Mails that are due: claimed by the UPDATE, looked at again, submitted outside any transaction, settled."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db.models import F

from announcements.delivery import _claims, _digests, _gate, _nudges, _suppressions, _tests, _waits, models
from announcements.delivery._claims import Kind, Row
from announcements.delivery._values import Swept
from announcements.delivery.channels import mail, returns

log = logging.getLogger(__name__)
BATCH = 100
PAUSES = (0.2, 1, 5)  # seconds
# So that a slow mail server keeps a thread for no longer; the next tick goes on.
LASTS = timedelta(seconds=20)
# For so long what was looked up for a batch holds: whoever confirms or goes away meanwhile is mailed no later than that.
FRESH = timedelta(seconds=2)
# Somebody waits for a test at their screen.
KINDS: tuple[Kind, ...] = (models.TestMail, models.Nudge, models.Digest)
Made = mail.Mail | _digests.Told | datetime | str
Letter = Callable[[], Made] | datetime | str


def tick(*, now: datetime, clock: Callable[[], datetime]) -> int:
    """Send what is due until nothing is left, for as long as a tick lasts; return how many rows were settled.

    Two ticks at once share the work. A mail server that cannot be reached is asked once; what was to go there waits with it.
    """
    _digests.plan(now=now)
    with _gate.Gate(now) as gate:
        run = _Run(gate, clock, now + LASTS)
        while run.goes_on and (due := run.due()):
            for kind, found in due:
                if run.goes_on:
                    run.send(kind, found)
    return run.settled


class _Run:
    """What one tick does: batches are claimed, looked at again, and each row of them settled by itself."""

    def __init__(self, gate: _gate.Gate, clock: Callable[[], datetime], ends: datetime) -> None:
        self._gate, self._clock, self._ends = gate, clock, ends
        self._press = mail.Press()
        self._aside: dict[Kind, set[int]] = {kind: set() for kind in KINDS}
        self.goes_on, self.settled = True, 0

    def due(self) -> list[tuple[Kind, list[tuple[int, int]]]]:
        """Return what is due and where nothing is in the way, by kind: id and workspace, the oldest first."""
        now, found = self._clock(), list[tuple[Kind, list[tuple[int, int]]]]()
        for kind in KINDS:
            rows = kind.objects.filter(state="queued", due_at__lte=now).exclude(workspace_id__in=self._gate.shut)
            rows = rows.exclude(pk__in=self._aside[kind]) if self._aside[kind] else rows
            found.append((kind, list(rows.order_by("due_at", "id").values_list("pk", "workspace_id")[:BATCH])))
        return [(kind, rows) for kind, rows in found if rows]

    def send(self, kind: Kind, found: Sequence[tuple[int, int]]) -> None:
        """Claim these rows and settle them; what is left when the tick or a server's patience ends is given back."""
        now = self._clock()
        tests = kind is models.TestMail
        free = {place for place in {place for _pk, place in found} if self._gate.opens(place, now, tests=tests)}
        left = _claims.claim(kind, [pk for pk, place in found if place in free], self._clock())
        try:
            self._settle_all(left)
        finally:
            with contextlib.suppress(OperationalError, InterfaceError):  # the sweep will find them
                _claims.release(left)

    def _settle_all(self, left: list[Row]) -> None:
        """Take one after another from these; those whom what was looked up may be out of date for are looked at again."""
        kept, looked_at, told = list[Row](), datetime.min.replace(tzinfo=UTC), set[Hashable]()
        letters: dict[int, Letter] = {}
        while left and self.goes_on:
            now = self._clock()
            if now - looked_at > FRESH:
                letters, looked_at = _look(left, now, self._press), now
            row = left[0]
            if _whose(row) in told:  # another step of theirs went out since
                letters |= _look([row], now, self._press)
            told.add(_whose(row))
            if not self._take(row, letters.get(row.pk, _nudges.BUSY)):
                kept.append(row)
            left.pop(0)
            self.goes_on = self._clock() < self._ends
        left += kept

    def _take(self, row: Row, letter: Letter) -> bool:
        """Settle a row; say no when it stays as it was, for another tick or worker."""
        if letter == _nudges.BUSY:
            self._aside[type(row)].add(row.pk)
            return False
        if row.workspace_id in self._gate.shut or not self._gate.paced(row.workspace_id):
            return False
        self.settled += 1
        _send(row, letter, self._gate, self._clock)
        return True


def _whose(row: Row) -> Hashable:
    return row.recipient_id, getattr(row, "announcement_id", None)


def _look(rows: Sequence[Row], now: datetime, press: mail.Press) -> dict[int, Letter]:
    """Look again whether these of one kind still have to go: what makes each mail, when it has to wait until, or why not, by row."""
    if isinstance(rows[0], models.Nudge):
        return dict(_nudges.look(cast("Sequence[models.Nudge]", rows), now=now, press=press))
    if isinstance(rows[0], models.Digest):
        return dict(_digests.look(cast("Sequence[models.Digest]", rows), now=now, press=press))
    return {row.pk: partial(_tests.letter, row, now=now) for row in cast("Sequence[models.TestMail]", rows)}


def _send(row: Row, letter: Letter, gate: _gate.Gate, clock: Callable[[], datetime]) -> None:
    """Settle a row. What goes wrong with one mail is its own trouble; a database or mail server that is away is everybody's."""
    try:
        _hand_over(row, letter() if callable(letter) else letter, gate, clock)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s could not be made", row)
        held = _claims.ours(row, "submitting")
        held.filter(body_started_at=None).update(state="failed", reason="cannot_be_made")
        held.update(state="uncertain", reason="cut_off")


def _hand_over(row: Row, letter: Made, gate: _gate.Gate, clock: Callable[[], datetime]) -> None:
    """Hand over what still has to go, and write down what the server said."""
    if isinstance(letter, str):
        _claims.ours(row, "submitting").update(state="skipped", reason=letter)
    elif isinstance(letter, datetime):
        _claims.again(row, letter)
    else:
        written, told = (letter.mail, letter.announcement_ids) if isinstance(letter, _digests.Told) else (letter, ())
        if wait := gate.crowded(written.recipient):
            _claims.again(row, clock() + wait)
            return
        written = returns.marked(written, str(row._meta.model_name), row.pk)
        outcome = gate.of(row.workspace_id).submit(written, on_body=lambda: _claims.begin(row, clock()))
        now = clock()
        _surely(lambda: _settle(row, outcome, told, now))
        gate.told(row.workspace_id, outcome, now)
        if outcome.no_such_address:
            _suppressions.suppress(
                workspace_id=row.workspace_id,
                address=written.recipient,
                reason="refused",
                said=outcome.reply,
                now=now,
            )


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


def _settle(row: Row, outcome: mail.Outcome, told: Collection[int], now: datetime) -> None:
    """Write down what the server said: its word is worth more than a sweep's guess that nobody would hear it."""
    if outcome.kind == "submitted":
        if not told:
            _claims.submitted(row, outcome.reply[:200], now)
            return
        with transaction.atomic():
            if _claims.submitted(row, outcome.reply[:200], now):
                _digests.mention(person_id=row.recipient_id, announcement_ids=told)
        return
    held = _claims.ours(row, "submitting", "uncertain")
    said = {"reason": _reason(outcome), "reply": outcome.reply[:200]}
    if outcome.away:
        held.update(**said, state="queued", leased_until=None, attempts=F("attempts") - 1)
    elif outcome.kind == "later" and row.attempts < _waits.ATTEMPTS:
        wait = _waits.wait(f"{row._meta.model_name}-{row.pk}", row.attempts)
        held.update(**said, state="queued", due_at=now + wait, leased_until=None)
    elif outcome.kind == "later":
        held.update(**said | {"reason": "given_up"}, state="failed")
    else:
        held.update(**said, state=outcome.kind)


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
