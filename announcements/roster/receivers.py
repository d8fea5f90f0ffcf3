"""What roster does at its own news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from announcements.kernel.queueing import enqueue
from announcements.people import events as people_events
from announcements.roster import events, services, tasks


@receiver(events.work_due)
def work_later(*, import_id: int, **_: Any) -> None:
    """Go on with an import once the transaction has committed."""
    enqueue(tasks.work, import_id=import_id)


@receiver(people_events.person_erased)
def name_them_no_more(*, workspace_id: int, person_id: int, address: str, **_: Any) -> None:
    """Drop what names somebody who was erased, in the transaction that erases them."""
    services.erase(workspace_id=workspace_id, person_id=person_id, address=address)
