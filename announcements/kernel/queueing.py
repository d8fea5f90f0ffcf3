"""One way to put a task on the queue."""

from __future__ import annotations

from collections.abc import Callable
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

    def hint() -> None:
        task.delay(**ids)

    # Not a partial: Django names the function when it logs that it failed, and a partial has no name.
    transaction.on_commit(hint, robust=True)
