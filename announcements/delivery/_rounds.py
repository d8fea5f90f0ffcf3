"""Rounds: mails that are under way at once, each over a connection of its own. What begins is one statement, what was taken another."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db.models import F

from announcements.delivery import _claims, _digests, _gate, _suppressions, _waits
from announcements.delivery._claims import Row
from announcements.delivery.channels import mail, returns

log = logging.getLogger(__name__)
PAUSES = (0.2, 1, 5)  # seconds
BROKEN, LOST = mail.Outcome("failed", "it could not be handed over"), mail.Outcome("uncertain", "it broke off")
Made = mail.Mail | _digests.Told | str


@dataclass(frozen=True, slots=True)
class Written:
    """A claimed row with its mail; `told` are the announcements that a digest tells of."""

    row: Row
    mail: mail.Mail
    told: tuple[int, ...]


Said = list[tuple[Written, mail.Outcome]]


def write(row: Row, make: Callable[[], Made], gate: _gate.Gate, clock: Callable[[], datetime]) -> Written | None:
    """Return a row's mail; None when it is settled without one. What goes wrong with one mail is its own trouble, and logged."""
    try:
        made = make()
        if isinstance(made, str):
            _claims.set_aside({row: made})
            return None
        written, told = (made.mail, made.announcement_ids) if isinstance(made, _digests.Told) else (made, ())
        if wait := gate.crowded(written.recipient):
            _claims.set_aside({row: clock() + wait})
            return None
        return Written(row, returns.marked(written, str(row._meta.model_name), row.pk), told)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s could not be made", row)
        _claims.ours(row, "submitting").update(state="failed", reason="cannot_be_made")
        return None


@dataclass(frozen=True, slots=True)
class Handed:
    """What a round left: rows for which there was `no_line`, no further connection; and whether any was not ours any more, `lost`."""

    no_line: list[Row]
    lost: bool


def hand_over(together: Sequence[Written], gate: _gate.Gate, clock: Callable[[], datetime]) -> Handed:
    """Hand these over, and write down what the server said."""
    lines = _lines(together, gate)
    for one, line in lines:
        line.ask(one.mail)
    answered = [(one, line, _safely(one, line, line.answer, BROKEN)) for one, line in lines]
    said: Said = [(one, refused) for one, _line, refused in answered if refused]
    waiting = [(one, line) for one, line, refused in answered if not refused]
    begun = _claims.begin([one.row for one, _line in waiting], clock())
    for one, line in waiting:
        if one.row.pk in begun:
            _safely(one, line, partial(line.tell, one.mail.data), LOST)
        else:
            line.drop()
    said += [(one, _safely(one, line, line.outcome, LOST) or LOST) for one, line in waiting if one.row.pk in begun]
    no_line = [one.row for one, outcome in said if outcome.at == "line"]
    _note([(one, outcome) for one, outcome in said if outcome.at != "line"], gate, clock())
    if no_line:
        gate.fewer()
    return Handed(no_line, lost=len(begun) < len(waiting))


def _safely(
    one: Written, line: mail.Line, step: Callable[[], mail.Outcome | None], otherwise: mail.Outcome
) -> mail.Outcome | None:
    """Do a step of one mail: what goes wrong with it must not keep the others' answers from being written down."""
    try:
        return step()
    except Exception:
        log.exception("%s could not be handed over", one.row)
        line.drop()
        return otherwise


def _lines(together: Sequence[Written], gate: _gate.Gate) -> list[tuple[Written, mail.Line]]:
    """Give each a connection to its server."""
    used, lines = Counter[int](), list[tuple[Written, mail.Line]]()
    for one in together:
        server = gate.server(one.row.workspace_id)
        lines.append((one, gate.of(one.row.workspace_id, used[server])))
        used[server] += 1
    return lines


def _note(said: Said, gate: _gate.Gate, now: datetime) -> None:
    _surely(lambda: _settle(said, now))
    for one, outcome in said:
        gate.told(one.row.workspace_id, outcome, now)
        if outcome.no_such_address:
            _suppressions.suppress(
                workspace_id=one.row.workspace_id,
                address=one.mail.recipient,
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


def _settle(said: Said, now: datetime) -> None:
    """Write down what the server said: its word is worth more than a sweep's guess that nobody would hear it."""
    digests = any(one.told for one, _outcome in said)
    with transaction.atomic() if digests else contextlib.nullcontext():
        if replies := {one.row: outcome.reply[:200] for one, outcome in said if outcome.kind == "submitted"}:
            settled = _claims.submitted(replies, now)
            if digests:
                _digests.mention({one.row.recipient_id: one.told for one, _outcome in said if one.row.pk in settled})
        for one, outcome in said:
            if outcome.kind != "submitted":
                _settle_other(one.row, outcome, now)


def _settle_other(row: Row, outcome: mail.Outcome, now: datetime) -> None:
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
    if outcome.away:
        return ""
    if outcome.no_such_address:
        return "no_such_address"
    return {"later": "put_off", "uncertain": "cut_off"}.get(outcome.kind) or f"{outcome.at}_refused"
