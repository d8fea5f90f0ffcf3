"""Threads that meet where they should."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from announcements.kernel.together import Together


def line_up(together: Together[Any, Any], workers: Sequence[threading.Thread]) -> None:
    """Start the first, and once it is at work the others: then they stand in line behind it."""
    workers[0].start()
    _wait(lambda: together._turn.locked() and not together._waiting)
    for worker in workers[1:]:
        worker.start()
    _wait(lambda: len(together._waiting) == len(workers) - 1)


def _wait(met: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not met():
        assert time.monotonic() < until, "nobody came"
        time.sleep(0.001)
