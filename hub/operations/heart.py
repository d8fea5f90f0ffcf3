"""When the queue last did what the beat asked for."""

from __future__ import annotations

from typing import Any

from celery.signals import task_postrun
from django.utils import timezone

from announcements.kernel import heart

# What each stands for: mail goes out, and what was lost is found.
BEATS: dict[str, heart.Name] = {
    "announcements.delivery.tasks.tick": "tick",
    "announcements.delivery.tasks.sweep": "sweep",
}


@task_postrun.connect
def _beat(*, task: Any, state: str | None = None, **_: object) -> None:
    name = BEATS.get(task.name)
    if name and state == "SUCCESS":
        heart.beat(name, at=timezone.now())
