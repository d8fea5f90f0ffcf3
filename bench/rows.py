"""What a row takes on PostgreSQL's disk, with its indexes: `bin/with-postgres .venv-dev/bin/python -m bench.rows`."""

from __future__ import annotations

import sys
from datetime import timedelta

MANY = 50_000


def main() -> None:
    """Write rows as they are a day after publishing, and print what one takes."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from announcements.audit import models as audit
    from announcements.delivery import models as delivery

    if connection.vendor != "postgresql":
        sys.exit("use bin/with-postgres: SQLite cannot say what a table takes")
    call_command("migrate", verbosity=0)
    now = timezone.now()
    read = {f"{fact}_at": now for fact in ("displayed", "opened", "read")}
    via = {f"{fact}_via": "tab" for fact in ("displayed", "opened", "read")}
    deliveries = (
        delivery.Delivery(announcement_id=n % 50, recipient_id=n // 50, workspace_id=1, delivered_at=now, **read, **via)
        for n in range(MANY)
    )
    nudges = (
        delivery.Nudge(
            announcement_id=n % 50, recipient_id=n // 50, workspace_id=1, step=1, due_at=now, state="submitted", submitted_at=now,
            reply="250 2.0.0 Ok: queued as 4Xabcdefghij",
        )
        for n in range(MANY)
    )  # fmt: skip
    entries = (
        audit.Entry(
            workspace_id=1,
            at=now + timedelta(seconds=n),
            by=1,
            verb="signed_in",
            subject="person",
            subject_id=n % 900,
            details={"how": "password"},
        )
        for n in range(MANY)
    )
    print("| | bytes a row, with indexes |\n|---|---|")
    for name, table, rows in (
        ("a delivery that was read", delivery.Delivery, deliveries),
        ("a nudge that was sent", delivery.Nudge, nudges),
        ("an entry of the trail", audit.Entry, entries),
    ):
        table.objects.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table._meta.db_table])
            print(f"| {name} | {cursor.fetchone()[0] / MANY:.0f} |")


if __name__ == "__main__":
    import os

    import django

    from bench.parts import own_folder

    with own_folder():
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        django.setup()
        main()
