"""What roster does at its own news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from announcements.kernel.queueing import enqueue
from announcements.roster import events, tasks


@receiver(events.work_due)
def work_later(*, import_id: int, **_: Any) -> None:
    """Go on with an import once the transaction has committed."""
    enqueue(tasks.work, import_id=import_id)
