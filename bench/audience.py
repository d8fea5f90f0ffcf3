"""Measure audiences: `python -m bench.audience [--people 50000] [--groups 200] [--rounds 15]`.

A company of 50,000 in 200 groups that nest three deep; the audience is 150 of these, an attribute and some people, less
nested groups, an attribute and some people. How long it takes to count it live, to resolve it, to ask for one person, to
search what may be chosen and to show the first of the list: as ratios to the bare query, which reads the ids of the
memberships of those groups. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.parts import valkey
from bench.timing import HEADER, Taken, timed

if TYPE_CHECKING:
    from announcements.people import services as people

PLACES = ("Porto", "Manila", "Chicago", "Rotterdam", "Łódź")
ZONES = ("Europe/Lisbon", "Asia/Manila", "America/Chicago", "Europe/Amsterdam", "Europe/Warsaw")


def main(many: int, groups: int, rounds: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from announcements.people import models
    from announcements.people import services as people
    from announcements.publishing import services as publishing

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    by = people.found(name="Bench", owner=people.NewPerson("o@bench.test", "Owner", "a calm long password"), now=now).id
    workspace_id = people.person(person_id=by).workspace_id
    audience, persons = company(by, many, groups, now)
    with connection.cursor() as cursor:  # as PostgreSQL does by itself within minutes
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    now = datetime.now(UTC)
    everyone = people.Audience(everyone=True)
    bare = models.Membership.objects.filter(group_id__in=audience.group_ids, started_at__lte=now)
    each: dict[str, Callable[[], object]] = {
        "bare query": lambda: list(bare.values_list("person_id", flat=True)),
        "count it live": lambda: publishing.count_audience(by=by, audience=audience, now=now),
        "count everyone": lambda: publishing.count_audience(by=by, audience=everyone, now=now),
        "resolve it": lambda: people.resolve(workspace_id=workspace_id, audience=audience, at=now),
        "is one person meant": lambda: people.is_meant(person_id=persons[99], audience=audience, at=now),
        "first page of the list": lambda: people.audience_people(by=by, audience=audience, now=now),
        "options, nothing typed": lambda: people.audience_options(by=by, now=now),
        "options, 'port'": lambda: people.audience_options(by=by, search="port", now=now),
    }
    print(HEADER)
    base: Taken | None = None
    for name, act in each.items():
        taken = timed(name, act, rounds, base)
        base = base or taken
    print(f"{len(people.resolve(workspace_id=workspace_id, audience=audience, at=now))} of {many} people are meant")


def company(by: int, many: int, groups: int, now: datetime) -> tuple[people.Audience, tuple[int, ...]]:
    """Make the company; return the audience that is measured, and the people it names."""
    from announcements.people import models
    from announcements.people import services as people

    group_ids = _company(people.person(person_id=by).workspace_id, many, groups, now)
    persons = tuple(models.Person.objects.order_by("id").values_list("pk", flat=True)[:200])
    left_out = people.Except(
        group_ids=tuple(group_ids[20:24]), person_ids=persons[:50], attributes=(people.Attribute("location", "MANILA"),)
    )
    audience = people.Audience(
        group_ids=tuple(group_ids[:150]), person_ids=persons, attributes=(people.Attribute("title", "driver"),), except_=left_out
    )  # fmt: skip
    return audience, persons


def _company(workspace_id: int, many: int, groups: int, now: datetime) -> list[int]:
    """Write people and groups as rows; each group but the first hangs below one of a sixth of its number."""
    from announcements.people import models

    models.Person.objects.bulk_create(
        [
            models.Person(
                workspace_id=workspace_id, email=f"p{n}@bench.test", name=f"Person {n}", invited_at=now, joined_at=now, password="!",
                title=("Driver", "Dispatcher", "Clerk")[n % 3], location=PLACES[n % 5], timezone=ZONES[n % 5],
            )
            for n in range(many)
        ],
        batch_size=1000,
    )  # fmt: skip
    models.Group.objects.bulk_create(
        [
            models.Group(workspace_id=workspace_id, name=f"Group {n}", compared=f"group {n}", created_at=now)
            for n in range(groups)
        ]
    )
    ids = list(models.Group.objects.order_by("id").values_list("pk", flat=True))
    models.Placement.objects.bulk_create(
        [models.Placement(group_id=ids[n], parent_id=ids[n // 6], started_at=now) for n in range(1, groups)]
    )
    persons = list(models.Person.objects.filter(email__startswith="p").order_by("id").values_list("pk", flat=True))
    models.Membership.objects.bulk_create(
        [
            models.Membership(group_id=ids[(n * step) % groups], person_id=pk, started_at=now)
            for n, pk in enumerate(persons)
            for step in (1, 7)
            if step == 1 or (n * 7) % groups != n % groups
        ],
        batch_size=1000,
    )
    return ids


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as folder, valkey(Path(folder)) as (url, _pid):
        os.environ.setdefault("HUB_DATA", folder)
        os.environ.setdefault("HUB_REDIS_URL", url)
        main(options.people, options.groups, options.rounds)
