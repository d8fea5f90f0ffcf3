"""Querysets that are put together once and then only given their values: for what each single request asks, of which the database takes less time than putting the question."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection  # noqa: TID251  what a queryset puts together is run here; see decisions/0042
from django.db.models import BooleanField, DateTimeField, Expression, F, Field, Func, QuerySet, TextField


class Given(Expression):
    """A value that is only known when the question is asked, by its name."""

    def __init__(self, name: str, field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=field or TextField())
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> Any:
        """Keep its place."""
        return "%s", [self]

    def said(self, value: Any) -> Any:
        """Return it as the database takes it."""
        return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


class _Json(Given):
    def said(self, value: Any) -> Any:
        return json.dumps(value)


class _Array(Given):
    """One column of what is given, or all of it: as an array PostgreSQL knows how many there are before it plans."""

    def __init__(self, name: str, place: int | None = None) -> None:
        super().__init__(name)
        self.place = place

    def said(self, value: Any) -> Any:
        ids = value if self.place is None else (row[self.place] for row in value)
        return f"{{{','.join(map(str, ids))}}}"


class Among(Func):
    """Whether a column of a row is one of the whole numbers in a list, or two columns are one of the pairs. For `filter`."""

    output_field: Field[Any, Any] = BooleanField()

    def __init__(self, name: str, *columns: str) -> None:
        super().__init__(*map(F, columns))
        self.name = name

    def as_sqlite(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Take JSON apart."""
        columns = self._columns(compiler)
        each = [f"json_extract(value, '$[{place}]')" for place in range(len(columns))] if columns[1:] else ["value"]
        return _within(columns, f"SELECT {', '.join(each)} FROM json_each(%s)"), [_Json(self.name)]  # noqa: S608  names of columns

    def as_postgresql(self, compiler: Any, *_: Any, **__: Any) -> Any:
        """Take arrays."""
        columns = self._columns(compiler)
        if not columns[1:]:
            return f"{columns[0]} = ANY(%s::bigint[])", [_Array(self.name)]
        arrays = ", ".join(["%s::bigint[]"] * len(columns))
        return _within(columns, f"SELECT * FROM unnest({arrays})"), [_Array(self.name, n) for n in range(len(columns))]  # noqa: S608  arrays

    def _columns(self, compiler: Any) -> list[str]:
        return [compiler.compile(one)[0] for one in self.source_expressions]


def _within(columns: Sequence[str], listed: str) -> str:
    return f"({', '.join(columns)}) IN ({listed})"


class Prepared:
    """A question of which only the values differ: a queryset of tuples, with `Given` and `Among` in their places.

    Called with the values by name it returns the rows that the queryset would.
    """

    def __init__(self, question: Callable[[], QuerySet[Any, Any]]) -> None:
        self._question = question
        self._made: tuple[str, Sequence[Any], Sequence[tuple[int, Any, Any]]] | None = None

    def __call__(self, **given: Any) -> list[Any]:
        """Return the rows, as tuples."""
        sql, places, converted = self._made = self._made or self._make()
        values = [place.said(given[place.name]) if isinstance(place, Given) else place for place in places]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        return [_converted(row, converted) for row in rows] if converted else rows

    def _make(self) -> Any:
        compiler = self._question().query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        found = compiler.get_converters([column for column, *_ in compiler.select])
        return sql, places, [(place, how, column) for place, (how, column) in found.items()]


def _converted(row: Sequence[Any], converted: Sequence[tuple[int, Any, Any]]) -> tuple[Any, ...]:
    values = list(row)
    for place, how, column in converted:
        for convert in how:
            values[place] = convert(values[place], column, connection)
    return tuple(values)


INSTANT = DateTimeField()
