"""What porting does at its own news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from announcements.kernel.queueing import enqueue
from announcements.porting import events, tasks


@receiver(events.import_due)
def go_on_with_it(*, import_id: int, **_: Any) -> None:
    """Queue its next batch."""
    enqueue(tasks.work, import_id=import_id)


@receiver(events.export_due)
def put_it_together(*, export_id: int, **_: Any) -> None:
    """Queue it: nobody's answer waits for a thousand announcements."""
    enqueue(tasks.make, export_id=export_id)
