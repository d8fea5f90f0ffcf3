"""Measure the list of people: `python -m bench.people [--people 50000]`.

How long GET /api/v1/people takes in a large company: p50 and p95 of the clock, and of this process's CPU with its ratios to
the bare query, the first page's rows by the columns the list is made of. SQLite works inside the process, PostgreSQL does not. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.parts import valkey

GROUPS = 200
GOAL = 100
PAGE = 50


def main(many: int, rounds: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []
    call_command("migrate", verbosity=0, interactive=False)
    by, workspace_id, group_id = _company(many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does, a minute after so many rows
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=by))

    def ask(path: str) -> Any:
        answer = browser.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    base = _timed("bare query", 0, lambda: _bare(workspace_id), rounds)
    deep = "people?sort=last_seen_on&order=desc"
    for name, path in (
        ("first page", "people"),
        ("by role and state", "people?role=admin&state=active"),
        ("by group and its own", f"people?group_id={group_id}&sub_groups=true"),
        ("by location", "people?location=Porto"),
        ("search, many", "people?search=driver"),
        ("search, one", "people?search=p49123@"),
        ("sorted by last seen", deep),
        ("sorted by role", "people?sort=role"),
        ("deep cursor, by name", f"people?cursor={_deep(ask, 'people?')}"),
        ("deep cursor, last seen", f"{deep}&cursor={_deep(ask, deep + '&')}"),
    ):
        _timed(name, base, lambda path=path: ask(path), rounds)  # type: ignore[misc]  # bound now
    _timed("counts", base, lambda: ask("people/counts"), max(3, rounds // 10))


def _company(many: int) -> tuple[int, int, int]:
    from announcements.people import models
    from announcements.people import services as people

    now = datetime.now(UTC)
    by = people.found(name="Bench", owner=people.NewPerson("o@bench.test", "Owner", "a calm long password"), now=now).id
    workspace_id = people.person(person_id=by).workspace_id
    top = people.create_group(by=by, name="All of freight", now=now).id
    groups = [people.create_group(by=by, name=f"Group {n}", parent_id=top, now=now).id for n in range(GROUPS)]
    models.Person.objects.bulk_create(
        [
            models.Person(
                workspace_id=workspace_id, email=f"p{n}@bench.test", name=f"Person {n * 7919 % many:05}", invited_at=now,
                joined_at=None if n % 20 == 0 else now - timedelta(hours=n % 9000), password="!", role="admin" if n % 100 == 1 else "member",
                title="Truck driver" if n % 5 == 0 else "Dispatcher", location="Porto" if n % 2 else "Manila",
                last_seen_on=None if n % 20 == 0 else (now - timedelta(days=n % 90)).date(),
            )
            for n in range(many)
        ],
        batch_size=1000,
    )  # fmt: skip
    ids = models.Person.objects.of(workspace_id).values_list("pk", flat=True)
    models.Membership.objects.bulk_create(
        [models.Membership(group_id=groups[id % GROUPS], person_id=id, started_at=now) for id in ids], batch_size=1000
    )
    return by, workspace_id, groups[0]


def _bare(workspace_id: int) -> object:
    from announcements.people import models

    columns = ("pk", "name", "title", "email", "location", "timezone", "role", "joined_at", "last_seen_on")
    return list(models.Person.objects.of(workspace_id).order_by("name", "pk").values_list(*columns)[:PAGE])


def _deep(ask: Callable[[str], Any], path: str, pages: int = 250) -> str:
    """Return the cursor after so many pages of a hundred."""
    cursor = ask(f"{path}limit=100")["next"]
    for _ in range(pages):
        cursor = ask(f"{path}limit=100&cursor={cursor}")["next"]
    return str(cursor)


def _timed(name: str, base: float, act: Callable[[], object], rounds: int) -> float:
    act()
    taken, used = [], []
    for _ in range(rounds):
        began, worked = time.perf_counter(), time.process_time()
        act()
        used.append((time.process_time() - worked) * 1000)
        taken.append((time.perf_counter() - began) * 1000)
    (half, most), (half_used, most_used) = _spread(taken), _spread(used)
    ratios = f"{half_used / base:6.1f} x {most_used / base:6.1f} x" if base else ""
    said = "  over the goal" if most > GOAL else ""
    print(f"{name:24} {half:7.1f} {most:7.1f} ms   CPU {half_used:7.1f} {most_used:7.1f} ms {ratios}{said}")
    return half_used


def _spread(taken: list[float]) -> tuple[float, float]:
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as folder, valkey(Path(folder)) as (url, _process):
        os.environ.setdefault("HUB_DATA", folder)
        os.environ.setdefault("HUB_REDIS_URL", url)
        main(options.people, options.rounds)
