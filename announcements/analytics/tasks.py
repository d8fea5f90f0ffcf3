"""The queue's edge. A task is a hint; it asks the clock, calls once, and may be lost or come twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from announcements.analytics import services


@shared_task
def tick(**_: object) -> None:
    """Fold in what was noted, and weigh what has reached everybody."""
    for workspace_id in services.noted_in():
        services.stand(workspace_id=workspace_id)


@shared_task
def forget(**_: object) -> None:
    """Forget facts about reading that workspaces keep no longer."""
    services.forget_by_age(now=timezone.now())


@shared_task
def sweep(**_: object) -> None:
    """Count what was never counted or is stale, and check some of the rest against the facts."""
    services.sweep(now=timezone.now())
