"""Mails that are due: claimed by the UPDATE, looked at again, submitted outside any transaction, settled."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import F

from announcements.delivery import _claims, _digests, _gate, _nudges, _rounds, _tests, models
from announcements.delivery._claims import Kind, Row
from announcements.delivery._values import Swept
from announcements.delivery.channels import mail, returns

# Looking so many up takes hardly a query more than looking up one; those that a slow server is not given come back.
BATCH = 500
# So that a slow mail server keeps a thread for no longer; the next tick goes on.
LASTS = timedelta(seconds=20)
# For so long what was looked up for a batch holds: whoever confirms or goes away meanwhile is mailed no later than that.
FRESH = timedelta(seconds=2)
# Somebody waits for a test at their screen.
KINDS: tuple[Kind, ...] = (models.TestMail, models.Nudge, models.Digest)
Letter = Callable[[], _rounds.Made] | datetime | str


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
        gate.done = run.goes_on or not run.due()
    return run.settled


class _Run:
    """What one tick does: batches are claimed, looked at again, and settled round by round."""

    def __init__(self, gate: _gate.Gate, clock: Callable[[], datetime], ends: datetime) -> None:
        self._gate, self._clock, self._ends = gate, clock, ends
        self._press, self._mark = mail.Press(), returns.marker()
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
        """Settle these round by round, each as many as are under way at once; what another tick or worker goes on with stays.

        Whatever goes wrong meanwhile, what is said of the bodies that are out is heard and written down.
        """
        claimed, lease = list(left), left[0].leased_until if left else None
        batch = _Batch(left, _Looks(self._press), _rounds.Relay(self._gate, self._clock))
        try:
            while batch.relay.waits or (left and self.goes_on):
                if not batch.relay.waits:
                    self._look(batch)
                together = self._round(batch, ahead=batch.relay.waits) if self.goes_on else []
                self._hand_over(batch, together)
                if not batch.relay.waits:
                    self._hand_over(batch, [])
        except Exception:
            left[:] = [row for row in claimed if row.leased_until == lease]
            batch.relay.finish()
            raise
        else:
            left += [*batch.kept, *batch.relay.left]
        finally:
            self.settled += batch.relay.settled

    def _look(self, batch: _Batch) -> None:
        """Look at all that is left again, unless that was just now."""
        now = self._clock()
        if batch.looks.old(now):
            for place in {row.workspace_id for row in batch.left}:  # another tick may have met with a trouble since
                self._gate.opens(place, now, tests=batch.left[0].kind is models.TestMail)
            self.settled += _claims.set_aside(batch.looks.at_all(batch.left, now))
            batch.left[:] = [row for row in batch.left if batch.looks.needs(row)]

    def _hand_over(self, batch: _Batch, together: list[_rounds.Written]) -> None:
        relay, left = batch.relay, batch.left
        relay.hand_over(together, partial(self._unwanted, batch))
        left[:0], relay.left = relay.left, []
        if relay.lost:
            left[:], relay.lost = _claims.still_ours(left), False
        self.goes_on = self._clock() < self._ends

    def _unwanted(self, batch: _Batch, rows: Sequence[Row]) -> set[Row]:
        """Look at what goes out now once more, when the last look is too old to go by; return what does not, written down."""
        now = self._clock()
        if not batch.looks.old(now):
            return set()
        found = _look(rows, now, self._press)
        out = {row: said for row in rows if isinstance(said := found[row.id], (str, datetime))}
        busy = [row for row, said in out.items() if said == _nudges.BUSY]
        batch.kept.extend(busy)
        self.settled += _claims.set_aside({row: said for row, said in out.items() if row not in busy})
        return set(out)

    def _round(self, batch: _Batch, *, ahead: bool) -> list[_rounds.Written]:
        """Take what goes out next, and return it written. `ahead` of what others under way become, it waits and looks for nothing."""
        left, looks, now = batch.left, batch.looks, self._clock()
        together: list[_rounds.Written] = []
        most = settings.MAIL_AT_ONCE
        whose = {row.whose for row in batch.relay.under_way}
        used: dict[int, int] = {}  # by server
        while len(together) < most and (n := self._next(left, used, whose)) is not None:
            row = left[n]
            if ahead and (looks.old(now) or not self._gate.paced(row.workspace_id, waiting=False)):
                break
            del left[n]
            letter = looks.at(row, now)
            if letter == _nudges.BUSY:
                self._aside[row.kind].add(row.id)
                batch.kept.append(row)
            elif isinstance(letter, (str, datetime)):
                self.settled += _claims.set_aside({row: letter})
            elif row.workspace_id in self._gate.shut or not (ahead or self._gate.paced(row.workspace_id)):
                batch.kept.append(row)
            elif written := _rounds.write(row, letter, self._gate, self._mark, self._clock):
                together.append(written)
                whose.add(row.whose)
                server = self._gate.server(row.workspace_id)
                used[server] = used.get(server, 0) + 1
            else:
                self.settled += 1
        return together

    def _next(self, left: Sequence[Row], used: Mapping[int, int], whose: Collection[Hashable]) -> int | None:
        """Return the place of the first whose server has room: a small one keeps nobody else's waiting."""
        for n, row in enumerate(left):
            # Of one person's steps, what becomes of the first has to be known before the next.
            if row.whose in whose:
                return None
            if self._gate.room(row.workspace_id, used.get(self._gate.server(row.workspace_id), 0)):
                return n
        return None


