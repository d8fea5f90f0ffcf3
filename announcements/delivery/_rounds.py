"""Rounds: mails that are under way at once, each over a connection of its own. What begins is one statement, what was taken another."""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db.models import F

from announcements.delivery import _claims, _digests, _gate, _suppressions, _waits
from announcements.delivery._claims import Row
from announcements.delivery.channels import mail

log = logging.getLogger(__name__)
PAUSES = (0.2, 1, 5)  # seconds
BROKEN, LOST = mail.Outcome("failed", "it could not be handed over"), mail.Outcome("uncertain", "it broke off")
Made = mail.Mail | _digests.Told | str
Mark = Callable[[mail.Mail, str, int], mail.Mail]


class Written(NamedTuple):
    """A claimed row with its mail; `told` are the announcements that a digest tells of."""

    row: Row
    mail: mail.Mail
    told: tuple[int, ...]


Said = list[tuple[Written, mail.Outcome]]


def write(
    row: Row, make: Callable[[], Made], gate: _gate.Gate, mark: Mark, clock: Callable[[], datetime]
) -> Written | None:
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
        return Written(row, mark(written, row.name, row.id), told)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("%s could not be made", row)
        _claims.ours(row, "submitting").update(state="failed", reason="cannot_be_made")
        return None


Pair = tuple[Written, mail.Line]
Unwanted = Callable[[Sequence[Row]], Collection[Row]]


class Relay:
    """Rounds of one claim, handed over one after another: with the bodies of one goes what is asked about the next.

    `settled` counts rows of which something was written down; those of which nothing was said are `left`; `lost` tells whether any
    was not ours any more.
    """

    def __init__(self, gate: _gate.Gate, clock: Callable[[], datetime]) -> None:
        self._gate, self._clock = gate, clock
        self._told, self._asked, self._said = list[Pair](), list[Pair](), Said()
        self._until = math.inf
        self.settled, self.left, self.lost = 0, list[Row](), False

    @property
    def under_way(self) -> list[Row]:
        """Return the rows of which nobody knows yet what becomes of them."""
        return [one.row for one, _line in (*self._told, *self._asked)]

    @property
    def waits(self) -> bool:
        """Tell whether a round was asked for whose bodies are not out."""
        return bool(self._asked)

    def hand_over(self, together: Sequence[Written], unwanted: Unwanted) -> None:
        """Write down what was said of the bodies that are out, tell those that were asked for, and ask for these.

        What `unwanted` returns, asked the moment before, is not told. Whatever is raised, what was heard is still to be kept: `finish`.
        """
        self._hear()
        ready = self._answers()
        out = unwanted([one.row for one, _line in ready]) if ready else ()
        asked = _lines(together, self._gate)
        # Its lease has begun, or is that of the claim: half of it is left to write down what is said.
        self._until = time.monotonic() + settings.LEASE_SECONDS / 2
        begun, said = self._write_down([one.row for one, _line in ready if one.row not in out])
        self._asked = asked
        self._told = [pair for pair in ready if pair[0].row.id in begun]
        for one, line in ready:
            if one.row.id not in begun:
                line.drop()
        then = {line: one.mail for one, line in self._asked}
        for one, line in self._told:
            _safely(one, line, partial(line.tell, then.pop(line, None)), LOST)
        for line, mail_ in then.items():
            line.ask(mail_)
        self._note(said)

    def finish(self) -> None:
        """Hear what becomes of the bodies that are out, and write it down; nothing more is told."""
        self._hear()
        self._keep()

    def _keep(self) -> None:
        """Write down what was heard before anything else is waited for."""
        said = self._said
        _surely(lambda: _settle(said, (), self._clock()))
        self._said = []
        self.settled += len(said)
        self._note(said)

    def _hear(self) -> None:
        """Hear what became of the bodies that are out."""
        told, self._told = self._told, []
        self._said += [(one, _safely(one, line, line.outcome, LOST) or LOST) for one, line in told]

    def _answers(self) -> list[Pair]:
        """Hear of the next which are refused; return those that may go out.

        First over the connections that are open: those that have ended are made anew side by side. When the time of the round is up,
        whoever has no answer is dropped, and left.
        """
        for one, line in self._asked:
            _safely(one, line, partial(line.listen, self._until), BROKEN)
        ready: list[Pair] = []
        no_line: list[Row] = []
        for n, (one, line) in enumerate(self._asked):
            if self._said and (self._late or not line.is_open):
                self._keep()
            if line.lacks_connection and not self._late:
                mail.reach([other for _one, other in self._asked[n:]])
            refused = _safely(one, line, line.answer, BROKEN)
            if refused is None:
                ready.append((one, line))
            elif refused.at == "line":
                no_line.append(one.row)
            else:
                self._said.append((one, refused))
        for row in no_line if not self._late else ():
            self._gate.fewer(row.workspace_id)
        self.left += no_line
        return ready

    @property
    def _late(self) -> bool:
        return time.monotonic() >= self._until

    def _write_down(self, ready: Sequence[Row]) -> tuple[set[int], Said]:
        """Write down what was said, and which bodies go out now; return their ids, none when the database was away for a moment, and
        what was written.
        """
        now, lease, said = self._clock(), ready[0].leased_until if ready else None, self._said
        begun: set[int] = set()
        try:
            begun = _settle(said, ready, now)
        except (OperationalError, InterfaceError):
            _surely(lambda: _settle(said, (), now))
            _surely(lambda: _claims.not_begun(ready, lease, now))
            self.left += ready
        else:
            self.settled += len(ready) - len(begun)
            self.lost = self.lost or len(begun) < len(ready)
        self._said = []
        self.settled += len(said)
        return begun, said

    def _note(self, said: Said) -> None:
        """Note what was said for the server's sake and the address's: each by itself, for it is written down what became of the mails."""
        now = self._clock()
        for one, outcome in said:
            try:
                self._note_one(one, outcome, now)
            except Exception:
                log.exception("what was said about %s could not be noted", one.row)

    def _note_one(self, one: Written, outcome: mail.Outcome, now: datetime) -> None:
        self._gate.told(one.row.workspace_id, outcome, now)
        if outcome.no_such_address:
            _suppressions.suppress(
                workspace_id=one.row.workspace_id,
                address=one.mail.recipient,
                reason="refused",
                said=outcome.reply,
                now=now,
            )


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


