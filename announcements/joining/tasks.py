"""The queue's edge. A task is a hint; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

import threading

from celery import shared_task
from django.utils import timezone

from announcements.joining import services

# Tasks of one worker process that send at once: the letters of a large import take a while, and each sweep asks for more.
SENDING = threading.BoundedSemaphore(2)


@shared_task
def post(**_: object) -> None:
    """Send the letters that are due, unless enough are at it here."""
    if not SENDING.acquire(blocking=False):
        return
    try:
        services.post(now=timezone.now(), clock=timezone.now)
    finally:
        SENDING.release()


@shared_task
def sweep(**_: object) -> None:
    """Find letters that a dead worker held, and whatever is due."""
    services.sweep(now=timezone.now())
    post()
