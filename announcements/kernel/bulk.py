"""Very many rows as one value: one JSON text that the database takes apart, at a tenth of what `bulk_create` costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections  # noqa: TID251  no queryset takes many rows as one value; see decisions/0029
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import DateField, DateTimeField, Field, JSONField, Model, TimeField
from django.db.models.expressions import RawSQL

MOST = 2**63


def insert(
    model: type[Model],
    fields: Sequence[str],
    rows: Sequence[Sequence[Any]],
    returning: Sequence[str] = (),
    *,
    again: bool = False,
) -> list[tuple[Any, ...]]:
    """Write new rows, each with the values of all these fields, in their order. A JSON field takes lists and dictionaries only.
    `again` says that some may be there already, by what is unique: those stay as they are.

    Returns the fields asked for of what was written, in no order that is promised: `pk` beside one that tells the rows apart.
    """
    if not rows:
        return []
    columns, source = _apart(model, tuple(fields))
    named = ", ".join(columns)
    sql = f"INSERT INTO {_table(model)} ({named}) SELECT {named} FROM {source}"  # noqa: S608  names of models
    if again:
        sql += " WHERE true ON CONFLICT DO NOTHING"
    if returning:
        sql += f" RETURNING {', '.join(_column(model, name) for name in returning)}"
    return _run(sql, model, fields, rows)


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


def update(model: type[Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write these fields of rows that are there, each given as its primary key and then their values. A JSON field as above."""
    if rows:
        (key, *columns), source = _apart(model, ("pk", *fields))
        table = _table(model)
        written = ", ".join(f"{column} = given.{column}" for column in columns)
        sql = f"UPDATE {table} SET {written} FROM {source} WHERE {table}.{key} = given.{key}"  # noqa: S608  names of models
        _run(sql, model, ["pk", *fields], rows)


def among(ids: Collection[int]) -> RawSQL:
    """Return what stands after `__in` for very many ids: they are one value, of which the ORM takes none into its hands. One that no row
    can have is none of them.
    """
    given = [id for id in ids if id and id < MOST]
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [given])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(given)])


def among_words(words: Collection[str]) -> RawSQL:
    """Return the same for very many texts."""
    given = list(words)
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [given])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(given)])


def run(model: type[Model], sql: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that each single mail goes through, which says {table} for that of a model; return the rows it returns."""
    database = connections[DEFAULT_DB_ALIAS]  # `connection` looks this up at each word
    adapted = [_instant(value, database.ops) if isinstance(value, datetime) else value for value in given]
    with database.cursor() as cursor:
        cursor.execute(_of(model, sql), adapted)
        return list(cursor.fetchall())


@lru_cache(256)
def _of(model: type[Model], sql: str) -> str:
    return sql.format(table=_table(model))


# One moment is written to many rows.
@lru_cache(64)
def _instant(at: datetime, ops: BaseDatabaseOperations) -> Any:
    return ops.adapt_datetimefield_value(at)


def _run(sql: str, model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    plain = [_plain(_field(model, name)) for name in names]
    given = [[to(value) if to else value for to, value in zip(plain, row, strict=True)] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(given)])
        return cursor.fetchall() if cursor.description else []


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
