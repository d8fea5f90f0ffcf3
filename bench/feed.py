"""Measure the feed: `python -m bench.feed [--people 5000] [--items 50] [--seconds 3] [--rounds 3]`.

Requests per CPU-second, as ratios of one run; then the time from publishing until the announcement stands in the feed of
the last person reached, and until everybody's has been read. On SQLite in a folder of its own, or on the empty database
that HUB_DATABASE_URL names. Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bench import parts
from bench.world import World, publish, seed

THREADS = 4
NEWS = "The last to know"


@dataclass
class Case:
    """One kind of request, as each of some readers sends it in turn. With `held`, by who has an ETag already."""

    name: str
    path: str
    readers: Sequence[dict[str, str]] = ({},)
    status: int = 200
    held: bool = False
    bare: bool = False
    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return requests per CPU-second: the median of the rounds."""
        return statistics.median(self.rates)


def cases(world: World) -> list[Case]:
    sample = world.feed_keys[:: max(1, len(world.feed_keys) // len(world.tokens))]
    keys = [{"Authorization": f"Bearer {key}"} for key in sample]
    tokens = [{"Authorization": f"Bearer {token}"} for token in world.tokens]
    sessions = [{"Cookie": f"session={session}"} for session in world.sessions]
    feed = "/api/v1/feed"
    return [
        Case("hello, bare", "/bench/hello", bare=True),
        Case("hello", "/bench/hello"),
        Case("304, feed key", feed, keys, 304, held=True),
        Case("304, session", feed, sessions, 304, held=True),
        Case("304, token", feed, tokens, 304, held=True),
        Case("200, feed key", feed, keys),
        Case("200, session", feed, sessions),
        Case("200, token", feed, tokens),
        Case("naive", "/bench/naive", tokens),
        Case("naive, light", "/bench/light", tokens),
    ]


def asking(port: int, case: Case) -> Callable[[int], tuple[str, bytes]]:
    """Return a function that sends the n-th request over one kept-open connection and gives ETag and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(n: int) -> tuple[str, bytes]:
        connection.request("GET", case.path, headers=case.readers[n % len(case.readers)])
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != case.status:
            sys.exit(f"{case.name}: {answer.status} instead of {case.status}: {body[:200]!r}")
        return answer.headers.get("ETag", ""), body

    return ask


def in_parallel(work: Callable[[int], None]) -> None:
    workers = [threading.Thread(target=work, args=(index,)) for index in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def load(port: int, case: Case, seconds: float) -> int:
    """Ask for that long; return how often it was answered as expected."""
    ends = time.monotonic() + seconds
    counts = [0] * THREADS

    def work(index: int) -> None:
        ask = asking(port, case)
        while time.monotonic() < ends:
            ask(index + counts[index] * THREADS)
            counts[index] += 1

    in_parallel(work)
    return sum(counts)


def hold(port: int, case: Case) -> None:
    """Give each reader the ETag of their own feed; no two are the same."""
    ask = asking(port, Case(case.name, case.path, case.readers))
    tags = [ask(n)[0] for n in range(len(case.readers))]
    if len(set(tags)) != len(case.readers):
        sys.exit(f"{case.name}: readers share an ETag")
    case.readers = [reader | {"If-None-Match": tag} for reader, tag in zip(case.readers, tags, strict=True)]


def measure(bare: parts.Server, full: parts.Server, world: World, options: argparse.Namespace) -> dict[str, float]:
    """Return requests per CPU-second of each case. Rounds take turns, so that a busy moment meets all of them."""
    everything = cases(world)
    for case in everything:
        if case.held:
            hold(full.port, case)
        load((bare if case.bare else full).port, case, 1)
    for _round in range(options.rounds):
        for case in everything:
            server = bare if case.bare else full
            before = server.cpu_seconds()
            answered = load(server.port, case, options.seconds)
            case.rates.append(answered / (server.cpu_seconds() - before))
    for case in everything:
        print(f"  {case.name:<16} {case.rate:7.0f} per CPU-second  ({min(case.rates):.0f} to {max(case.rates):.0f})")
    return {case.name: case.rate for case in everything}


def compare(rate: dict[str, float]) -> None:
    key, session, held = rate["200, feed key"], rate["200, session"], rate["304, feed key"]
    for said, ratio, goal in (
        ("304 / hello", held / rate["hello"], "at least 0.55"),
        ("304 / hello, bare", held / rate["hello, bare"], ""),
        ("304 by session / hello", rate["304, session"] / rate["hello"], ""),
        ("200 / naive", key / rate["naive"], "at least 10"),
        ("200 / naive, light", key / rate["naive, light"], "at least 10"),
        ("200 by session / naive, light", session / rate["naive, light"], ""),
        ("200 by token / naive", rate["200, token"] / rate["naive"], ""),
        ("304 by token / hello", rate["304, token"] / rate["hello"], ""),
        ("cost of the session look-up / of a 200", key / session - 1, "at most 1"),
        ("cost of the session look-up / of a 304", held / rate["304, session"] - 1, "at most 1"),
        ("cost of the token look-up / of a 304", held / rate["304, token"] - 1, ""),
    ):
        print(f"  {said:<42} {ratio:6.2f}  {f'(goal: {goal})' if goal else ''}")


def until_the_last(server: parts.Server, world: World) -> None:
    """Publish with a worker running; time fan-out, the feed of the last person reached, and reading everybody's."""
    from django.utils import timezone

    from announcements.delivery import services as delivery

    everybody = Case("after publishing", "/api/v1/feed", [{"Authorization": f"Bearer {k}"} for k in world.feed_keys])
    ask, began = asking(server.port, everybody), time.monotonic()
    new = publish(world.author_id, NEWS, timezone.now())
    while NEWS.encode() not in ask(len(everybody.readers) - 1)[1]:
        time.sleep(0.02)
    print(f"  publish to the feed of the last of {len(everybody.readers)}: {time.monotonic() - began:.2f} s")
    while not delivery.progress(announcement_id=new).finished_at:
        time.sleep(0.02)

    def work(index: int) -> None:
        ask = asking(server.port, everybody)
        for n in range(index, len(everybody.readers), THREADS):
            if NEWS.encode() not in ask(n)[1]:
                sys.exit(f"the feed of reader {n} lacks it")

    before = server.cpu_seconds()
    in_parallel(work)
    used = (server.cpu_seconds() - before) / len(everybody.readers) * 1000
    print(
        f"  until everybody's has been read once: {time.monotonic() - began:.1f} s ({used:.2f} CPU-ms each, made anew)"
    )


def count_queries(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from announcements.delivery import services as delivery

    asked = []
    for limit in (1, 50):
        with CaptureQueriesContext(connection) as queries:
            delivery.feed(by=world.author_id, now=timezone.now(), limit=limit)
        asked.append(len(queries))
    print(f"  queries to make a feed: {asked[0]} for one item, {asked[1]} for fifty")


def run(options: argparse.Namespace, valkey: int) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    django.setup()
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    world = seed(people=options.people, items=options.items, now=timezone.now() - timedelta(days=1))
    seeded = time.monotonic() - began
    print(f"{connection.vendor}: {options.people} people, {options.items} items, seeded in {seeded:.0f} s")
    with parts.web("bench.bare") as bare, parts.web("bench.settings", valkey) as full, parts.worker():
        compare(measure(bare, full, world, options))
        count_queries(world)
        until_the_last(full, world)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with parts.own_folder() as valkey:
        run(options, valkey)


if __name__ == "__main__":
    main()
