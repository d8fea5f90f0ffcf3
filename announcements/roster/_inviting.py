"""Telling whom an import added, once it is done, so that they are asked in. How they are asked is for those above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.dispatch import Signal

from announcements.roster import events, models


def invite(imported: models.Import, most: int, now: datetime) -> bool:
    """Have the next people asked in whom it added, at most so many; return whether there were any. Call with the import locked.

    What is told is written in this very transaction, as is how far it has come: killed anywhere, nobody is asked twice or forgotten.
    """
    if not imported.invites:
        return False
    added = imported.lines.filter(kind="new", fault="", applied_at__isnull=False, number__gt=imported.invited_to)
    rows = list(added.order_by("number").values_list("number", "person_id")[:most])
    if not rows:
        return False
    imported.invited_to = rows[-1][0]
    imported.save(update_fields=["invited_to"])
    tell(events.invitations_wanted, imported, [person_id for _number, person_id in rows if person_id], now)
    return True


def tell(news: Signal, imported: models.Import, person_ids: Sequence[int], now: datetime) -> None:
    """Tell those above about people of an import."""
    news.send(
        sender=None, workspace_id=imported.workspace_id, by=imported.acting, import_id=imported.pk,
        person_ids=person_ids, at=now,
    )  # fmt: skip
