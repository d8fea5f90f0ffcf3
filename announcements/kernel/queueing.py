"""One way to put a task on the queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from django.db import transaction


class Task(Protocol):
    """Anything with Celery's `delay`."""

    @property
    def delay(self) -> Callable[..., object]:
        """Put it on the queue with these ids."""


def enqueue(task: Task, **ids: int) -> None:
    """Queue `task` with ids once the surrounding transaction has committed.

    The task is a hint, the row is the truth: a broker that is down must not turn a saved change into an error,
    so a failure to queue is logged by Django and the sweep finds the row.
    """
    transaction.on_commit(partial(task.delay, **ids), robust=True)
