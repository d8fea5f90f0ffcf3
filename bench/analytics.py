"""Measure analytics on PostgreSQL: `bin/with-postgres python -m bench.analytics [--rows 1000000] [--rounds 30]`.

Makes receipts as rows, as many as asked for: 100,000 (5,000 people, 20 announcements), 1,000,000 (10,000 and 100), 10,000,000
(50,000 and 200) or 50,000,000 (50,000 and 1,000), spread over twelve weeks, in 20 functions, 10 places and two thirds of them asking to be
confirmed. Reading is seeded and as it is: 94 of a hundred meet it, 80 open it, 72 read it, 60 confirm it, after times that are
log-normal with a median of four hours. The roll-ups of the first announcements are counted by the product; the others', whose facts are
alike, are copies of theirs. Then how long each screen's door takes, as a ratio to grouping the receipts themselves.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench import parts
from bench.timing import HEADER, timed

SIZES = {100_000: (5_000, 20), 1_000_000: (10_000, 100), 10_000_000: (50_000, 200), 50_000_000: (50_000, 1_000)}
WEEKS = 12
FUNCTIONS, PLACES = 20, 10
COUNTED = 6
ZONES = ("Europe/Lisbon", "Asia/Manila", "America/Chicago", "Europe/Amsterdam", "Europe/Warsaw")
NAIVE_ROUNDS = 3

READING = """
INSERT INTO delivery_delivery (announcement_id, recipient_id, workspace_id, delivered_at, asked_version, displayed_at, displayed_via,
  opened_at, opened_via, read_at, read_via, acknowledged_at, acknowledged_via, dismissed_via, acknowledged_receipt, undone_receipt)
SELECT %(id)s, id, %(workspace)s, %(at)s, 1,
  CASE WHEN far < 0.94 AND took * 0.8 < had THEN %(at)s + took * 0.8 END, CASE WHEN far < 0.94 AND took * 0.8 < had THEN 'tab' ELSE '' END,
  CASE WHEN far < 0.80 AND took < had THEN %(at)s + took END, CASE WHEN far < 0.80 AND took < had THEN 'tab' ELSE '' END,
  CASE WHEN far < 0.72 AND took * 1.1 < had THEN %(at)s + took * 1.1 END, CASE WHEN far < 0.72 AND took * 1.1 < had THEN 'page' ELSE '' END,
  CASE WHEN far < 0.60 AND took * 1.2 < had THEN %(at)s + took * 1.2 END, CASE WHEN far < 0.60 AND took * 1.2 < had THEN 'page' ELSE '' END,
  '', '', ''
FROM (SELECT id, random() AS far, %(now)s - %(at)s AS had,
  exp(1.386 + 1.1 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) * interval '1 hour' AS took FROM people_person) AS reader
