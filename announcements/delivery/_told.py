"""Telling those above which facts changed, from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.models import QuerySet

from announcements.delivery import events, models
from announcements.delivery._values import Moved, as_facts


def tell(workspace_id: int, moves: Sequence[Moved]) -> None:
    """Say it, inside the transaction that changes them."""
    if moves:
        events.facts_moved.send(sender=None, workspace_id=workspace_id, moves=moves)


@contextmanager
def moving(rows: QuerySet[models.Delivery]) -> Iterator[None]:
    """Hold these rows while they are changed, by id; then tell what became of those that differ."""
    held = {row.pk: row for row in rows.select_for_update().order_by("id")}
    before = {id: as_facts(row) for id, row in held.items()}
    yield
    after = models.Delivery.objects.in_bulk(list(held))
    moves = [
        Moved(row.announcement_id, row.recipient_id, before[id], facts)
        for id, row in after.items()
        if (facts := as_facts(row)) != before[id]
    ]
    tell(next((row.workspace_id for row in held.values()), 0), moves)
