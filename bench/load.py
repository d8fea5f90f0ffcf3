"""Load as browsers make it: `python -m bench.load [--people 5000] [--rate 300] [--seconds 300] [--burst 1000] [--burst-seconds 60]`.

Readers come on their own time (open loop): a request is due when it is due, however slow the answers are, and how long it took counts
from then; the server is told so, as a proxy tells it. Who is refused comes again as soon as they were told to. Of a hundred requests 90 ask for the feed with the ETag they hold, 7 send a batch of receipts, 2 read an
announcement, 1 looks for one. Four scenes: a calm Monday morning, a post to everyone in the middle of it, a burst, and the
return of all readers after an outage, each with an ETag that is old. Web (two workers), worker, Valkey, the database and this
generator share the machine. Prints the table of bench/README.md. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench import parts
from bench._connections import Connections
from bench.world import World, publish, seed

GIVEN_UP_AFTER = 20  # seconds
POLITE = {429, 503}
WINDOW = 10  # seconds, of which the worst ten are told
# When the request of this task was due; each task has a context of its own.
_due: ContextVar[float] = ContextVar("due")
HEADS = ("", "asked / s", "p50", "p95", "p99", "p95, worst 10 s", "refused", "after, p95", "wrong", "web's CPU")


@dataclass
class Seen:
    """What became of the requests of a scene."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    windows: dict[int, list[float]] = field(default_factory=dict)
    refused: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, status: int, due: float) -> None:
        """Note an answer to what was due then."""
        took = (time.monotonic() - due) * 1000
        self.statuses[status] += 1
        if status in POLITE:
            self.refused.append(took)
        else:
            self.taken.setdefault(kind, []).append(took)
            self.windows.setdefault(int(due / WINDOW), []).append(took)

    @property
    def wrong(self) -> int:
        """Return how many failed, or were refused for no good reason."""
        bad = (n for status, n in self.statuses.items() if status >= 400 and status not in POLITE)
        return sum(bad) + sum(self.failed.values())


