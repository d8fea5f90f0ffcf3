"""What audit does at news from below: it writes it down, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from announcements.analytics import events as analytics_events
from announcements.audit import services
from announcements.delivery import events as delivery_events
from announcements.joining import events as joining_events
from announcements.people import events as people_events
from announcements.porting import events as porting_events
from announcements.roster import events as roster_events


@receiver(
    [
        people_events.noted,
        joining_events.noted,
        roster_events.noted,
        porting_events.noted,
        delivery_events.noted,
        analytics_events.noted,
    ]
)
def write_it_down(
    *,
    workspace_id: int,
    by: int | None,
    verb: str,
    at: datetime,
    subject: str = "",
    details: Mapping[str, Any] | None = None,
    **_: Any,
) -> None:
    """Keep what somebody did."""
    services.note(workspace_id=workspace_id, by=by, verb=verb, subject=subject, details=details or {}, at=at)


@receiver([people_events.many_noted, joining_events.many_noted])
def write_them_down(
    *, workspace_id: int, by: int | None, noted: Sequence[tuple[str, str, Mapping[str, Any]]], at: datetime, **_: Any
) -> None:
    """Keep what was done to many at once."""
    services.note_many(workspace_id=workspace_id, by=by, noted=noted, at=at)


@receiver(people_events.person_erased)
def name_them_no_more(*, workspace_id: int, person_id: int, address: str, name: str, **_: Any) -> None:
    """Drop what names somebody who was erased, in the transaction that erases them."""
    services.erase(workspace_id=workspace_id, person_id=person_id, address=address, name=name)
