"""The queue's edge. A task is a hint; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from announcements.joining import services


@shared_task
def post(**_: object) -> None:
    """Send the letters that are due."""
    services.post(now=timezone.now(), clock=timezone.now)


@shared_task
def sweep(**_: object) -> None:
    """Find letters that a dead worker held, and whatever is due."""
    services.sweep(now=timezone.now())
    services.post(now=timezone.now(), clock=timezone.now)
