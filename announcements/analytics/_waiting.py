"""How long it takes until people have read, where not everybody has: the estimate of Kaplan and Meier (1958)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction


def until(*, done: Mapping[int, int], waiting: Mapping[int, int], shares: Sequence[Fraction]) -> tuple[int | None, ...]:
    """Return after how long each of these shares of people is done; None where fewer than that ever were, as far as was seen.

    `done` says how many were done after how long, `waiting` how many had not been when they were last looked at after so long. Who
    waits is no loss and no answer: until then they count among those who might have, and no longer.
    """
    left, kept, of = (
        sum(done.values()) + sum(waiting.values()),
        1,
        1,
    )  # a fraction that is never shortened: that costs more
    found: list[int | None] = [None] * len(shares)
    for time in sorted({*done, *waiting}):
        here = done.get(time, 0)
        if here > 0:
            kept, of = kept * (left - here), of * left
            for n, share in enumerate(shares):
                if found[n] is None and kept * share.denominator <= of * (share.denominator - share.numerator):
                    found[n] = time
        left -= here + waiting.get(time, 0)
    return tuple(found)
