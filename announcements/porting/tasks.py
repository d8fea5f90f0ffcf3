"""The queue's edge. A task is a hint with ids; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from announcements.porting import services


@shared_task
def make(*, export_id: int, **_: object) -> None:
    """Put an export together."""
    services.make(export_id=export_id, clock=timezone.now)


@shared_task
def work(*, import_id: int, **_: object) -> None:
    """Do an import's next batch, and queue the one after it."""
    if services.work(import_id=import_id, now=timezone.now()):
        work.delay(import_id=import_id)


@shared_task
def sweep(**_: object) -> None:
    """Find the exports and imports that nobody works on, and queue them; remove the files whose days are over."""
    for export_id in services.waiting(now=timezone.now()):
        make.delay(export_id=export_id)
    for import_id in services.imports_waiting(now=timezone.now()):
        work.delay(import_id=import_id)
    services.remove_old(now=timezone.now())
    services.remove_old_imports(now=timezone.now())
