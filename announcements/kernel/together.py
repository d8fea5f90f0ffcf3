"""What several threads of a process ask for at the same time is done in one go, by one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from django.db import transaction

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class _Job(Generic[Asked, Done]):
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.taken = False
        self.done: Done | None = None


class Together(Generic[Asked, Done]):
    """Work that is dear to begin and cheap to do more of: it takes many things at once, and answers each in its place.

    Nobody waits for company: who comes alone is served alone, and who comes meanwhile is served next, all at once. Where it fails
    for several, each is done by itself, so that an error is only whose it is; and so is who has waited for `patience` seconds for
    those before, who may wait for a row that others hold. Inside a transaction each is done in that one.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Done]], patience: float = 0.5) -> None:
        self._work, self.patience = work, patience
        self._waiting: list[_Job[Asked, Done]] = []
        self._door, self._turn = threading.Lock(), threading.Lock()

    def __call__(self, asked: Asked) -> Done:
        """Return what became of it, once it is done; raise what it raises."""
        if transaction.get_connection().in_atomic_block:
            return self._work([asked])[0]
        job = _Job[Asked, Done](asked)
        with self._door:
            self._waiting.append(job)
        if self._turn.acquire(timeout=self.patience):
            try:
                if not job.taken:
                    self._do()
            finally:
                self._turn.release()
        elif self._taken(job):
            with self._turn:  # it is being done
                pass
        return self._work([asked])[0] if job.done is None else job.done

    def _taken(self, job: _Job[Asked, Done]) -> bool:
        """Tell whether somebody does it already; else it is withdrawn, to be done by whose it is."""
        with self._door:
            if not job.taken:
                self._waiting.remove(job)
            return job.taken

    def _do(self) -> None:
        """Do all that waits. What fails together is left undone."""
        with self._door:
            jobs, self._waiting = self._waiting, []
            for job in jobs:
                job.taken = True
        try:
            outcomes = self._work([job.asked for job in jobs])
        except Exception:  # whose it is comes out when each is done by itself
            if len(jobs) == 1:
                raise
            return
        for job, done in zip(jobs, outcomes, strict=True):
            job.done = done
