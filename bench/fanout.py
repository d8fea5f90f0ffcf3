"""Measure fanning out: `python -m bench.fanout [--people 50000] [--rounds 3]`.

Freezing the recipients of an announcement to everyone and planning one nudge each, beside a bare bulk_create of the same rows. On
SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names. Goal: below 20 s, and at most three times the bare.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import parts
from bench.mail import found, publish

BATCH = 2000


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds by the clock, and this process's CPU."""
    began, cpu = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - began, time.process_time() - cpu


def bare() -> None:
    """Write the rows of the last fan-out once more, after taking them away."""
    from django.db import transaction

    with transaction.atomic():
        for rows in kept:
            type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)


kept: list[list[Any]] = []


def take_away() -> None:
    """Keep the rows of the last fan-out in memory, and delete them."""
    from announcements.delivery import models

    kept[:] = [list(kind.objects.all()) for kind in (models.Delivery, models.Nudge)]
    for kind in (models.Delivery, models.Nudge):
        kind.objects.all().delete()


def clear() -> None:
    from announcements.delivery import models

    for kind in (models.Delivery, models.Nudge):
        kind.objects.all().delete()


def run(options: argparse.Namespace) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    owner, _ids = found(options.people)
    ours: list[tuple[float, float]] = []
    floor: list[tuple[float, float]] = []
    for _round in range(options.rounds):
        ours.append(timed(lambda: publish(owner, ask=True)))
        take_away()
        floor.append(timed(bare))
        clear()
    print(f"{connection.vendor}, {options.people} people, {options.rounds} rounds\n")
    print("| | s | CPU s |\n|---|---|---|")
    for name, took in (("publish and fan out", ours), ("bare bulk_create", floor)):
        print(f"| {name} | {statistics.median(t[0] for t in took):.1f} | {statistics.median(t[1] for t in took):.1f} |")
    clock, cpu = (statistics.median(a[n] / b[n] for a, b in zip(ours, floor, strict=True)) for n in (0, 1))
    print(f"| ratio | {clock:.2f} | {cpu:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mantel-bench-"))
    try:
        with parts.valkey(folder) as (redis_url, _pid):
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "hub.settings",
                "HUB_DATA": str(folder),
                "HUB_REDIS_URL": redis_url,
                "HUB_LOG_LEVEL": "ERROR",
            }
            run(options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
