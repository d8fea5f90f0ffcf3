"""Whether processes stay as they are: `python -m bench.soak [--minutes 30] [--rate 40] [--people 1000]`.

Readers as in bench.load, for a long time at a modest rate; each two minutes an announcement to everybody that asks to be confirmed, with
nudges that leave to a mail server that keeps nothing. What each process holds of memory (RSS, of all its own processes) is printed
each minute, and at last how fast it grew in the second half, once all is warm. Web, worker, beat, mail server, database and this
generator share the machine. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench import parts
from bench.load import SCOPES, Crowd, Seen, scene, told
from bench.world import World, publish, seed

ROUND = 15  # seconds between two looks
POST_EVERY = 120


@dataclass
class Watched:
    """What the processes held, look by look: minutes since the beginning, and MB of each."""

    pids: Mapping[str, int]
    began: float = field(default_factory=time.monotonic)
    looks: list[tuple[float, dict[str, float]]] = field(default_factory=list)

    def look(self) -> None:
        """Look once, and print it at each full minute."""
        minutes = (time.monotonic() - self.began) / 60
        held = {name: resident(pid) / 1e6 for name, pid in self.pids.items()}
        if not self.looks or int(minutes) > int(self.looks[-1][0]):
            print(f"| {minutes:4.0f} | " + " | ".join(f"{held[name]:.0f}" for name in self.pids) + " |", flush=True)
        self.looks.append((minutes, held))

    def slopes(self) -> dict[str, float]:
        """Return by how many MB an hour each grew in the second half, by least squares."""
        late = self.looks[len(self.looks) // 2 :]
        at = [minutes / 60 for minutes, _held in late]
        return {name: statistics.linear_regression(at, [held[name] for _at, held in late]).slope for name in self.pids}


def resident(pid: int) -> int:
    """Return the bytes of memory that a process and its children hold (RSS)."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return 0  # a child that has ended
    own = next((int(line.split()[1]) for line in told.splitlines() if line.startswith("VmRSS:")), 0)
    return own * 1024 + sum(resident(int(child)) for child in children)


async def soak(server: parts.Server, crowd: Crowd, world: World, options: argparse.Namespace, watched: Watched) -> None:
    """Let readers come until the time is over."""
    from django.utils import timezone

    numbers, next_post, seen, before = itertools.count(1), 0.0, Seen(), server.cpu_seconds()
    while (gone := time.monotonic() - watched.began) < options.minutes * 60:
        if gone >= next_post:
            next_post += POST_EVERY
            await asyncio.to_thread(publish, world.author_id, f"Number {next(numbers)}", timezone.now(), ask=True)
        part = await scene(crowd, options.rate, ROUND)
        seen.statuses.update(part.statuses)
        seen.failed.update(part.failed)
        for kind, taken in part.taken.items():
            seen.taken.setdefault(kind, []).extend(taken)
        watched.look()
    crowd.close()
    told("all of it", seen, options.minutes * 60, server.cpu_seconds() - before)


def run(options: argparse.Namespace, valkey: int) -> None:
    """Make the company, start the parts, let them work, and say how they grew."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    django.setup()
    from announcements.delivery import services as delivery

    call_command("migrate", verbosity=0)
    world = seed(people=options.people, items=20, now=timezone.now() - timedelta(days=1), scopes=SCOPES)
    print(
        f"{connection.vendor}: {options.people} people, {options.rate:g} requests a second, {options.minutes:g} minutes"
    )
    with ExitStack() as stack:
        server = stack.enter_context(parts.web("bench.settings", workers=2))
        pids = {
            "web (2 processes)": server.pids[0], "worker": stack.enter_context(parts.worker()),
            "beat": stack.enter_context(parts.beat()), "Valkey": valkey,
        }  # fmt: skip
        crowd = Crowd(server.port, world)
        crowd.ids = [
            one.announcement_id for one in delivery.feed(by=world.author_id, now=timezone.now(), limit=50).items
        ]
        print("| min | " + " | ".join(f"{name}, MB" for name in pids) + " |\n|" + "---|" * (len(pids) + 1))
        watched = Watched(pids)
        watched.look()
        asyncio.run(soak(server, crowd, world, options, watched))
        print("second half, MB an hour: " + ", ".join(f"{name} {grew:+.1f}" for name, grew in watched.slopes().items()))


def main() -> None:
    """Read what is asked for, and clean up behind it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("minutes", 30.0), ("rate", 40.0)):
        parser.add_argument(f"--{name}", type=float, default=default)
    parser.add_argument("--people", type=int, default=1000)
    options = parser.parse_args()
    port = parts.free_port()
    os.environ["HUB_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    sink = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])
    try:
        with parts.own_folder() as valkey:
            run(options, valkey)
    finally:
        sink.terminate()
        sink.wait(20)


if __name__ == "__main__":
    sys.exit(main())
