"""How long a mail waits that was not taken: longer each time, and no two for the same."""

from __future__ import annotations

import hashlib
from datetime import timedelta

# Together more than a day, also where none of them is longer than it stands here.
MINUTES = (1, 5, 15, 60, 120, 240, 480, 540)
ATTEMPTS = len(MINUTES) + 1
# What was refused at once must not come back at once.
JITTER = 0.5


def wait(name: str, attempts: int) -> timedelta:
    """Return how long to wait after so many attempts; for one name always the same, so that a test can foretell it."""
    minutes = MINUTES[min(attempts, len(MINUTES)) - 1]
    return timedelta(minutes=minutes * _spread(f"{name}:{attempts}"))


def rest(name: str, failures: int, *, refused: bool) -> timedelta:
    """Return how long a server is left alone that was in trouble so often in a row; longer when it will not have us."""
    minutes = 60 if refused else min(15, 2 ** min(failures - 1, 4))
    return timedelta(minutes=minutes * _spread(f"{name}:{failures}"))


def _spread(name: str) -> float:
    chance = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big") / 2**32
    return 1 + JITTER * chance
