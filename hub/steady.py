"""How the beat tells the time: a clock that is set back must not silence it, nor one that was ahead before it began."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry

BEGAN = datetime.now(UTC) - timedelta(seconds=time.monotonic())


def now() -> datetime:
    """Return when this process began by the clock, and what has passed since, whatever the clock was set to meanwhile."""
    return BEGAN + timedelta(seconds=time.monotonic())


class Entry(ScheduleEntry):
    """What is asked for over and over. What was noted by a clock that was ahead counts as noted now."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.schedule.nowfun = now  # type: ignore[union-attr]  # there is one by now
        self.last_run_at = min(self.last_run_at or now(), now())


class Scheduler(PersistentScheduler):
    """Celery's, which keeps what it asked for last in a file, by that clock."""

    Entry = Entry

    def merge_inplace(self, b: Any) -> None:
        """Take in what is to be asked for. What another scheduler noted in the file goes by our clock from here on."""
        super().merge_inplace(b)
        self.schedule.update({name: Entry(**vars(entry)) for name, entry in self.schedule.items()})
