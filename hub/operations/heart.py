"""When the queue last did what the beat asked for. Kept in Redis: without Redis no queue runs."""

from __future__ import annotations

import time
from typing import Any

from celery.signals import task_postrun
from django.core.cache import cache

# What each stands for: mail goes out, and what was lost is found.
BEATS = {"tick": "announcements.delivery.tasks.tick", "sweep": "announcements.delivery.tasks.sweep"}
DAY = 86_400
_names = {task: name for name, task in BEATS.items()}


@task_postrun.connect
def _beat(*, task: Any, state: str | None = None, **_: object) -> None:
    name = _names.get(task.name)
    if name and state == "SUCCESS":
        cache.set(f"heart.{name}", time.time(), DAY)


def ages() -> dict[str, float | None]:
    """Return how many seconds ago each beat was done; None when that was more than a day ago, or Redis is away."""
    kept = {name: cache.get(f"heart.{name}") for name in BEATS}
    return {name: None if at is None else max(0.0, time.time() - at) for name, at in kept.items()}
