"""The queue's edge. A task is a hint with ids; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from announcements.roster import services


@shared_task
def work(*, import_id: int, **_: object) -> None:
    """Do an import's next batch, and queue the one after it."""
    if services.work(import_id=import_id, now=timezone.now()):
        work.delay(import_id=import_id)


@shared_task
def forget(*, import_id: int, **_: object) -> None:
    """Remove an import's next rows, and queue the removal of those after them."""
    if services.forget(import_id=import_id, now=timezone.now()):
        forget.delay(import_id=import_id)


@shared_task
def sweep(**_: object) -> None:
    """Find the imports that nobody works on, and queue them; so also those whose rows are to go."""
    for import_id in services.waiting(now=timezone.now()):
        work.delay(import_id=import_id)
    for import_id in services.over(now=timezone.now()):
        forget.delay(import_id=import_id)
