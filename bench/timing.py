"""How long something takes: by the clock, and in CPU of this process and of the database's that works for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEADER = f"{'milliseconds':34} {'CPU p50':>9} {'CPU p95':>9} {'/ bare':>8} {'clock p50':>10} {'clock p95':>10}"


@dataclass(frozen=True)
class Taken:
    """Milliseconds: medians and 95th percentiles."""

    cpu: float
    cpu95: float
    clock: float
    clock95: float


def backend() -> int | None:
    """Return PostgreSQL's process that works for this connection; None on SQLite, which works in ours."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def timed(name: str, act: Callable[[], object], rounds: int, base: Taken | None = None) -> Taken:
    """Do it once unmeasured, then so many times; print and return what that took, as a ratio to `base` in CPU."""
    helper = backend()
    act()
    worked, taken = [], []
    for _ in range(rounds):
        cpu, began = _cpu(helper), time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
        if helper:
            time.sleep(0.002)  # until it sleeps, what it used is not all written down
        worked.append((_cpu(helper) - cpu) * 1000)
    found = Taken(*_middle_and_p95(worked), *_middle_and_p95(taken))
    ratio = f"{found.cpu / base.cpu:8.1f}" if base else " " * 8
    print(
        f"{name:34} {found.cpu:9.1f} {found.cpu95:9.1f} {ratio} {found.clock:10.1f} {found.clock95:10.1f}", flush=True
    )
    return found


def _middle_and_p95(many: list[float]) -> tuple[float, float]:
    many = sorted(many)
    return many[len(many) // 2], many[min(len(many) - 1, int(len(many) * 0.95))]


def _cpu(helper: int | None) -> float:
    """Return the seconds that have been worked so far."""
    own = time.process_time()
    return own + int(Path(f"/proc/{helper}/schedstat").read_text().split()[0]) / 1e9 if helper else own
