"""Measure searching: `python -m bench.search [--announcements 20000]`.

How long a reader waits for the first page of a search, and of the archive, as ratios to the bare query: the newest twenty
that have the word, whoever may read them. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bench.parts import valkey
from bench.timing import HEADER, timed

if TYPE_CHECKING:
    from announcements.publishing.models import Announcement

GROUPS, LENGTH = 200, 150
QUERIES = {
    "rare word": "word4800",
    "common word": "word1",
    "two words": "word3 word40",
    "unfinished word": "word4",
    "one letter": "w",
    "phrase": '"word1 word2"',
    "no hit": "harbor",
}


def main(many: int, rounds: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from announcements.delivery import services as delivery
    from announcements.people import services as people
    from announcements.publishing import _searching, _words, models
    from announcements.publishing import services as publishing

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    founder = people.NewPerson("o@bench.test", "Owner", "a calm long password")
    by = people.found(name="Bench", owner=founder, now=now - timedelta(days=1)).id
    readers = _world(by, many, now)
    began = time.perf_counter()
    print(f"{publishing.rebuild()} announcements indexed in {time.perf_counter() - began:.1f} s")

    with connection.cursor() as cursor:  # as PostgreSQL does by itself within minutes
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def bare(query: str) -> Callable[[], object]:
        asked = _words.terms(query)
        out = models.Announcement.objects.filter(pk__in=_searching.matching(asked)).order_by("-published_at", "-id")
        return lambda: list(out.values_list("pk", "title", "summary")[:20])

    print(HEADER)
    bases = {name: timed(f"bare query, {name}", bare(query), rounds) for name, query in QUERIES.items()}
    for who, person_id in readers.items():
        for name, query in QUERIES.items():

            def act(person_id: int = person_id, query: str = query) -> object:
                return delivery.search(by=person_id, query=query, now=now)

            timed(f"{who}: {name}", act, rounds, bases[name])
        timed(f"{who}: archive", lambda person_id=person_id: delivery.archive(by=person_id, limit=20, now=now), rounds)


def _world(by: int, many: int, now: datetime) -> dict[str, int]:
    """Write announcements as rows, a tenth of them to everyone, the others to one of 200 groups; return who searches."""
    from announcements.people import services as people
    from announcements.publishing import models
    from announcements.publishing._audiences import as_stored

    workspace_id = people.person(person_id=by).workspace_id
    earlier = now - timedelta(days=1)
    groups = [people.create_group(by=by, name=f"Group {n}", kind="other", now=earlier).id for n in range(GROUPS)]
    audiences = [as_stored(people.Audience(group_ids=(id,))) for id in groups]
    audiences.append(as_stored(people.Audience(everyone=True)))
    members = {}
    for name in ("reader", "who got all"):
        invited = people.invite(by=by, email=f"{name[:3]}@bench.test", name=name, now=earlier)
        members[name] = people.accept(person_id=invited.id, password="a calm long password", now=earlier).id
    for group_id in groups[:2]:
        people.add_member(by=by, group_id=group_id, person_id=members["reader"], now=earlier)
    rows = [
        models.Announcement(
            workspace_id=workspace_id, author_id=by, title=" ".join(said[:6]), summary=" ".join(said[6:20]),
            body=f"<p>{' '.join(said[20:])}</p>", audience=audiences[-1 if n % 10 == 0 else n % GROUPS],
            version=1, created_at=at, updated_at=at, published_at=at,
        )
        for n, said in enumerate(_texts(many))
        for at in [earlier - timedelta(minutes=many - n)]
    ]  # fmt: skip
    _write(rows)
    _deliver(workspace_id, members, groups[:2])
    return members | {"owner": by}


def _texts(many: int) -> list[list[str]]:
    """Return the words of each; a few words are in most of them, most words in a few."""
    chance = random.Random(7)
    common = [f"word{int(5000 ** chance.random())}" for _ in range(200_000)]
    starts = (chance.randrange(len(common) - LENGTH) for _ in range(many))
    return [common[start : start + LENGTH] for start in starts]


def _write(rows: list[Announcement]) -> None:
    from announcements.publishing import _searching, models

    keys: dict[str, str] = {}
    for row in rows:
        told = str(row.audience)
        keys[told] = keys.get(told) or _searching.address(row)
        row.addressed = keys[told]
    models.Announcement.objects.bulk_create(rows, batch_size=500)


def _deliver(workspace_id: int, members: dict[str, int], groups: list[int]) -> None:
    """Write that they reached the reader, who is in these groups; and all of them somebody else."""
    from announcements.delivery.models import Delivery
    from announcements.publishing import models

    told = [
        (row.pk, members[name], row.published_at)
        for row in models.Announcement.objects.order_by("id")
        for name in members
        if name == "who got all" or row.audience["everyone"] or row.audience["group_ids"][0] in groups
    ]
    Delivery.objects.bulk_create(
        [Delivery(announcement_id=id, recipient_id=who, workspace_id=workspace_id, delivered_at=at) for id, who, at in told],
        batch_size=1000,
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--announcements", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as folder, valkey(Path(folder)) as (url, _pid):
        os.environ.setdefault("HUB_DATA", folder)
        os.environ.setdefault("HUB_REDIS_URL", url)
        main(options.announcements, options.rounds)
