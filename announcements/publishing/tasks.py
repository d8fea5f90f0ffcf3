"""The queue's edge: what is scheduled goes out, what was discarded goes away."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from announcements.publishing import services


@shared_task
def go_out(*, announcement_id: int, **_: object) -> None:
    """Publish an announcement whose time has come."""
    services.go_out(announcement_id=announcement_id, now=timezone.now())


@shared_task
def tick(**_: object) -> None:
    """Queue each announcement whose time has come, so that none holds up another."""
    for announcement_id in services.due(now=timezone.now()):
        go_out.delay(announcement_id=announcement_id)


@shared_task
def sweep(**_: object) -> None:
    """Delete the drafts that nobody fetched back."""
    services.empty_bin(now=timezone.now())
