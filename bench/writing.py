"""Measure writing: `python -m bench.writing [--people 50000] [--groups 200] [--rounds 30]`.

What an author waits for, with the company and the audience of bench.audience and a text of 600 words: saving the draft,
its preview as somebody, the mail they would get, the checklist, publishing; as ratios to the bare query, which reads the
row and writes its words. On SQLite in a folder of its own, or on the empty database that HUB_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from bench.parts import valkey
from bench.timing import HEADER, timed

PARAGRAPH = "<p>From the first of <strong>December</strong> the dock closes at three, and opens an hour before.</p>"


def main(many: int, groups: int, rounds: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from announcements.people import services as people
    from announcements.publishing import models
    from announcements.publishing import services as publishing
    from bench.audience import company

    call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(UTC)
    by = people.found(name="Bench", owner=people.NewPerson("o@bench.test", "Owner", "a calm long password"), now=now).id
    audience, person_ids = company(by, many, groups, now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    now = datetime.now(UTC)
    draft = publishing.Draft(
        title="Dock 4 closes", summary="From December on.", body=PARAGRAPH * 40, audience=audience, ask_acknowledge=True
    )
    made = publishing.create(by=by, draft=draft, now=now)

    def bare() -> None:
        row = models.Announcement.objects.get(pk=made.id)
        models.Announcement.objects.filter(pk=row.pk).update(title=row.title, summary=row.summary, body=row.body)

    print(HEADER)
    base = timed("bare query", bare, rounds)
    drafts = [publishing.create(by=by, draft=draft, now=now).id for _ in range(rounds + 1)]
    for name, act in _steps(by, made.id, drafts, person_ids[99], now).items():
        timed(name, act, rounds, base)


def _steps(by: int, id: int, drafts: list[int], reader: int, now: datetime) -> dict[str, Callable[[], object]]:
    from announcements.delivery import services as delivery
    from announcements.publishing import services as publishing

    number, waiting = count(), iter(drafts)

    def save() -> object:
        changed = publishing.Draft(title=f"Dock {next(number)} closes", body=PARAGRAPH * 40)
        return publishing.revise(announcement_id=id, by=by, draft=changed, now=now)

    def publish(out: Iterator[int] = waiting) -> object:
        return publishing.publish(announcement_id=next(out), by=by, now=now)

    return {
        "save the draft": save,
        "preview as somebody": lambda: delivery.preview(by=by, announcement_id=id, person_id=reader, now=now),
        "preview of the mail": lambda: delivery.preview_mail(by=by, announcement_id=id, person_id=reader, now=now),
        "checklist": lambda: delivery.checks(by=by, announcement_id=id, now=now),
        "publish": publish,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    with tempfile.TemporaryDirectory(prefix="mantel-bench-") as folder, valkey(Path(folder)) as (url, _pid):
        os.environ.setdefault("HUB_DATA", folder)
        os.environ.setdefault("HUB_REDIS_URL", url)
        main(options.people, options.groups, options.rounds)
