"""A company that reads, made as rows on PostgreSQL: as many receipts as asked for, seeded, the same each time.

100,000 receipts are 5,000 people and 20 announcements, 1,000,000 are 10,000 and 100, 10,000,000 are 50,000 and 200, and 50,000,000 are
50,000 and 1,000, spread over twelve weeks, in 20 functions and 10 places; two thirds ask to be confirmed. Of a hundred people 94 meet an
announcement, 80 open it, 72 read it, 60 confirm it, after times that are log-normal with a median of four hours. The product counts the
roll-ups of twelve announcements; those of the others, whose facts are alike, are copies.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

SIZES = {100_000: (5_000, 20), 1_000_000: (10_000, 100), 10_000_000: (50_000, 200), 50_000_000: (50_000, 1_000)}
WEEKS = 12
FUNCTIONS, PLACES = 20, 10
COUNTED = 6
ZONES = ("Europe/Lisbon", "Asia/Manila", "America/Chicago", "Europe/Amsterdam", "Europe/Warsaw")

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
    "analytics_tally": 'group_id, recipients, displayed, opened, read, acknowledged, on_time, unprompted, at_work, "left", pace, wall, shown',
    "analytics_hour": "fact, channel, hour, many",
}


PAST = 10**9  # ids of announcements of which there are roll-ups alone
# 300 a day, of which three reach everyone and the others 80 people of a function, who are in three of the places.
PAST_KEPT = """
INSERT INTO analytics_kept (announcement_id, workspace_id, published_at, due_at, stale, withdrawn, closed, checked_at, kind, minutes, everyone, week, weighed)
SELECT %(past)s + n, %(workspace)s, at, CASE WHEN n %% 3 > 0 THEN at + interval '7 days' END, false, false, true, at,
  (ARRAY['update', 'news', 'story', 'decision', 'policy'])[1 + n %% 5], 1 + n %% 6, n %% 100 = 0, date_trunc('week', at AT TIME ZONE 'UTC')::date, true
FROM (SELECT n, %(now)s - n * interval '288 seconds' AS at FROM generate_series(1, %(many)s) AS n) AS one
"""
PAST_TALLIES = """
INSERT INTO analytics_tally (announcement_id, group_id, recipients, displayed, opened, read, acknowledged, on_time, unprompted, at_work, "left", pace, wall, shown)
SELECT k.announcement_id, t.group_id, t.recipients / x, t.displayed / x, t.opened / x, t.read / x, t.acknowledged / x, t.on_time / x,
  t.unprompted / x, t.at_work / x, 0, CASE WHEN k.everyone THEN t.pace ELSE '{"15": 10, "60": 9, "240": 8, "540": 7}'::jsonb END,
  CASE WHEN k.everyone THEN t.wall ELSE '{"15": 8, "60": 8, "480": 9, "1440": 9}'::jsonb END, true
FROM analytics_kept k JOIN analytics_tally t ON t.announcement_id = %(like)s
JOIN (SELECT id, kind, row_number() OVER (PARTITION BY kind ORDER BY id) AS nth FROM people_group UNION SELECT 0, '', 0) AS g ON g.id = t.group_id,
  LATERAL (SELECT CASE WHEN k.everyone THEN 1 WHEN t.group_id = 0 THEN 625 WHEN g.kind = 'function' THEN 31 ELSE 190 END AS x) AS less
WHERE k.announcement_id > %(past)s AND (k.everyone OR t.group_id = 0 OR (g.kind = 'function' AND g.nth = 1 + k.announcement_id %% 20)
  OR (g.kind = 'location' AND (g.nth - 1 + k.announcement_id) %% 10 < 3))
"""
PAST_PACES = """
INSERT INTO analytics_pace (workspace_id, week, group_id, kind, minutes, many, wall)
SELECT %(workspace)s, k.week, t.group_id, k.kind, p.key::int, sum(p.many), sum(p.wall)
FROM analytics_kept k JOIN analytics_tally t USING (announcement_id), LATERAL (
  SELECT key, value::int AS many, 0 AS wall FROM jsonb_each_text(t.pace) UNION ALL SELECT key, 0, value::int FROM jsonb_each_text(t.wall)) AS p
WHERE k.announcement_id > %(past)s GROUP BY 2, 3, 4, 5
ON CONFLICT (workspace_id, week, group_id, kind, minutes) DO UPDATE
SET many = analytics_pace.many + excluded.many, wall = analytics_pace.wall + excluded.wall
"""
PAST_ORIGINS = """
INSERT INTO analytics_origin (announcement_id, group_id)
SELECT announcement_id, 1 + announcement_id %% %(functions)s FROM analytics_kept WHERE announcement_id > %(past)s
"""
PAST_SUMS = """
INSERT INTO analytics_sum (workspace_id, week, group_id, kind, shown, asked, on_time, confirmed, unprompted, recipients, minutes, at_work, waiting)
SELECT %(workspace)s, k.week, t.group_id, k.kind, true, coalesce(sum(t.recipients) FILTER (WHERE k.due_at IS NOT NULL), 0),
  coalesce(sum(t.on_time) FILTER (WHERE k.due_at IS NOT NULL), 0), coalesce(sum(t.acknowledged) FILTER (WHERE k.due_at IS NOT NULL), 0),
  coalesce(sum(t.unprompted) FILTER (WHERE k.due_at IS NOT NULL), 0), sum(t.recipients), sum(t.recipients * k.minutes), sum(t.at_work),
  sum(t.recipients - t.read)
