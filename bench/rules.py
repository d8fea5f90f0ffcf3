"""Measure rules: `python -m bench.rules [--people 50000]`.

How long a rule takes to be previewed, to fill a group, and to follow one person who changed, as ratios to reading
everybody's row once. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.parts import valkey


def main(many: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from announcements.people import models
    from announcements.people import services as people

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    by = people.found(name="Bench", owner=people.NewPerson("o@bench.test", "Owner", "a calm long password"), now=now).id
    workspace_id = people.person(person_id=by).workspace_id
    models.Person.objects.bulk_create(
        [
            models.Person(
                workspace_id=workspace_id, email=f"p{n}@bench.test", name=f"Person {n}", invited_at=now, joined_at=now,
                title="Truck driver" if n % 5 == 0 else "Dispatcher", location="Porto" if n % 2 else "Manila", password="!",
            )
            for n in range(many)
        ],
        batch_size=1000,
    )  # fmt: skip
    conditions = (people.Condition("location", "is", "porto"), people.Condition("title", "contains", "driver"))
    rule = people.Rule(conditions)
    somebody = models.Person.objects.get(email="p2@bench.test").pk

    def change() -> None:
        title = "Driver" if people.person(person_id=somebody).title != "Driver" else "Cook"
        changes = people.PersonChanges(title=title)
        people.update_person(by=by, person_id=somebody, changes=changes, now=datetime.now(UTC))

    base = _timed("read everybody once", 0, lambda: list(models.Person.objects.values_list("pk", "title", "location")))
    _timed("preview", base, lambda: people.preview_rule(by=by, rule=rule, now=now))
    group = people.create_group(by=by, name="Drivers", about=people.About(rule=rule), now=now)
    _timed("fill the group", base, lambda: people.fill_group(group_id=group.id, now=now), once=True)
    _timed("fill it again", base, lambda: people.fill_group(group_id=group.id, now=now))
    _timed("change one person", base, change)
    print(f"{people.group(by=by, group_id=group.id, at=datetime.now(UTC)).people} of {many} people match")


def _timed(name: str, base: float, act: Callable[[], object], *, once: bool = False) -> float:
    taken = []
    for _ in range(1 if once else 5):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    best = min(taken)
    print(f"{name:22} {best * 1000:8.1f} ms" + (f"  {best / base:6.1f} x" if base else ""))
    return best


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as folder, valkey(Path(folder)) as (url, _pid):
        os.environ.setdefault("HUB_DATA", folder)
        os.environ.setdefault("HUB_REDIS_URL", url)
        main(options.people)
