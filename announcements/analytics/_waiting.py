"""How long it takes until people have read, where not everybody has: the estimate of Kaplan and Meier (1958)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction


def until(*, done: Mapping[int, int], waiting: Mapping[int, int], shares: Sequence[Fraction]) -> tuple[int | None, ...]:
    """Return after how long each of these shares of people is done; None where fewer than that ever were, as far as was seen.

    `done` says how many were done after how long, `waiting` how many had not been when they were last looked at after so long. Who
    waits is no loss and no answer: until then they count among those who might have, and no longer.
    """
    times = sorted({*done, *waiting})
    left, still = sum(done.values()) + sum(waiting.values()), Fraction(1)
    found: list[int | None] = [None] * len(shares)
    for time in times:
        here = done.get(time, 0)
        if here > 0:
            still *= 1 - Fraction(here, left)
            for n, share in enumerate(shares):
                if found[n] is None and still <= 1 - share:
                    found[n] = time
        left -= here + waiting.get(time, 0)
    return tuple(found)