FROM analytics_kept k JOIN analytics_tally t USING (announcement_id) WHERE k.announcement_id > %(past)s GROUP BY 2, 3, 4
ON CONFLICT (workspace_id, week, group_id, kind, shown) DO UPDATE SET asked = analytics_sum.asked + excluded.asked,
  on_time = analytics_sum.on_time + excluded.on_time, confirmed = analytics_sum.confirmed + excluded.confirmed,
  unprompted = analytics_sum.unprompted + excluded.unprompted, recipients = analytics_sum.recipients + excluded.recipients,
  minutes = analytics_sum.minutes + excluded.minutes, at_work = analytics_sum.at_work + excluded.at_work,
  waiting = analytics_sum.waiting + excluded.waiting
"""
PAST_SENT = """
INSERT INTO analytics_sent (workspace_id, week, group_id, shown, origins, announcements, recipients, opened, read, acknowledged, minutes)
SELECT %(workspace)s, k.week, t.group_id, true, (1 + k.announcement_id %% %(functions)s)::text, count(*), sum(t.recipients), sum(t.opened),
  sum(t.read), sum(t.acknowledged), sum(t.recipients * k.minutes)
FROM analytics_kept k JOIN analytics_tally t USING (announcement_id)
WHERE k.announcement_id > %(past)s AND k.everyone = (t.group_id = 0) GROUP BY 2, 3, 5
"""
PAST_LENGTHS = """
INSERT INTO analytics_length (workspace_id, week, minutes, announcements, asking, across)
SELECT %(workspace)s, week, minutes, count(*), count(due_at), count(*) FROM analytics_kept WHERE announcement_id > %(past)s GROUP BY 2, 3
ON CONFLICT (workspace_id, week, minutes) DO UPDATE SET announcements = analytics_length.announcements + excluded.announcements,
  asking = analytics_length.asking + excluded.asking, across = analytics_length.across + excluded.across
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
    _read(workspace_id, ids, many, now)
    return World(by, workspace_id, sorted(ids), now)


def again(rows: int) -> World:
    """Return the world that an earlier run has made."""
    from announcements.analytics import models
    from announcements.delivery import models as delivery
    from announcements.people import models as people

    owner = people.Person.objects.get(email="o@bench.test")
    kept = models.Kept.objects.filter(announcement_id__lt=PAST)
    ids = sorted(kept.values_list("announcement_id", flat=True))
    now = delivery.FanOut.objects.order_by("id").values_list("finished_at", flat=True)[0]
    if len(ids) != SIZES[rows][1] or now is None:
        sys.exit("There is no such world in this database.")
    return World(owner.pk, owner.workspace_id, ids, now)


def past(world: World, years: int) -> int:
    """Write the roll-ups of so many years of 300 announcements a day, without their receipts; return of how many that was."""
    from django.db import connection

    told = {"past": PAST, "workspace": world.workspace_id, "now": world.now, "many": years * 365 * 300}
    told |= {"like": world.ids[1], "functions": FUNCTIONS}
    with connection.cursor() as cursor:
        for sql in (
            PAST_KEPT,
            PAST_TALLIES,
            PAST_PACES,
            PAST_ORIGINS,
            PAST_SUMS,
            PAST_SENT,
            PAST_LENGTHS,
            "VACUUM ANALYZE",
        ):
            cursor.execute(sql, told if "%(" in sql else None)
    return int(told["many"])


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


def _read(workspace_id: int, ids: dict[int, datetime], people: int, now: datetime) -> None:
    from django.db import connection

    from announcements.delivery import models

    with connection.cursor() as cursor, _without_indexes(models.Delivery._meta.db_table):
        # One process, one seed: the same world each time.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT setseed(0.7)")
        for n, (id, at) in enumerate(ids.items(), 1):
            cursor.execute(READING, {"id": id, "workspace": workspace_id, "at": at, "now": now})
            if n % 100 == 0:
                print(f"  read {n} of {len(ids)}", flush=True)
        cursor.execute("RESET max_parallel_workers_per_gather")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    models.FanOut.objects.update(total=people, finished_at=now)


@contextmanager
def _without_indexes(table: str) -> Iterator[None]:
    """Write to an empty table without a log, and make its indexes, but for those that hold a promise, once it is full."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} SET UNLOGGED")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique",
            [table],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            cursor.execute(definition)


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
            models.Kept.objects.filter(announcement_id=id).update(weighed=True)
            _weekly.write(_weekly.all_of(models.Kept.objects.get(announcement_id=id)), _weekly.Added())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
