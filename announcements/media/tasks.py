"""The queue's edge. A task is a hint with ids; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from announcements.media import services


@shared_task
def make(*, image_id: int, **_: object) -> None:
    """Make an image anew."""
    services.make(image_id=image_id, now=timezone.now())


@shared_task
def sweep(**_: object) -> None:
    """Find the images that nobody made, and queue them; remove those that nothing shows, and files left behind."""
    for image_id in services.waiting(now=timezone.now()):
        make.delay(image_id=image_id)
    services.remove_unused(now=timezone.now())
    services.remove_left_behind(now=timezone.now())