class _Looks:
    """What was found when the rows of a batch were looked at again. It holds for a moment; who had another step since is looked at anew."""

    def __init__(self, press: mail.Press) -> None:
        self._press, self._at = press, datetime.min.replace(tzinfo=UTC)
        self._letters: dict[int, Letter] = {}
        self._told: set[Hashable] = set()

    def old(self, now: datetime) -> bool:
        """Tell whether the last look is too old to go by; one that seems to come later was by a clock that is set back since."""
        return not timedelta() <= now - self._at <= FRESH

    def at_all(self, rows: Sequence[Row], now: datetime) -> dict[Row, datetime | str]:
        """Look at all of these; return those that do not go out now, with why or until when."""
        self._letters, self._at = _look(rows, now, self._press), now
        return {
            row: said
            for row in rows
            if isinstance(said := self._letters[row.id], (str, datetime)) and said != _nudges.BUSY
        }

    def needs(self, row: Row) -> bool:
        """Tell whether something is still to be done about a row."""
        said = self._letters[row.id]
        return callable(said) or said == _nudges.BUSY

    def at(self, row: Row, now: datetime) -> Letter:
        """Return what makes a row's mail, when it has to wait until, or why there is none."""
        if row.whose in self._told:
            return _look([row], now, self._press)[row.id]
        self._told.add(row.whose)
        return self._letters[row.id]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one claim has taken: rows that are `left`, what was found about them, their rounds, and rows that are `kept` for another tick."""

    left: list[Row]
    looks: _Looks
    relay: _rounds.Relay
    kept: list[Row] = field(default_factory=list)


def _look(rows: Sequence[Row], now: datetime, press: mail.Press) -> dict[int, Letter]:
    """Look again whether these of one kind still have to go: what makes each mail, when it has to wait until, or why not, by row."""
    if rows[0].kind is models.Nudge:
        return dict(_nudges.look(rows, now=now, press=press))
    if rows[0].kind is models.Digest:
        return dict(_digests.look(rows, now=now, press=press))
    return {row.id: partial(_tests.letter, row, now=now) for row in rows}


def sweep(*, now: datetime, fan_outs: Collection[int]) -> Swept:
    """Return what a dead worker held: queued again, which was no attempt, when its body had not begun, else uncertain, which no machine
    sends again.
    """
    returned = uncertain = 0
    for kind in KINDS:
        dead = kind.objects.filter(state="submitting", leased_until__lt=now)
        begun = dead.filter(body_started_at__isnull=False)
        returned += _claims.once_more(begun).update(state="queued", reason=_claims.AGAIN, leased_until=None)
        uncertain += begun.update(state="uncertain", reason="worker_lost")
        idle = dead.filter(body_started_at=None)
        returned += idle.update(state="queued", leased_until=None, attempts=F("attempts") - 1)
    return Swept(fan_outs=tuple(fan_outs), returned=returned, uncertain=uncertain)
