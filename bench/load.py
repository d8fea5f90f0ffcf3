"""Load as browsers make it: `python -m bench.load [--people 5000] [--rate 300] [--seconds 60] [--burst 1000] [--burst-seconds 20]`.

Readers come on their own time (open loop): a request is due when it is due, however slow the answers are, and how long it took counts
from then. Of a hundred requests 90 ask for the feed with the ETag they hold, 7 send a batch of receipts, 2 read an
announcement, 1 looks for one. Four scenes: a calm Monday morning, a post to everyone in the middle of it, a burst, and the
return of all readers after an outage, each with an ETag that is old. Web (two workers), worker, Valkey, the database and this
generator share the machine. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench import parts
from bench.world import World, publish, seed

MOST_CONNECTIONS = 400
GIVEN_UP_AFTER = 20  # seconds
POLITE = {429, 503}
# When the request of this task was due; each task has a context of its own.
_due: ContextVar[float] = ContextVar("due")


@dataclass
class Seen:
    """What became of the requests of a scene."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, status: int, seconds: float) -> None:
        """Note an answer."""
        self.statuses[status] += 1
        self.taken.setdefault(kind, []).append(seconds * 1000)


class Connections:
    """Kept-open connections to the server, as a proxy has them: the one that is free first takes the next request."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()
        self._room = asyncio.Semaphore(MOST_CONNECTIONS)

    async def ask(self, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Send a request and read its answer: status, headers in small letters, body."""
        async with self._room:
            while self._free:
                with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                    return await self._over(*self._free.pop(), head, body)
                # It had been closed meanwhile: as a browser and a proxy do, ask again over another.
            return await self._over(*await asyncio.open_connection("127.0.0.1", self._port), head, body)

    async def _over(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        try:
            writer.write(f"{head}Host: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await _answer(reader)
        except BaseException:
            writer.close()
            raise
        self._free.append((reader, writer))
        return answer

    def close(self) -> None:
        """Close them."""
        for _reader, writer in self._free:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in head[1:] if line)
    }
    body = b""
    if headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    elif length := int(headers.get("content-length", 0)):
        body = await reader.readexactly(length)
    return int(head[0].split()[1]), headers, body


class Crowd:
    """All readers: each with a feed key and the ETag they hold; some with a token besides."""

    def __init__(self, port: int, world: World) -> None:
        self._connections = Connections(port)
        self._world = world
        self._tags = [""] * len(world.feed_keys)
        self._chance = random.Random(7)
        self.ids: list[int] = []

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
        try:
            async with asyncio.timeout(GIVEN_UP_AFTER):
                answer = await self._connections.ask(head, body)
        except (OSError, EOFError, TimeoutError) as problem:
            seen.failed[type(problem).__name__] += 1
            return 0, {}, b""
        seen.note(kind, answer[0], time.monotonic() - due)
        return answer


async def scene(crowd: Crowd, rate: float, seconds: float, halfway: Callable[[], None] | None = None) -> Seen:
    """Let requests fall due at that rate, at random, for that long; wait for the answers."""
    seen, tasks = Seen(), set[asyncio.Task[None]]()
    chance = random.Random(11)
    kinds = [crowd.feed] * 90 + [crowd.receipts] * 7 + [crowd.read] * 2 + [crowd.search]
    began = due = time.monotonic()

    async def go(kind: Any, at: float) -> None:
        _due.set(at)
        await kind(seen)

    while due < began + seconds:
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


def told(name: str, seen: Seen, seconds: float, used: float) -> None:
    """Print what became of a scene."""
    many = sorted(one for each in seen.taken.values() for one in each)
    polite = sum(seen.statuses[status] for status in POLITE)
    wrong = sum(n for status, n in seen.statuses.items() if status >= 400 and status not in POLITE) + sum(
        seen.failed.values()
    )
    print(
        f"{name:<22} {len(many) / seconds:6.0f}/s  p50 {_at(many, 0.5):7.1f}  p95 {_at(many, 0.95):7.1f}  p99 {_at(many, 0.99):7.1f} ms"
        f"  refused {polite}  wrong {wrong}  web's CPU {used / seconds:4.0%}",
        flush=True,
    )
    for kind, each in sorted(seen.taken.items()):
        each.sort()
        print(
            f"  {kind:<20} {len(each):6}     p50 {_at(each, 0.5):7.1f}  p95 {_at(each, 0.95):7.1f}  p99 {_at(each, 0.99):7.1f} ms"
        )
    if wrong:
        print("  wrong:", dict(seen.statuses), dict(seen.failed))


def _at(many: list[float], share: float) -> float:
    return many[min(len(many) - 1, int(len(many) * share))] if many else 0


async def scenes(server: parts.Server, world: World, ids: list[int], options: argparse.Namespace) -> None:
    """Play all of them."""
    from django.utils import timezone

    crowd = Crowd(server.port, world)
    crowd.ids = ids
    plays: list[tuple[str, float, float, Callable[[], None] | None]] = [
        ("warming up", options.rate / 2, 5, None),
        ("Monday morning", options.rate, options.seconds, None),
        ("a post to everyone", options.rate, options.seconds, lambda: _post(world, timezone.now())),
        ("burst", options.burst, options.burst_seconds, None),
        ("after an outage", options.rate * 2, options.burst_seconds, None),
    ]
    for name, rate, seconds, halfway in plays:
        if name == "after an outage":
            crowd.forget()
        before = server.cpu_seconds()
        seen = await scene(crowd, rate, seconds, halfway)
        told(name, seen, seconds, server.cpu_seconds() - before)
    crowd.close()


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
    for name, default in (("rate", 300.0), ("seconds", 60.0), ("burst", 1000.0), ("burst-seconds", 20.0)):
        parser.add_argument(f"--{name}", type=float, default=default)
    options = parser.parse_args()
    with parts.own_folder() as valkey:
        run(options, valkey)


if __name__ == "__main__":
    sys.exit(main())
