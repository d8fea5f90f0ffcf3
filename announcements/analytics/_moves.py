"""Facts that moved, as they are noted until they are folded: short, and exact to the microsecond."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from announcements.delivery import services as delivery

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """Facts of a recipient, and whether they are gone and count nowhere."""

    facts: delivery.DeliveryFacts
    gone: bool


@dataclass(frozen=True, slots=True)
class Move:
    """How a recipient counted before, and counts now."""

    announcement_id: int
    recipient_id: int
    before: Counted | None
    after: Counted | None


def pack(moves: Iterable[Move]) -> list[list[Any]]:
    """Return them as JSON can say them."""
    return [[move.announcement_id, move.recipient_id, _facts(move.before), _facts(move.after)] for move in moves]


def unpack(rows: Iterable[list[Any]]) -> list[Move]:
    """Return what was packed."""
    return [Move(about, who, _read(who, before), _read(who, after)) for about, who, before, after in rows]


def _facts(counted: Counted | None) -> list[Any] | None:
    if counted is None:
        return None
    facts = counted.facts
    times = (facts.delivered_at, facts.displayed_at, facts.opened_at, facts.read_at, facts.acknowledged_at)
    vias = (facts.displayed_via, facts.opened_via, facts.read_via, facts.acknowledged_via)
    return [*((at - EPOCH) // MICROSECOND if at else None for at in times), *vias, counted.gone]


def _read(person_id: int, packed: list[Any] | None) -> Counted | None:
    if packed is None:
        return None
    times: list[Any] = [None if at is None else EPOCH + at * MICROSECOND for at in packed[:5]]
    return Counted(delivery.DeliveryFacts(person_id, *times, *packed[5:9]), packed[9])