def _lines(together: Sequence[Written], gate: _gate.Gate) -> list[Pair]:
    """Give each a connection to its server."""
    used: dict[int, int] = {}
    lines: list[Pair] = []
    for one in together:
        server = gate.server(one.row.workspace_id)
        nth = used[server] = used.get(server, -1) + 1
        lines.append((one, gate.of(one.row.workspace_id, nth)))
    return lines


def _surely(write: Callable[[], object]) -> None:
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


def _settle(said: Said, ready: Sequence[Row], now: datetime) -> set[int]:
    """Write down what the server said: its word is worth more than a sweep's guess that nobody would hear it. Return what begins."""
    digests = any(one.told for one, _outcome in said)
    with transaction.atomic() if digests else contextlib.nullcontext():
        taken = {one.row: outcome.reply[:200] for one, outcome in said if outcome.kind == "submitted"}
        step = _claims.step(taken, ready, now)
        if digests:
            # One of which nobody knows may have told of it too.
            told = step.taken | {one.row.id for one, outcome in said if outcome.kind == "uncertain"}
            _digests.mention({one.row.recipient_id: one.told for one, _outcome in said if one.row.id in told})
        for one, outcome in said:
            if outcome.kind != "submitted":
                _settle_other(one.row, outcome, now)
    return step.begun


def _settle_other(row: Row, outcome: mail.Outcome, now: datetime) -> None:
    held = _claims.ours(row, "submitting", "uncertain")
    again = row.reason == _claims.AGAIN and outcome.kind == "later"
    wait = _waits.wait(f"{row.name}-{row.id}", row.attempts)
    said = {"reason": _claims.AGAIN if again else _reason(outcome), "reply": outcome.reply[:200]}
    if outcome.away:
        held.update(**said, state="queued", leased_until=None, attempts=F("attempts") - 1)
    elif outcome.kind == "later" and row.attempts < _waits.ATTEMPTS:
        held.update(**said, state="queued", due_at=now + wait, leased_until=None)
    elif outcome.kind == "uncertain" and _claims.once_more(held).update(
        state="queued", reason=_claims.AGAIN, reply=said["reply"], due_at=now + wait, leased_until=None
    ):
        log.warning("%s is sent once more", row)
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
