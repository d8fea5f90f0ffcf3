"""What a fault does to clocks: they are set ahead and back, and the nights in which a day has an hour less or more."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall

from tests.faults import company as firm
from tests.faults.stage import Stage
from tests.faults.tree import until

HOUR = 3600
ZONE, BEGINS = "Europe/Berlin", wall(2, 30)


def step(stage: Stage) -> None:
    """Set all clocks an hour ahead, one worker's back while the other's is ahead, and then all: between mails, by a slow server."""
    third, stage.sink.dawdle = stage.company.size // 3, 15 / stage.company.size
    try:
        stage.tree.set_clocks(HOUR)
        stage.publish()
        stage.sending(third)
        stage.tree.set_clocks(0, "worker-1")
        stage.sending(third)
    finally:
        stage.tree.set_clocks(0)
        stage.sink.dawdle = 0.002


def night(month: int, begins: wall) -> Callable[[Stage], None]:
    """Work begins at half past two, which is `begins` in UTC on the last Sunday of a month, in the hour that is missing or comes twice."""

    def live_through(stage: Stage) -> None:
        morning = _last_sunday(month, begins)
        firm.work(stage.company, timezone=ZONE, starts=BEGINS)
        try:
            stage.tree.set_clocks(_ahead(morning - timedelta(minutes=10)))
            stage.publish()
            until(lambda: stage.planned() == stage.company.size, seconds=120, what="nudges that are planned")
            time.sleep(5)
            if stage.sink.mails:
                stage.wrong.append("mail went out before work began")
            stage.tree.set_clocks(_ahead(morning + timedelta(seconds=1)))
            until(stage.done, seconds=120, what="the last row")
            stage.tree.set_clocks(_ahead(morning + timedelta(hours=1, seconds=1)))
            time.sleep(5)
        finally:
            firm.work(stage.company)
            stage.tree.set_clocks(0)

    return live_through


def _ahead(moment: datetime) -> float:
    return (moment - datetime.now(UTC)).total_seconds()


def _last_sunday(month: int, at: wall) -> datetime:
    last = date(datetime.now(UTC).year + 1, month, 31)
    return datetime.combine(last - timedelta(days=(last.weekday() + 1) % 7), at, tzinfo=UTC)
