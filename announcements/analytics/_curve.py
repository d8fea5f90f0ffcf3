"""The curve: how many had opened and acknowledged by a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from announcements.delivery import services as delivery

STEPS = [timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 24 * 7)]
MOST_POINTS = 100
SHORTEST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Point:
    """How many people had opened and acknowledged by `at`."""

    at: datetime
    opened: int
    acknowledged: int


def curve(*, published_at: datetime, facts: Sequence[delivery.DeliveryFacts], now: datetime) -> tuple[Point, ...]:
    """Return at most about a hundred points from publishing until the last fact, at least three days; never past `now`."""
    opened = sorted(f.opened_at for f in facts if f.opened_at)
    acknowledged = sorted(f.acknowledged_at for f in facts if f.acknowledged_at)
    end = max([published_at, min(now, max([published_at + SHORTEST, *opened[-1:], *acknowledged[-1:]]))])
    step = next((step for step in STEPS if (end - published_at) / step <= MOST_POINTS), STEPS[-1])
    moments = [published_at + step * n for n in range((end - published_at) // step + 1)]
    if moments[-1] < end:
        moments.append(end)
    return tuple(Point(at, bisect_right(opened, at), bisect_right(acknowledged, at)) for at in moments)
