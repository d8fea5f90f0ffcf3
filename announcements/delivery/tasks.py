"""The queue's edge. A task is a hint with ids; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

import threading
from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from announcements.delivery import services
from announcements.kernel import errors

# Ticks of one worker process that send at once: a slow mail server must leave threads for those who wait at a screen.
SENDING = threading.BoundedSemaphore(4)


@shared_task
def fan_out(*, announcement_id: int, **_: object) -> None:
    """Reach the audience of an announcement."""
    services.fan_out(announcement_id=announcement_id, now=timezone.now())


@shared_task
def send_letter(*, letter_id: int, **_: object) -> None:
    """Submit a letter."""
    services.send_letter(letter_id=letter_id, now=timezone.now())


@shared_task
def look_at_links(*, announcement_id: int, **_: object) -> None:
    """Look at the links of an announcement."""
    with suppress(errors.NotFound):  # it was discarded meanwhile, and nobody waits any more
        services.look_at_links(announcement_id=announcement_id)


@shared_task
def tick(**_: object) -> None:
    """Queue the letters that wait; send what is due, unless enough ticks are at it here."""
    for letter_id in services.due_letters(now=timezone.now()):
        send_letter.delay(letter_id=letter_id)
    if not SENDING.acquire(blocking=False):
        return
    try:
        services.tick(now=timezone.now(), clock=timezone.now)
    finally:
        SENDING.release()


@shared_task
def sweep(**_: object) -> None:
    """Find what was lost, and queue it again."""
    swept = services.sweep(now=timezone.now())
    for announcement_id in swept.fan_outs:
        fan_out.delay(announcement_id=announcement_id)


@shared_task
def fetch_returns(**_: object) -> None:
    """Read the mailbox that mail comes back to."""
    services.fetch_returns(now=timezone.now())
