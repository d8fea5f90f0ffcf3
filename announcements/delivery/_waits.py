"""How long a mail waits that was not taken: longer each time, and no two for the same."""

from __future__ import annotations

import hashlib
from datetime import timedelta

MINUTES = (1, 5, 15, 60, 120, 240, 480, 480)
ATTEMPTS = len(MINUTES) + 1
# What was refused at once must not come back at once.
JITTER = 0.5


def wait(name: str, attempts: int) -> timedelta:
    """Return how long to wait after so many attempts; for one name always the same, so that a test can foretell it."""
    minutes = MINUTES[min(attempts, len(MINUTES)) - 1]
    chance = int.from_bytes(hashlib.blake2b(f"{name}:{attempts}".encode(), digest_size=4).digest(), "big") / 2**32
    return timedelta(minutes=minutes * (1 + JITTER * chance))