class Crowd:
    """All readers: each with a feed key and the ETag they hold; some with a token besides."""

    def __init__(self, port: int, world: World) -> None:
        self._connections = Connections(port)
        self._world = world
        self._tags = [""] * len(world.feed_keys)
        self._chance = random.Random(7)
        self.ids: list[int] = []
        self.until = 0.0  # who is refused does not come again after that

    async def feed(self, seen: Seen) -> None:
        """One reader's tab opens, or its minute is over."""
        n = self._chance.randrange(len(self._tags))
        head = f"GET /api/v1/feed HTTP/1.1\r\nAuthorization: Bearer {self._world.feed_keys[n]}\r\n"
        if self._tags[n]:
            head += f"If-None-Match: {self._tags[n]}\r\n"
        status, headers, _body = await self._timed(seen, "feed", head)
        if status == 200:
            self._tags[n] = headers.get("etag", "")

    async def receipts(self, seen: Seen) -> None:
        """One reader tells what they saw."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        facts = [
            {"client_id": str(uuid.UUID(int=self._chance.getrandbits(128))), "announcement_id": one, "fact": fact, "at": now,
             "channel": "tab"}
            for one in self._chance.sample(self.ids, 2)
            for fact in ("displayed", "opened")
        ]  # fmt: skip
        body = json.dumps({"receipts": facts}).encode()
        await self._timed(seen, "receipts", self._head("POST", "/api/v1/receipts"), body)

    async def read(self, seen: Seen) -> None:
        """One reader opens an announcement."""
        await self._timed(seen, "read", self._head("GET", f"/api/v1/announcements/{self._chance.choice(self.ids)}"))

    async def search(self, seen: Seen) -> None:
        """One reader looks for something."""
        await self._timed(seen, "search", self._head("GET", "/api/v1/search?q=announcement"))

    def forget(self) -> None:
        """Make every reader come back with an ETag that is old."""
        self._tags = ['"old"'] * len(self._tags)

    def close(self) -> None:
        """Hang up."""
        self._connections.close()

    def _head(self, method: str, path: str) -> str:
        token = self._chance.choice(self._world.tokens)
        return f"{method} {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"

    async def _timed(self, seen: Seen, kind: str, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        due = _due.get()
        while True:
            answer = await self._asked(seen, kind, head, body, due)
            after = float(answer[1].get("retry-after", "inf"))
            if answer[0] not in POLITE or time.monotonic() + after > self.until:
                return answer
            await asyncio.sleep(after)
            due = time.monotonic()

    async def _asked(
        self, seen: Seen, kind: str, head: str, body: bytes, due: float
    ) -> tuple[int, dict[str, str], bytes]:
        since = time.time() - (time.monotonic() - due)
        try:
            async with asyncio.timeout(GIVEN_UP_AFTER):
                answer = await self._connections.ask(f"{head}X-Request-Start: t={since:.3f}\r\n", body)
        except (OSError, EOFError, TimeoutError) as problem:
            seen.failed[type(problem).__name__] += 1
            return 0, {}, b""
        seen.note(kind, answer[0], due)
        return answer


async def scene(crowd: Crowd, rate: float, seconds: float, halfway: Callable[[], None] | None = None) -> Seen:
    """Let requests fall due at that rate, at random, for that long; wait for the answers."""
    seen, tasks = Seen(), set[asyncio.Task[None]]()
    chance = random.Random(11)
    kinds = [crowd.feed] * 90 + [crowd.receipts] * 7 + [crowd.read] * 2 + [crowd.search]
    began = due = time.monotonic()
    crowd.until = began + seconds

    async def go(kind: Any, at: float) -> None:
        _due.set(at)
        await kind(seen)

    while due < crowd.until:
        due += chance.expovariate(rate)
        if (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        if halfway and due > began + seconds / 2:
            asyncio.get_running_loop().run_in_executor(None, halfway)
            halfway = None
        task = asyncio.create_task(go(chance.choice(kinds), due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    return seen


def told(name: str, seen: Seen, seconds: float, used: float) -> str:
    """Print what became of a scene by kind of request; return it as a line of the table."""
    many = sorted(one for each in seen.taken.values() for one in each)
    worst = max((_at(sorted(each), 0.95) for each in seen.windows.values()), default=0)
    refused = sorted(seen.refused)
    cells = (f"{(len(many) + len(refused)) / seconds:.0f}", *(f"{_at(many, share):.0f}" for share in (0.5, 0.95, 0.99)))
    cells += (f"{worst:.0f}", f"{len(refused)}", f"{_at(refused, 0.95):.0f}", f"{seen.wrong}", f"{used / seconds:.0%}")
    print(name, *cells, flush=True)
    for kind, each in sorted(seen.taken.items()):
        each.sort()
        print(
            f"  {kind:<10} {len(each):7}  p50 {_at(each, 0.5):6.1f}  p95 {_at(each, 0.95):6.1f}  p99 {_at(each, 0.99):6.1f} ms"
        )
    if seen.wrong:
        print("  wrong:", dict(seen.statuses), dict(seen.failed))
    return _line(name, *cells)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _at(many: list[float], share: float) -> float:
    return many[min(len(many) - 1, int(len(many) * share))] if many else 0


async def scenes(server: parts.Server, world: World, ids: list[int], options: argparse.Namespace) -> None:
    """Play all of them."""
    from django.utils import timezone

    crowd = Crowd(server.port, world)
    crowd.ids = ids
    plays: list[tuple[str, float, float, Callable[[], None] | None]] = [
        ("the first five seconds, nothing kept", options.rate / 2, 5, None),
        ("Monday morning", options.rate, options.seconds, None),
        ("a post to everyone", options.rate, options.seconds, lambda: _post(world, timezone.now())),
        ("burst", options.burst, options.burst_seconds, None),
        ("all come back after an outage", options.rate * 2, options.burst_seconds, None),
    ]
    lines = [_line(*HEADS), _line(*("---" for _head in HEADS))]
    for name, rate, seconds, halfway in plays:
        if name.endswith("outage"):
            crowd.forget()
        before = server.cpu_seconds()
        seen = await scene(crowd, rate, seconds, halfway)
        lines.append(told(name, seen, seconds, server.cpu_seconds() - before))
    crowd.close()
    print("", *lines, sep="\n")


def _post(world: World, at: Any) -> None:
    publish(world.author_id, "In the middle of the morning", at)


def run(options: argparse.Namespace, valkey: int) -> None:
    """Make the company, start the parts, play."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    django.setup()
    from announcements.delivery import services as delivery

    call_command("migrate", verbosity=0)
    world = seed(people=options.people, items=options.items, now=timezone.now() - timedelta(days=1), scopes=SCOPES)
    ids = [one.announcement_id for one in delivery.feed(by=world.author_id, now=timezone.now(), limit=50).items]
    print(f"{connection.vendor}: {options.people} people, {options.items} announcements to everyone")
    with parts.web("bench.settings", valkey, workers=2) as server, parts.worker():
        asyncio.run(scenes(server, world, ids, options))


SCOPES = ("feed:read", "receipts:write", "announcements:read")


def main() -> None:
    """Read what is asked for, and clean up behind it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("people", 5000), ("items", 50)):
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in (("rate", 300.0), ("seconds", 300.0), ("burst", 1000.0), ("burst-seconds", 60.0)):
        parser.add_argument(f"--{name}", type=float, default=default)
    options = parser.parse_args()
    os.environ["HUB_PROXIES"] = "1"  # the generator is one: it says when a request came
    with parts.own_folder() as valkey:
        run(options, valkey)


if __name__ == "__main__":
    sys.exit(main())
