"""Emptying the database after a test that committed: the guards of the trail are down for that, and for nothing else.

What a page asked for as it was left (a draft that saves itself) may still be under way in a thread of the server that runs
beside the test. It is waited for: PostgreSQL would find a deadlock between it and the emptying.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connection, transaction

Empty = Callable[[Any, Sequence[str]], None]
LONGEST = 20  # seconds that requests are waited for
_answering: set[int] = set()  # threads


def _began(**_signal: Any) -> None:
    if threading.current_thread() is not threading.main_thread():
        _answering.add(threading.get_ident())


def _ended(**_signal: Any) -> None:
    _answering.discard(threading.get_ident())


request_started.connect(_began)
request_finished.connect(_ended)


def answered() -> None:
    """Wait until no thread answers a request any more."""
    until = time.monotonic() + LONGEST
    while _answering & {thread.ident for thread in threading.enumerate()} and time.monotonic() < until:
        time.sleep(0.02)


@contextmanager
def unguarded(empty: Empty) -> Iterator[None]:
    """Let Django empty the tables; what guards the trail is put up again with it, in one transaction."""

    def emptied(operations: Any, statements: Sequence[str]) -> None:
        answered()
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
