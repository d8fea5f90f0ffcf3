"""When the queue last did what the beat asked for."""

from __future__ import annotations

from typing import Any

from celery.signals import task_postrun
from django.utils import timezone

from announcements.kernel import heart

# What each stands for: mail goes out, and what was lost is found.
BEATS = {"tick": "announcements.delivery.tasks.tick", "sweep": "announcements.delivery.tasks.sweep"}
_names = {task: name for name, task in BEATS.items()}


@task_postrun.connect
def _beat(*, task: Any, state: str | None = None, **_: object) -> None:
    name = _names.get(task.name)
    if name and state == "SUCCESS":
        heart.beat(name, at=timezone.now())


def ages() -> dict[str, float | None]:
    """Return how many seconds ago each beat was done; None when it never was, or Redis is away."""
    now = timezone.now()
    last = {name: heart.last(name) for name in BEATS}
    return {name: None if at is None else max(0.0, (now - at).total_seconds()) for name, at in last.items()}
