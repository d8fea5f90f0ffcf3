"""Very many ids as one value: the database writes it, another query reads it, and nobody in between looks at each."""

from __future__ import annotations

from typing import Any, NewType

from django.db.models import Aggregate, BooleanField, F, Field, Func, TextField, Value
from django.db.models.functions import Cast

Ids = NewType("Ids", str)  # 1,2,3; empty without any
NONE = Ids("")


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
