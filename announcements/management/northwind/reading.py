"""How Northwind reads: who gets how far with an announcement, and when on their own working clock.

Each function has its own zeal and pace. Most reading happens in the first working hours, a tail follows over days, and
some never come to it. What asks to be confirmed is read by more people, some of them only after a nudge.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from announcements.delivery import services as delivery
from announcements.kernel.clocks import WorkingTime
from announcements.management.northwind import cast

# Which share confirms what is still open, and the median working hours until somebody opens.
ZEAL = {"Product & Engineering": 0.92, "Operations": 0.81, "Commercial": 0.74, "Customer Care": 0.65}
PACE = {"Product & Engineering": 2.0, "Operations": 4.0, "Commercial": 5.0, "Customer Care": 7.0}
# Of the recipients: displayed, opened, read, acknowledged.
USUAL = (0.97, 0.84, 0.72, 0.0)
REQUIRED = (0.99, 0.96, 0.945, 0.93)
OFF_HOURS = 0.06


@dataclass(slots=True)
class Reader:
    """Somebody who reads, and what they have done so far."""

    person_id: int
    name: str
    function: str
    working_time: WorkingTime
    diligence: float
    joined_at: datetime
    receipts: list[delivery.Receipt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read: how far how many get is `reached`, or left to the model."""

    announcement_id: int
    published_at: datetime
    minutes: int
    required: bool
    reached: tuple[int, ...] = ()
    unread_by: tuple[str, ...] = ()


def read(*, reading: Reading, readers: Sequence[Reader], now: datetime, chance: random.Random) -> None:
    """Add to each reader's receipts what they did with this announcement until `now`."""
    soon = reading.published_at + timedelta(minutes=1)
    able = [r for r in readers if after(r.working_time, soon, 20) < now]
    wanted = reading.reached or _model(reading, len(readers), chance)
    behind: set[int] = set()
    for depth in (4, 3, 2, 1):
        n = max(0, wanted[depth - 1] - len(behind))
        for reader in _chosen([r for r in able if r.person_id not in behind], n, reading, depth, chance):
            behind.add(reader.person_id)
            reader.receipts += _receipts(reading, reader, depth, now, chance)


def _model(reading: Reading, recipients: int, chance: random.Random) -> tuple[int, ...]:
    mood = chance.uniform(-0.05, 0.04)
    shares = REQUIRED if reading.required else USUAL
    reached = [round(recipients * min(1.0, share + mood)) if share else 0 for share in shares]
    return tuple(max(reached[depth:]) for depth in range(4))


def _chosen(pool: Sequence[Reader], n: int, reading: Reading, depth: int, chance: random.Random) -> list[Reader]:
    """Choose `n` readers, from each function as many as its zeal earns it, the diligent first."""
    held_back = depth == 4 if reading.required else depth >= 2
    free = [r for r in pool if not (held_back and r.name in reading.unread_by)]
    by_function = {f: [r for r in free if r.function == f] for f in ZEAL}
    for group in by_function.values():
        group.sort(key=lambda r: (_owes_nothing_else(r, reading), r.diligence + chance.gauss(0, 0.25)), reverse=True)
    earned = {f: len(group) * ZEAL[f] for f, group in by_function.items()}
    scale = n / (sum(earned.values()) or 1)
    shares = {f: min(len(by_function[f]), earned[f] * scale) for f in ZEAL}
    chosen = [r for f in ZEAL for r in by_function[f][: int(shares[f])]]
    rest = sorted(
        (r for f in ZEAL for r in by_function[f][int(shares[f]) :]),
        key=lambda r: (by_function[r.function].index(r) - shares[r.function]) / ZEAL[r.function],
    )
    return [*chosen, *rest[: n - len(chosen)]][:n]


def _owes_nothing_else(reader: Reader, reading: Reading) -> bool:
    """Tell whether it is theirs to read by the story: who signs in is told what waits for them, and finds just that."""
    return reading.required and reader.name in cast.SIGN_INS


def _receipts(
    reading: Reading, reader: Reader, depth: int, now: datetime, chance: random.Random
) -> list[delivery.Receipt]:
    opened = _moment(reading, reader, now, chance)
    shown = min(opened, after(reader.working_time, reading.published_at, chance.expovariate(1 / 50)))
    via: delivery.Channel = "page" if chance.random() < 0.2 else "tab"
    done = min(now, opened + timedelta(minutes=reading.minutes * chance.uniform(0.5, 1.3), seconds=5))
    confirmed, by = _confirmed(reading, reader, done, now, chance)
    steps: list[tuple[delivery.Fact, datetime, delivery.Channel]] = [
        ("displayed", shown, "tab"),
        ("opened", opened, via),
        ("read", done, via),
        ("acknowledged", confirmed, by or via),
    ]
    return [
        delivery.Receipt(
            client_id=f"{reading.announcement_id}-{reader.person_id}-{fact}",
            announcement_id=reading.announcement_id,
            fact=fact,
            at=at,
            channel=channel,
            version=1,
        )
        for fact, at, channel in steps[:depth]
    ]


def _confirmed(
    reading: Reading, reader: Reader, done: datetime, now: datetime, chance: random.Random
) -> tuple[datetime, delivery.Channel | None]:
    """Return when they confirm: at once for most; a third puts it off until the first nudge reaches them, by mail."""
    nudged = after(reader.working_time, reading.published_at + timedelta(hours=24), chance.expovariate(1 / 90))
    if done < nudged < now and chance.random() < 0.3:
        return nudged, "mail"
    by_mail = done >= nudged and chance.random() < 0.4
    return min(now, done + timedelta(seconds=chance.randint(2, 40))), "mail" if by_mail else None


def _moment(reading: Reading, reader: Reader, now: datetime, chance: random.Random) -> datetime:
    """Return when they open it: soon for most, late for some, before `now`; now and then out of hours."""
    minutes = 60 * PACE[reader.function] * chance.lognormvariate(-0.35, 1.1)
    for _ in range(40):
        at = after(reader.working_time, reading.published_at, 2 + minutes)
        if at < now:
            break
        minutes *= 0.7
    if chance.random() < OFF_HOURS:
        evening = at + timedelta(hours=chance.uniform(1, 5))
        return evening if evening < now else at
    return at


def after(hours: WorkingTime, start: datetime, minutes: float) -> datetime:
    """Return the instant so many minutes of their working time after `start`."""
    left = timedelta(minutes=minutes)
    at = hours.next_moment(start)
    while True:
        ends = hours.instant(at.astimezone(ZoneInfo(hours.timezone)).date(), hours.ends)
        if at + left < ends:
            return at + left
        left -= ends - at
        at = hours.next_moment(ends)
