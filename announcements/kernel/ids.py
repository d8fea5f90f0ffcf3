"""Very many ids as one value: one query makes it, another one reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NewType

from django.db.models import Aggregate, BooleanField, F, Field, Func, TextField, Value
from django.db.models.functions import Cast

Ids = NewType("Ids", str)  # 1,2,3; empty without any
NONE = Ids("")
Spans = NewType("Spans", str)  # 1-3,7-7: ids in a row are one span, so that those of a whole company are a few


class Gathered(Aggregate):
    """The ids in a column, as Ids; None without any. For `aggregate`."""

    function = "STRING_AGG"
    output_field: Field[Any, Any] = TextField()

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(Cast(column, TextField()), Value(","), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Say it as SQLite does."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


class AmongThem(Func):
    """Whether a row's id is one of many. For `filter`."""

    output_field: Field[Any, Any] = BooleanField()

    def __init__(self, ids: Ids, **extra: Any) -> None:
        super().__init__(F("pk"), **extra)
        self.ids = ids

    def as_sqlite(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Send JSON. The + keeps the column out of any index: a full-text one would be asked anew for each id."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        return f"+{column} IN (SELECT value FROM json_each(%s))", [*params, f"[{self.ids}]"]  # noqa: S608  a column's name, and a parameter

    def as_postgresql(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Send an array, as a subquery: for a plain one PostgreSQL weighs each id before it asks anything."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        return f"{column} IN (SELECT unnest(%s::bigint[]))", [*params, f"{{{self.ids}}}"]


def spans(ids: Iterable[int]) -> Spans:
    """Return ids as spans."""
    found: list[list[int]] = []
    for id in sorted(ids):
        if found and id <= found[-1][1] + 1:
            found[-1][1] = id
        else:
            found.append([id, id])
    return Spans(",".join(f"{first}-{last}" for first, last in found))


class InSpans(Func):
    """Whether a row's id is in one of many spans. For `filter`."""

    output_field: Field[Any, Any] = BooleanField()

    def __init__(self, given: Spans, **extra: Any) -> None:
        super().__init__(F("pk"), **extra)
        self.given = given

    def as_sqlite(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Send each id: it knows no spans."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        ends = (one.split("-") for one in self.given.split(",") if one)
        ids = [id for first, last in ends for id in range(int(first), int(last) + 1)]
        return f"+{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(ids)]  # noqa: S608  a column's name, and a parameter

    def as_postgresql(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Send one value, in which each row's id is looked up by halving."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        ranges = self.given.replace(",", "],[").replace("-", ",")
        return f"{column} <@ %s::int8multirange", [*params, f"{{[{ranges}]}}" if ranges else "{}"]
