"""Telling what is worth keeping in the trail of who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from announcements.joining import events
from announcements.people import services as people


def note(*, by: people.Person, verb: str, subject: str, now: datetime, **details: Any) -> None:
    """Tell it, inside the transaction that does it."""
    events.noted.send(
        sender=None,
        workspace_id=by.workspace_id,
        by=by.id,
        verb=verb,
        subject=subject,
        details=details,
        at=now,
    )
