"""Emptying the database after a test that committed: the guards of the trail are down for that, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

Empty = Callable[[Any, Sequence[str]], None]


@contextmanager
def unguarded(empty: Empty) -> Iterator[None]:
    """Let Django empty the tables; what guards the trail is put up again with it, in one transaction."""

    def emptied(operations: Any, statements: Sequence[str]) -> None:
        down, up = _guards()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in down:
                cursor.execute(statement)
            empty(operations, statements)
            for statement in up:
                cursor.execute(statement)

    kind: Any = type(connection.ops)
    kind.execute_sql_flush = emptied
    try:
        yield
    finally:
        kind.execute_sql_flush = empty


def _guards() -> tuple[list[str], list[str]]:
    """Return what takes the guards down and what puts them up, as they are."""
    if connection.vendor == "postgresql":
        return ["ALTER TABLE audit_entry DISABLE TRIGGER USER"], ["ALTER TABLE audit_entry ENABLE TRIGGER USER"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
        found = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _sql in found], [sql for _name, sql in found]
