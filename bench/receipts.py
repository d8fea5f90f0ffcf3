"""Measure receipts: `python -m bench.receipts [--people 200] [--items 166] [--rate 300] [--seconds 20] [--only-steady]`.

Facts a second through the API, as a ratio to a bare bulk upsert of the same rows and to an endpoint that takes one fact a
request; then how long a small batch takes when so many a second arrive, and the CPU of web, worker, Valkey, PostgreSQL and this
generator for one of them; the worker folds them in meanwhile. On SQLite in a folder of its own, or on the empty database that
HUB_DATABASE_URL names. Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bench import parts
from bench.world import seed


@dataclass(frozen=True)
class Made:
    """Who sends, what about, and when it was published."""

    persons: list[int]
    tokens: list[str]
    ids: list[int]
    at: datetime


FACTS = ("displayed", "opened", "read")
SMALL = (1, 5)  # announcements that a small batch is about
TICK = 5  # seconds between foldings


def batch(ids: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """Return three facts about each of some announcements."""
    return [
        {"client_id": str(uuid.uuid4()), "announcement_id": id, "fact": fact, "at": at.isoformat(), "channel": "tab"}
        for id in ids
        for fact in FACTS
    ]


def sending(port: int, path: str) -> Callable[[str, Any], float]:
    """Return what posts a body over one kept-open connection and gives the seconds it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(token: str, body: Any) -> float:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        began = time.perf_counter()
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status}: {said[:200]!r}")
        return time.perf_counter() - began

    return send


def forget() -> None:
    """Make the world as it was before anybody read."""
    from announcements.delivery import models

    names = {"displayed_at": None, "opened_at": None, "read_at": None}
    models.Delivery.objects.update(**names, displayed_via="", opened_via="", read_via="")


def bare(persons: Sequence[int], ids: Sequence[int], at: datetime) -> float:
    """Upsert the same rows, a transaction for each person; return facts a second."""
    from django.db import transaction

    from announcements.delivery import models

    rows = {
        id: [r for r in models.Delivery.objects.filter(recipient_id=id) if r.announcement_id in ids] for id in persons
    }
    names = [f"{fact}_{what}" for fact in FACTS for what in ("at", "via")]
    began = time.perf_counter()
    for each in rows.values():
        for row in each:
            for fact in FACTS:
                setattr(row, f"{fact}_at", at)
                setattr(row, f"{fact}_via", "tab")
        with transaction.atomic():
            models.Delivery.objects.bulk_create(
                each, update_conflicts=True, unique_fields=["announcement_id", "recipient_id"], update_fields=names
            )
    return len(persons) * len(ids) * len(FACTS) / (time.perf_counter() - began)


