"""What one request may ask of the database. Workers, commands and migrations have no such limit: nobody waits for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created


def of_a_request() -> None:
    """Let PostgreSQL end a statement of this process that runs longer than HUB_STATEMENT_SECONDS, so that it holds no thread for ever."""
    connection_created.connect(_end_what_runs_too_long, dispatch_uid="hub.limits")


def _end_what_runs_too_long(*, connection: Any, **_: object) -> None:
    if connection.vendor == "postgresql" and settings.STATEMENT_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{settings.STATEMENT_SECONDS:g}s"])
