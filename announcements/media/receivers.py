"""What media does at its own news."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from announcements.kernel.queueing import enqueue
from announcements.media import events, tasks


@receiver(events.image_came)
def make_it_anew(*, image_id: int, **_: Any) -> None:
    """Queue it: nobody's answer waits for a decoder."""
    enqueue(tasks.make, image_id=image_id)
