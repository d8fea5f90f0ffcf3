"""Very many rows as one value: one JSON text that the database takes apart, at a tenth of what `bulk_create` costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db import connection  # noqa: TID251  no queryset takes many rows as one value; see decisions/0029
from django.db.models import DateField, DateTimeField, Field, JSONField, Model, TimeField


def insert(
    model: type[Model], fields: Sequence[str], rows: Sequence[Sequence[Any]], returning: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Write new rows, each with the values of all these fields, in their order. A JSON field takes lists and dictionaries only.

    Returns the fields asked for of what was written, in no order that is promised: `pk` beside one that tells the rows apart.
    """
    if not rows:
        return []
    columns, source = _apart(model, tuple(fields))
    named = ", ".join(columns)
    sql = f"INSERT INTO {_table(model)} ({named}) SELECT {named} FROM {source}"  # noqa: S608  names of models
    if returning:
        sql += f" RETURNING {', '.join(_column(model, name) for name in returning)}"
    return _run(sql, model, fields, rows)[1]


def columns_of(model: type[Model]) -> list[str]:
    """Return the names of all that is written of a new row: not what the database gives it."""
    return [field.attname for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]


def count(model: type[Model], fields: Sequence[str], rows: Sequence[Sequence[Any]], counter: str) -> None:
    """Raise the counter of each row that these unique fields name by one; one that is not there yet begins with one."""
    if rows:
        columns, source = _apart(model, tuple(fields))
        named, table = ", ".join(columns), _table(model)
        raised = _column(model, counter)
        begun = f"INSERT INTO {table} ({named}, {raised}) SELECT {named}, 1 FROM {source} WHERE true"  # noqa: S608  names of models
        sql = f"{begun} ON CONFLICT ({named}) DO UPDATE SET {raised} = {table}.{raised} + 1"
        _run(sql, model, fields, rows)


Where = Mapping[str, Any]
Among = Mapping[str, tuple[Any, ...]]
NONE: Mapping[str, Any] = MappingProxyType({})


def update(
    model: type[Model], fields: Sequence[str], rows: Sequence[Sequence[Any]], also: Where = NONE, where: Where = NONE, among: Among = NONE
) -> int:  # fmt: skip
    """Write these fields of rows that are there, each given as its primary key and then their values; return how many were there.

    `also` is written to each; only those count of which other fields are equal to `where`, or `among` these. A JSON field as above.
    """
    if not rows:
        return 0
    (key, *columns), source = _apart(model, ("pk", *fields))
    table = _table(model)
    written = ", ".join([*(f"{column} = given.{column}" for column in columns), *_equal(model, also)])
    found = " AND ".join([f"{table}.{key} = given.{key}", *_conditions(model, where, among, f"{table}.")])
    sql = f"UPDATE {table} SET {written} FROM {source} WHERE {found}"  # noqa: S608  names of models
    return _run(sql, model, ["pk", *fields], rows, before=_given(also), after=_given(where, among))[0]


def run(model: type[Model], sql: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that each single mail goes through, which says {table} for that of a model; return the rows it returns."""
    with connection.cursor() as cursor:
        cursor.execute(_of(model, sql), [_adapted(value) for value in given])
        return list(cursor.fetchall())


@lru_cache(256)
def _of(model: type[Model], sql: str) -> str:
    return sql.format(table=_table(model))


def _equal(model: type[Model], names: Iterable[str], table: str = "") -> list[str]:
    return [f"{table}{_column(model, name)} = %s" for name in names]


def _conditions(model: type[Model], where: Iterable[str], among: Among, table: str = "") -> list[str]:
    found = _equal(model, where, table)
    for name, values in among.items():
        column = _column(model, name)
        found.append(f"{table}{column} IN ({', '.join(['%s'] * len(values))})")
    return found


def _given(fields: Where, among: Among = NONE) -> list[Any]:
    said = [*fields.values(), *(value for values in among.values() for value in values)]
    return [_adapted(value) for value in said]


def _adapted(value: Any) -> Any:
    return _instant(value) if isinstance(value, datetime) else value


# One moment is written to many rows.
@lru_cache(64)
def _instant(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _run(
    sql: str, model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]], before: Sequence[Any] = (), after: Sequence[Any] = ()
) -> tuple[int, list[tuple[Any, ...]]]:  # fmt: skip
    """Return how many rows there were, and what they return."""
    plain = [_plain(_field(model, name)) for name in names]
    given = [[to(value) if to else value for to, value in zip(plain, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*before, json.dumps(given), *after])
        many = int(cursor.rowcount)
        return many, cursor.fetchall() if cursor.description else []


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    field: Field[Any, Any] = model._meta.get_field(model._meta.pk.name if name == "pk" else name)  # type: ignore[assignment]  # a column
    return field


def _column(model: type[Model], name: str) -> str:
    return connection.ops.quote_name(str(_field(model, name).column))


@lru_cache(64)
def _apart(model: type[Model], names: tuple[str, ...]) -> tuple[list[str], str]:
    """Return the columns, and what yields them from one parameter."""
    fields = [_field(model, name) for name in names]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]
    postgresql = connection.vendor == "postgresql"
    each = _of_postgresql if postgresql else _of_sqlite
    taken = ", ".join(f"{each(place, field)} AS {columns[place]}" for place, field in enumerate(fields))
    elements = "jsonb_array_elements(%s::jsonb) AS one(value)" if postgresql else "json_each(%s)"
    return columns, f"(SELECT {taken} FROM {elements}) AS given"  # noqa: S608  names of models


def _of_postgresql(place: int, field: Field[Any, Any]) -> str:
    if isinstance(field, JSONField):
        return f"value->{place}"
    return f"(value->>{place})::{field.cast_db_type(connection)}"


def _of_sqlite(place: int, _field: Field[Any, Any]) -> str:
    return f"json_extract(value, '$[{place}]')"


def _plain(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Return how a value is said in JSON as the database keeps it; None where it is said as it is."""
    if isinstance(field, DateTimeField):
        return lambda value: None if value is None else str(connection.ops.adapt_datetimefield_value(value))
    if isinstance(field, DateField | TimeField):
        return lambda value: None if value is None else value.isoformat()
    return None
