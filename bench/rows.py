"""What a row takes on PostgreSQL's disk, with its indexes: `bin/with-postgres .venv-dev/bin/python -m bench.rows`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

MANY = 50_000


def main() -> None:
    """Write rows, and print what one takes."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    if connection.vendor != "postgresql":
        sys.exit("use bin/with-postgres: SQLite cannot say what a table takes")
    call_command("migrate", verbosity=0)
    print("| | bytes a row, with indexes |\n|---|---|")
    for name, table, rows in kinds(timezone.now()):
        table.objects.bulk_create(rows, batch_size=2000)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table._meta.db_table])
            print(f"| {name} | {cursor.fetchone()[0] / MANY:.0f} |")


def kinds(now: datetime) -> Iterator[tuple[str, Any, Iterator[Any]]]:
    """Return rows as they are a day after publishing: what they are, their table, and many of them."""
    from announcements.audit import models as audit
    from announcements.delivery import models as delivery

    read = {f"{fact}_at": now for fact in ("displayed", "opened", "read")}
    read |= {f"{fact}_via": "tab" for fact in ("displayed", "opened", "read")}
    sent = {
        "step": 1,
        "due_at": now,
        "state": "submitted",
        "submitted_at": now,
        "reply": "250 2.0.0 Ok: queued as 4Xabcdefghij",
    }
    whose = [{"announcement_id": n % 50, "recipient_id": n // 50, "workspace_id": 1} for n in range(MANY)]
    done = {"workspace_id": 1, "by": 1, "verb": "signed_in", "subject": "person", "details": {"how": "password"}}
    yield (
        "a delivery that was read",
        delivery.Delivery,
        (delivery.Delivery(**of, delivered_at=now, **read) for of in whose),
    )
    yield "a nudge that was sent", delivery.Nudge, (delivery.Nudge(**of, **sent) for of in whose)
    times = ((n, now + timedelta(seconds=n)) for n in range(MANY))
    yield "an entry of the trail", audit.Entry, (audit.Entry(**done, subject_id=n % 900, at=at) for n, at in times)


if __name__ == "__main__":
    import os

    import django

    from bench.parts import own_folder

    with own_folder():
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        django.setup()
        main()
