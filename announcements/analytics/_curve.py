"""The curve: how many had opened and acknowledged by a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

HOUR = timedelta(hours=1)
STEPS = [timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 24 * 7)]
MOST_POINTS = 100
SHORTEST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Point:
    """How many people had opened and acknowledged by `at`; `opened` is None where only confirmations are told."""

    at: datetime
    opened: int | None
    acknowledged: int


def curve(*, published_at: datetime, hours: Mapping[str, Counter[int]], now: datetime) -> tuple[Point, ...]:
    """Return at most about a hundred points from publishing until the last fact, at least three days; never past `now`."""
    opened, acknowledged = _rising(hours["opened"]), _rising(hours["acknowledged"])
    last = max([*opened[0][-1:], *acknowledged[0][-1:], 0]) * HOUR
    end = max(published_at, min(now, published_at + max(SHORTEST, last)))
    step = next((step for step in STEPS if (end - published_at) / step <= MOST_POINTS), STEPS[-1])
    moments = [published_at + step * n for n in range((end - published_at) // step + 1)]
    if moments[-1] < end:
        moments.append(end)
    return tuple(
        # The hour that is running ends now: nothing can have happened later.
        Point(at, *(_until(-((published_at - at) // HOUR), each) for each in (opened, acknowledged)))
        for at in moments
    )


def _rising(hours: Counter[int]) -> tuple[list[int], list[int]]:
    ends = sorted(hour for hour, many in hours.items() if many)
    return ends, list(accumulate(hours[hour] for hour in ends))


def _until(hour: int, rising: tuple[list[int], list[int]]) -> int:
    ends, sums = rising
    found = bisect_right(ends, hour)
    return sums[found - 1] if found else 0
