"""Whether the queue moves: when each beat was last done. Kept in Redis, where all processes see it: without Redis no queue runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.conf import settings
from django.core.cache import cache

LATE = 6  # a beat may come so many times its interval late: a long tick is no fault
# Seconds that web, and then a worker that gives way to all others, may take to be there on a busy machine before that is called ill.
STARTING = 300

Name = Literal["tick", "sweep"]
Pulse = Literal["moves", "starts", "stands", "unknown"]
NAMES: tuple[Name, ...] = ("tick", "sweep")


@dataclass(frozen=True, slots=True)
class Beat:
    """How a beat gets on, and when it was last done (None: never, or Redis is away or was emptied, which is `unknown`).

    `starts`: since a start at `awaited` it has yet to be done, and has had no longer than a worker and then a sweep may take to come.
    """

    name: Name
    pulse: Pulse
    last: datetime | None
    awaited: datetime | None


def start(*, at: datetime, anew: bool = False) -> None:
    """Note that the installation starts; `anew` where all of it was stopped before.

    Of other starts only the first counts until a beat follows: whoever starts over and over is not well.
    """
    for name in NAMES:
        if anew:
            cache.set(f"heart.{name}.awaited", at.timestamp(), _patience())
        else:
            cache.add(f"heart.{name}.awaited", at.timestamp(), None)


def beat(name: Name, *, at: datetime) -> None:
    """Note that it was done."""
    cache.set(f"heart.{name}", at.timestamp(), None)
    cache.delete(f"heart.{name}.awaited")


def beats(*, now: datetime) -> list[Beat]:
    """Return how each beat gets on."""
    return [_beat(name, now) for name in NAMES]


def ages(*, now: datetime) -> dict[str, float | None]:
    """Return how many seconds ago each beat was done; None when it never was, or Redis is away."""
    return {
        one.name: None if one.last is None else max(0.0, (now - one.last).total_seconds()) for one in beats(now=now)
    }


def _beat(name: Name, now: datetime) -> Beat:
    every = {"tick": settings.TICK_SECONDS, "sweep": settings.SWEEP_SECONDS}
    last, awaited = _at(f"heart.{name}"), _at(f"heart.{name}.awaited")
    pulse: Pulse = "stands" if last else "unknown"
    if last and now - last <= timedelta(seconds=every[name] * LATE):
        pulse = "moves"
    elif awaited and now - awaited <= timedelta(seconds=_patience()):
        pulse = "starts"
    return Beat(name, pulse, last, awaited)


def _patience() -> float:
    """Return how many seconds after a start every beat must have been done."""
    return STARTING + max(settings.TICK_SECONDS, settings.SWEEP_SECONDS)


def _at(key: str) -> datetime | None:
    seconds = cache.get(key)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
