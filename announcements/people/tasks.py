"""The queue's edge. A task is a hint with ids; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from announcements.people import services


@shared_task
def fill(*, group_id: int, **_: object) -> None:
    """Fill a group by its rule."""
    services.fill_group(group_id=group_id, now=timezone.now())


@shared_task
def sweep(**_: object) -> None:
    """Find the rules that are due, and queue them; forget the sign-ups that nobody proved."""
    services.forget_sign_ups(now=timezone.now())
    for group_id in services.groups_to_fill(now=timezone.now()):
        fill.delay(group_id=group_id)
