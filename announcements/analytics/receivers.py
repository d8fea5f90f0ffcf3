"""What analytics does at news from below: it notes what moved, in the same transaction; folding comes later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from announcements.analytics import services
from announcements.delivery import events as delivery_events
from announcements.delivery import services as delivery
from announcements.people import events as people_events
from announcements.publishing import events as publishing_events


@receiver(delivery_events.facts_moved)
def note_what_moved(*, workspace_id: int, moves: Sequence[delivery.Moved], **_: Any) -> None:
    """Note it."""
    services.note(workspace_id=workspace_id, moves=moves)


@receiver([publishing_events.announcement_published, publishing_events.announcement_brought_in])
def begin_counting(*, announcement_id: int, at: datetime, **_: Any) -> None:
    """Begin its roll-ups while there is nothing to count."""
    services.open_book(announcement_id=announcement_id, now=at)


@receiver(publishing_events.announcements_taken_back)
def forget_them(*, announcement_ids: list[int], **_: Any) -> None:
    """Leave nothing to count of what is gone."""
    services.forget(announcement_ids=announcement_ids)


@receiver(publishing_events.announcement_corrected)
def count_anew_later(*, announcement_id: int, **_: Any) -> None:
    """Its deadline may be another."""
    services.corrected(announcement_id=announcement_id)


@receiver(publishing_events.announcement_withdrawn)
def leave_it_out(*, announcement_id: int, **_: Any) -> None:
    """Leave it out of alignment."""
    services.withdrawn(announcement_id=announcement_id)


@receiver(people_events.standing_changed)
def count_who_is_here(*, person_ids: list[int], **_: Any) -> None:
    """Leave out who was deactivated, and count who is back."""
    services.standing_changed(person_ids=person_ids)


@receiver(people_events.people_removed)
def leave_them_out(*, person_ids: list[int], **_: Any) -> None:
    """Leave out who never came in."""
    services.standing_changed(person_ids=person_ids)
