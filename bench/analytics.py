"""Measure analytics on PostgreSQL: `bin/with-postgres python -m bench.analytics [--rows 1000000] [--rounds 30]`.

Makes receipts as rows (bench/reading.py says how), then says how long each screen's door takes, as a ratio to grouping the receipts
themselves. With `--again` it measures what an earlier run left in the database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench import parts
from bench.reading import SIZES, WEEKS, World, again, make, past, roll_up
from bench.timing import HEADER, timed

NAIVE_ROUNDS = 3
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


def ask(sql: str, *given: object) -> Callable[[], object]:
    """Return what asks the database alone."""
    from django.db import connection

    def act() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return cursor.fetchall()

    return act


def measure(world: World, rounds: int) -> None:
    """Time each screen's door, and beside it the receipts grouped as they are."""
    one(world, rounds)
    company(world, rounds)


def one(world: World, rounds: int) -> None:
    """Time what is told of one announcement, and of a list of them."""
    from announcements.analytics import services as analytics

    by, now = world.by, world.now
    latest = [id for n, id in enumerate(world.ids) if n % 3 > 0][-2]

    def reach(*, joined_later: bool) -> Callable[[], object]:
        return lambda: analytics.reach(by=by, announcement_id=latest, now=now, joined_later=joined_later)

    def page(after: tuple[str, int] | None = None) -> Callable[[], object]:
        return lambda: analytics.missing(by=by, announcement_id=latest, now=now, after=after)

    grouped = timed("receipts by group, one", ask(BY_GROUP, latest), NAIVE_ROUNDS)
    timed("reach", reach(joined_later=False), rounds, grouped)
    timed("reach, with who joined later", reach(joined_later=True), rounds, grouped)
    listed = timed("receipts without a mark, one", ask(MISSING, latest), NAIVE_ROUNDS)
    timed("who is missing, first page", page(), rounds, listed)
    timed("who is missing, in the middle", page(("Person 5", 0)), rounds, listed)
    timed("a list of 50", lambda: analytics.overview(by=by, announcement_ids=world.ids[-50:], now=now), rounds)


def company(world: World, rounds: int) -> None:
    """Time what is told of a company."""
    from announcements.analytics import services as analytics

    by, now = world.by, world.now

    def look(weeks: analytics.Weeks, kind: analytics.AlignmentBy) -> Callable[[], object]:
        return lambda: analytics.alignment(by=by, weeks=weeks, kind=kind, now=now)

    since = now - timedelta(weeks=WEEKS)
    weekly = timed("receipts by group and week", ask(BY_WEEK, world.workspace_id, since), NAIVE_ROUNDS)
    timed("alignment, 12 weeks by function", look(12, "function"), rounds, weekly)
    timed("alignment, 12 weeks by topic", look(12, "topic"), rounds, weekly)
    timed("alignment, a year by place", look(52, "location"), rounds, weekly)
    timed("who writes to whom", lambda: analytics.flows(by=by, weeks=12, kind="function", now=now), rounds, weekly)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, choices=SIZES, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--years", type=int, default=0, help="then measure with roll-ups of so many years beside it")
    parser.add_argument("--again", action="store_true", help="measure what is there already")
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
        world = again(options.rows) if options.again else make(options.rows)
        print(
            f"{options.rows} receipts in {time.perf_counter() - began:.0f} s, {datetime.now(UTC):%Y-%m-%d}, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        if not options.again:
            roll_up(world)
        print(HEADER)
        measure(world, options.rounds)
        if options.years:
            print(f"with {past(world, options.years)} announcements of {options.years} years before")
            measure(world, options.rounds)


if __name__ == "__main__":
    main()