def together(clients: int, jobs: Sequence[tuple[str, Any]], port: int, path: str) -> float:
    """Send all, that many at a time; return the seconds it took."""

    def work(index: int) -> None:
        send = sending(port, path)
        for token, body in jobs[index::clients]:
            send(token, body)

    workers = [threading.Thread(target=work, args=(index,)) for index in range(clients)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - began


def steady(world: Made, few: int, options: argparse.Namespace, port: int) -> tuple[float, float, int]:
    """Offer small batches of new facts at a rate, from 32 connections; return the rate answered, the p95 in milliseconds, how many."""
    clients = 32
    bodies = [batch(world.ids[n : n + few], world.at) for n in range(0, len(world.ids) - few + 1, few)]
    total = min(int(options.rate * options.seconds), len(bodies) * len(world.tokens))  # nobody sends the same twice
    took = list[float]()
    begin = time.perf_counter() + 0.2

    def work(index: int) -> None:
        send = sending(port, "/api/v1/receipts")
        for n in range(index, total, clients):
            due = begin + n / options.rate
            time.sleep(max(0, due - time.perf_counter()))
            send(world.tokens[n % len(world.tokens)], {"receipts": bodies[n // len(world.tokens)]})
            took.append(time.perf_counter() - due)  # from when it should have been sent: waiting counts

    workers = [threading.Thread(target=work, args=(index,)) for index in range(clients)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total / (time.perf_counter() - begin), statistics.quantiles(took, n=20)[-1] * 1000, total


def used(processes: dict[str, int]) -> dict[str, float]:
    """Return the milliseconds of CPU that each has used so far, this process too."""
    found = {name: parts.cpu_seconds(pid) * 1000 for name, pid in processes.items()}
    return found | {"this generator": time.process_time() * 1000}


def fold() -> None:
    """Have the worker fold in all that was noted."""
    from announcements.analytics import services, tasks

    tasks.tick.delay()
    while services.noted_in():
        time.sleep(0.2)


def settle(processes: dict[str, int]) -> None:
    """Wait until nobody works at what was there before, as PostgreSQL does after many rows."""
    before = used(processes)
    while True:
        time.sleep(1)
        now = used(processes)
        if sum(now.values()) - sum(before.values()) < 50:
            return
        before = now


def fold_until(over: threading.Event) -> None:
    """Have it folded in as often as the beat does, until it is over and nothing is left."""
    from announcements.analytics import tasks

    while not over.wait(TICK):
        tasks.tick.delay()
    fold()


def cost(world: Made, few: int, options: argparse.Namespace, port: int, processes: dict[str, int]) -> None:
    """Print what small batches of new facts take at a rate, and the CPU of each process for one of them, with its folding."""
    known = {"receipts": batch(world.ids[-1:], world.at)}
    together(32, [(token, known) for token in world.tokens], port, "/api/v1/receipts")
    fold()  # each web process, and the worker, have begun
    settle(processes)
    over = threading.Event()
    folding = threading.Thread(target=fold_until, args=(over,))
    before = used(processes)
    folding.start()
    answered, slow, many = steady(world, few, options, port)
    over.set()
    folding.join()
    spent = {name: (now - before[name]) / many for name, now in used(processes).items()}
    print(
        f"  batches of {few * len(FACTS)} offered at {options.rate:.0f}/s, answered at {answered:.0f}/s: p95 {slow:.0f} ms (goal: below 50)"
    )
    print("  CPU for one of them, ms: " + ", ".join(f"{name} {each:.2f}" for name, each in spent.items()))
    print(f"  together {sum(spent.values()):.2f}: two cores alone could do {2000 / sum(spent.values()):.0f}/s")


def make(options: argparse.Namespace) -> Made:
    from django.utils import timezone

    from announcements.delivery import models
    from announcements.people import services as people

    now = timezone.now() - timedelta(days=1)
    made = seed(people=options.people, items=options.items, now=now)
    workspace_id = people.person(person_id=made.author_id).workspace_id
    persons = people.resolve(workspace_id=workspace_id, audience=people.Audience(everyone=True), at=now)
    tokens = [people.issue_token(by=id, name="b", scopes=["receipts:write"], now=timezone.now()).key for id in persons]
    ids = sorted(set(models.Delivery.objects.values_list("announcement_id", flat=True)))
    return Made(persons, tokens, ids, now + timedelta(hours=1))


def measure(world: Made, options: argparse.Namespace, port: int) -> None:
    whole = {"receipts": batch(world.ids, world.at)}
    each = len(whole["receipts"])
    forget()
    bare_rate = bare(world.persons, world.ids, world.at)
    forget()
    singles = [
        (world.tokens[n % len(world.tokens)], whole["receipts"][n // len(world.tokens)]) for n in range(options.single)
    ]
    naive = len(singles) / together(4, singles, port, "/bench/receipt")
    print(f"  bare upsert {bare_rate:7.0f} facts/s; a fact a request, 4 clients {naive:6.0f} facts/s")
    for clients in (1, 4, 8):
        forget()
        jobs = [(token, whole) for token in world.tokens]
        rate = len(jobs) * each / together(clients, jobs, port, "/api/v1/receipts")
        print(
            f"  batches of {each}, {clients} clients {rate:7.0f} facts/s: {rate / bare_rate:.2f} x bare (goal: at least 0.4),"
            f" {rate / naive:.0f} x a fact a request (goal: at least 20)"
        )


def run(options: argparse.Namespace, valkey: int) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    world = make(options)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does, a minute after so many rows
    print(f"{connection.vendor}: {len(world.persons)} people, {len(world.ids)} announcements")
    with parts.web("bench.settings", workers=2) as server, parts.worker() as worker:
        processes = {"web": server.pids[0], "worker": worker, "Valkey": valkey}
        if database := parts.postmaster():
            processes["PostgreSQL"] = database
        for few in SMALL:  # before anything is forgotten, which analytics would not know; nobody sends the same twice
            some = len(world.ids) * few // sum(SMALL)
            cost(
                replace(world, ids=world.ids[:some] if few == SMALL[0] else world.ids[-some:]),
                few,
                options,
                server.port,
                processes,
            )
        if not options.only_steady:
            measure(world, options, server.port)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--items", type=int, default=166)
    parser.add_argument("--single", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--only-steady", action="store_true", help="only the small batches at a rate")
    options = parser.parse_args()
    with parts.own_folder() as valkey:
        run(options, valkey)


if __name__ == "__main__":
    main()
