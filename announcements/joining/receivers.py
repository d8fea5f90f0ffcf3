"""What joining does at its own news: queue a hint."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from announcements.joining import events, tasks
from announcements.kernel.queueing import enqueue


@receiver(events.letters_written)
def post_them(**_: Any) -> None:
    """Send them soon; the tick would find them too."""
    enqueue(tasks.post)
