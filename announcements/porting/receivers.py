"""What porting does at its own news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from announcements.kernel.queueing import enqueue
from announcements.people import events as people_events
from announcements.porting import events, services, tasks


@receiver(events.import_due)
def go_on_with_it(*, import_id: int, **_: Any) -> None:
    """Queue its next batch."""
    enqueue(tasks.work, import_id=import_id)


@receiver(events.export_due)
def put_it_together(*, export_id: int, **_: Any) -> None:
    """Queue it: nobody's answer waits for a thousand announcements."""
    enqueue(tasks.make, export_id=export_id)


@receiver(people_events.person_erased)
def name_them_no_more(*, workspace_id: int, address: str, name: str, placeholder: str, **_: Any) -> None:
    """Drop what names somebody who was erased, in the transaction that erases them."""
    services.erase(workspace_id=workspace_id, address=address, name=name, placeholder=placeholder)
