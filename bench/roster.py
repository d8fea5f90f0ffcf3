"""Measure an import: `python -m bench.roster [--people 50000] [--groups 200]`.

How long a list of people with their groups takes to be read, checked and imported, batch by batch as a worker does it, as
ratios to a bare bulk_create of the same people and memberships. On SQLite in a folder of its own, or on the empty database
that HUB_DATABASE_URL names.
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


def main(many: int, groups: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from announcements.people import services as people
    from announcements.roster import services as roster

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    by = people.found(name="Bench", owner=people.NewPerson("o@bench.test", "Owner", "a calm long password"), now=now).id
    print(connection.vendor)
    base = _timed("bare bulk_create", 0, lambda: bare(many, groups))
    lines = ["name,email,title,location,time zone,groups"]
    lines += [f"Person {n},p{n}@bench.test,Driver,Porto,Europe/Lisbon,Team {n % groups}" for n in range(many)]
    content = "\n".join(lines).encode()
    made = roster.upload(by=by, file_name="all.csv", content=content, now=now)

    def work() -> None:
        while roster.work(import_id=made.id, now=datetime.now(UTC)):
            pass

    taken = _timed("read", base, work)
    roster.match(by=by, import_id=made.id, columns=roster.get(by=by, import_id=made.id).columns, now=now)
    taken += _timed("check", base, work)
    roster.decide(by=by, import_id=made.id, decision=roster.Decision("group", "use"), now=datetime.now(UTC))
    again = _timed("check again, after a decision about every row", base, work)
    roster.start(by=by, import_id=made.id, now=datetime.now(UTC))
    imported = _timed("import", base, work)
    _say("read, check and import", base, taken + imported)
    _say("all of it", base, taken + again + imported)
    _timed("an admin looks at how far it is", base, lambda: roster.get(by=by, import_id=made.id))
    roster.undo(by=by, import_id=made.id, now=datetime.now(UTC))
    _timed("undo", base, work)


def bare(many: int, groups: int) -> None:
    """Write the same rows into another workspace, as plainly as Django can; take them away again."""
    from django.db import transaction

    from announcements.people import models
    from announcements.people import services as people

    now = datetime.now(UTC)
    owner = people.NewPerson("bare@bare.test", "Owner", "a calm long password")
    workspace_id = people.found(name="Bare", owner=owner, now=now).workspace_id
    with transaction.atomic():
        teams = models.Group.objects.bulk_create(
            [models.Group(workspace_id=workspace_id, name=f"Team {n}", compared=f"team {n}", created_at=now) for n in range(groups)]
        )  # fmt: skip
        persons = models.Person.objects.bulk_create(
            [
                models.Person(
                    workspace_id=workspace_id, email=f"p{n}@bare.test", name=f"Person {n}", invited_at=now,
                    title="Driver", location="Porto", timezone="Europe/Lisbon", password="!",
                )
                for n in range(many)
            ],
            batch_size=1000,
        )  # fmt: skip
        models.Membership.objects.bulk_create(
            [
                models.Membership(person=person, group=teams[n % groups], started_at=now)
                for n, person in enumerate(persons)
            ],
            batch_size=1000,
        )


def _timed(name: str, base: float, act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    taken = time.perf_counter() - began
    _say(name, base, taken)
    return taken


def _say(name: str, base: float, taken: float) -> None:
    print(f"{name:46} {taken:7.2f} s" + (f"  {taken / base:6.2f} x" if base else ""), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--groups", type=int, default=200)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as folder, valkey(Path(folder)) as (url, _pid):
        os.environ.setdefault("HUB_DATA", folder)
        os.environ.setdefault("HUB_REDIS_URL", url)
        main(options.people, options.groups)
