"""Changing tables while people work: on PostgreSQL without stopping who writes to them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres import operations
from django.db import migrations


def _aside(schema_editor: Any) -> bool:
    """Tell whether the database can do it beside who writes. On SQLite nobody else writes meanwhile."""
    return bool(schema_editor.connection.vendor == "postgresql")


class AddIndex(operations.AddIndexConcurrently):
    """Make an index while rows are written; for a table that is large somewhere. Its migration says `atomic = False`.

    One that was cut off leaves an index that is not valid: `DROP INDEX` it, and migrate again.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make it."""
        way = operations.AddIndexConcurrently if _aside(schema_editor) else migrations.AddIndex
        way.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Remove it again."""
        way = operations.AddIndexConcurrently if _aside(schema_editor) else migrations.AddIndex
        way.database_backwards(self, app_label, schema_editor, from_state, to_state)


class RemoveIndex(operations.RemoveIndexConcurrently):
    """Remove an index while rows are written. Its migration says `atomic = False`."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Remove it."""
        way = operations.RemoveIndexConcurrently if _aside(schema_editor) else migrations.RemoveIndex
        way.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make it again."""
        way = operations.RemoveIndexConcurrently if _aside(schema_editor) else migrations.RemoveIndex
        way.database_backwards(self, app_label, schema_editor, from_state, to_state)