"""
COPY = {
    "analytics_tally": 'group_id, recipients, displayed, opened, read, acknowledged, on_time, unprompted, at_work, "left", pace',
    "analytics_hour": "fact, channel, hour, many",
}
BY_GROUP = """
SELECT m.group_id, count(*), count(displayed_at), count(opened_at), count(read_at), count(acknowledged_at)
FROM delivery_delivery d JOIN people_membership m ON m.person_id = d.recipient_id WHERE d.announcement_id = %s GROUP BY 1
"""
BY_WEEK = """
SELECT m.group_id, date_trunc('week', d.delivered_at), count(*), count(acknowledged_at), count(read_at)
FROM delivery_delivery d JOIN people_membership m ON m.person_id = d.recipient_id
WHERE d.workspace_id = %s AND d.delivered_at > %s GROUP BY 1, 2
"""
MISSING = """
SELECT p.name, p.id FROM delivery_delivery d JOIN people_person p ON p.id = d.recipient_id
WHERE d.announcement_id = %s AND d.acknowledged_at IS NULL ORDER BY 1, 2
"""


@dataclass(frozen=True)
class World:
    """Who looks, and at what."""

    by: int
    workspace_id: int
    ids: list[int]
    now: datetime


def make(rows: int) -> World:
    """Write the company, its announcements and what became of them."""
    from django.utils import timezone

    from announcements.people import services as people

    many, items = SIZES[rows]
    now = timezone.now()
    began = now - timedelta(weeks=WEEKS + 1)
    owner = people.NewPerson("o@bench.test", "Owner", "a calm long password")
    by = people.found(name="Bench", owner=owner, now=began).id
    workspace_id = people.person(person_id=by).workspace_id
    _company(workspace_id, many, began)
    ids = _publish(by, items, now)
    _read(workspace_id, ids, now)
    return World(by, workspace_id, sorted(ids), now)


def _company(workspace_id: int, many: int, at: datetime) -> None:
    from announcements.people import models

    models.Person.objects.bulk_create(
        [
            models.Person(
                workspace_id=workspace_id, email=f"p{n}@bench.test", name=f"Person {n}", invited_at=at, joined_at=at, password="!",
                timezone=ZONES[n % 5],
            )
            for n in range(many - 1)
        ],
        batch_size=2000,
    )  # fmt: skip
    groups = [
        models.Group(workspace_id=workspace_id, name=f"{kind} {n}", compared=f"{kind} {n}", kind=kind, created_at=at)
        for kind, size in (("function", FUNCTIONS), ("location", PLACES))
        for n in range(size)
    ]
    models.Group.objects.bulk_create(groups)
    persons = models.Person.objects.order_by("id").values_list("pk", flat=True)
    models.Membership.objects.bulk_create(
        [
            models.Membership(group_id=groups[place].pk, person_id=id, started_at=at)
            for n, id in enumerate(persons)
            for place in (n % FUNCTIONS, FUNCTIONS + n % PLACES)
        ],
        batch_size=5000,
    )


def _publish(by: int, items: int, now: datetime) -> dict[int, datetime]:
    """Publish to everyone, spread over the weeks; return when each was."""
    from announcements.people import services as people
    from announcements.publishing import services as publishing

    found = {}
    for n in range(items):
        at = now - timedelta(hours=1) - timedelta(weeks=WEEKS) * (items - n - 1) / items
        draft = publishing.Draft(
            title=f"Announcement {n}", summary="Two lines.", body="<p>One paragraph.</p>" * 40,
            audience=people.Audience(everyone=True), ask_acknowledge=n % 3 > 0,
        )  # fmt: skip
        made = publishing.create(by=by, draft=draft, now=at)
        publishing.publish(announcement_id=made.id, by=by, now=at)
        found[made.id] = at
    return found


def _read(workspace_id: int, ids: dict[int, datetime], now: datetime) -> None:
    from django.db import connection

    from announcements.delivery import models

    with connection.cursor() as cursor:
        # One process, one seed: the same world each time.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT setseed(0.7)")
        for id, at in ids.items():
            cursor.execute(READING, {"id": id, "workspace": workspace_id, "at": at, "now": now})
        cursor.execute("RESET max_parallel_workers_per_gather")
        cursor.execute("VACUUM ANALYZE")
    models.FanOut.objects.update(total=0, finished_at=now)


def roll_up(world: World) -> None:
    """Have the roll-ups of some announcements counted, and the others' copied from them."""
    from django.db import connection, transaction

    from announcements.analytics import _rebuilding, _weekly, models

    began = time.perf_counter()
    asking = [id for n, id in enumerate(world.ids) if n % 3 > 0][:COUNTED]
    others = world.ids[::3][:COUNTED]
    for id in {*asking, *others}:
        _rebuilding.count_anew(announcement_id=id, now=world.now)
    took = (time.perf_counter() - began) / len({*asking, *others})
    print(f"  counting an announcement anew: {took:.2f} s", flush=True)
    for n, id in enumerate(world.ids):
        like = (asking if n % 3 > 0 else others)[n % COUNTED]
        if id in {*asking, *others}:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            for table, columns in COPY.items():
                cursor.execute(
                    f"INSERT INTO {table} (announcement_id, {columns}) SELECT %s, {columns} FROM {table} WHERE announcement_id = %s",
                    [id, like],
                )
            _weekly.move(id, None, _weekly.key(models.Kept.objects.get(announcement_id=id)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measure(world: World, rounds: int) -> None:
    """Time each screen's door, and beside it the receipts grouped as they are."""
    from django.db import connection

    from announcements.analytics import services as analytics

    latest = [id for n, id in enumerate(world.ids) if n % 3 > 0][-2]

    def ask(sql: str, *given: object) -> Callable[[], object]:
        def act() -> object:
            with connection.cursor() as cursor:
                cursor.execute(sql, given)
                return cursor.fetchall()

        return act

    def look(weeks: analytics.Weeks, kind: analytics.AlignmentBy) -> Callable[[], object]:
        return lambda: analytics.alignment(by=world.by, weeks=weeks, kind=kind, now=world.now)

    def page(after: tuple[str, int] | None = None) -> Callable[[], object]:
        return lambda: analytics.missing(by=world.by, announcement_id=latest, now=world.now, after=after)

    since = world.now - timedelta(weeks=WEEKS)
    grouped = timed("receipts by group, one", ask(BY_GROUP, latest), NAIVE_ROUNDS)
    timed("reach", lambda: analytics.reach(by=world.by, announcement_id=latest, now=world.now), rounds, grouped)
    listed = timed("receipts without a mark, one", ask(MISSING, latest), NAIVE_ROUNDS)
    timed("who is missing, first page", page(), rounds, listed)
    timed("who is missing, in the middle", page(("Person 5", 0)), rounds, listed)
    timed(
        "a list of 50", lambda: analytics.overview(by=world.by, announcement_ids=world.ids[-50:], now=world.now), rounds
    )
    weekly = timed("receipts by group and week", ask(BY_WEEK, world.workspace_id, since), NAIVE_ROUNDS)
    timed("alignment, 12 weeks by function", look(12, "function"), rounds, weekly)
    timed("alignment, 12 weeks by topic", look(12, "topic"), rounds, weekly)
    timed("alignment, a year by place", look(52, "location"), rounds, weekly)
    timed(
        "who writes to whom",
        lambda: analytics.flows(by=world.by, weeks=12, kind="function", now=world.now),
        rounds,
        weekly,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, choices=SIZES, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with parts.own_folder():
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        if connection.vendor != "postgresql":
            sys.exit("This one needs PostgreSQL: bin/with-postgres python -m bench.analytics")
        call_command("migrate", verbosity=0, interactive=False)
        began = time.perf_counter()
        world = make(options.rows)
        print(
            f"{options.rows} receipts in {time.perf_counter() - began:.0f} s, {datetime.now(UTC):%Y-%m-%d}", flush=True
        )
        roll_up(world)
        print(HEADER)
        measure(world, options.rounds)


if __name__ == "__main__":
    main()
