"""Something that happens in the middle of something else: what another worker may do between two queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def after(query: str, act: Callable[[], object]) -> Iterator[None]:
    """Act once, right after the first query that contains these words; fail when there was none."""
    left = [act]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if left and query in sql:
            left.pop()()
        return result

    with connection.execute_wrapper(watch):
        yield
    assert not left
