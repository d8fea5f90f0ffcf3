"""What the beat asks for, over and over, and the queues all tasks go by. It is only a tick: what is to be done when stands in rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kombu import Queue

QUEUES = [Queue(name) for name in ("celery", "mail", "fan-out", "images", "analytics")]
ROUTES = {
    "announcements.delivery.tasks.tick": {"queue": "mail"},
    "announcements.delivery.tasks.fan_out": {"queue": "fan-out"},
    "announcements.media.tasks.*": {"queue": "images"},
    "announcements.analytics.tasks.*": {"queue": "analytics"},
}
FORGET_SECONDS = 3600.0
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def schedule(tick: float, sweep: float) -> dict[str, dict[str, Any]]:
    """Return Celery's schedule for a tick and a sweep of so many seconds."""
    tasks = (
        ("tick", "delivery.tasks.tick", tick),
        ("going-out", "publishing.tasks.tick", tick),
        ("discarded", "publishing.tasks.sweep", sweep),
        ("sweep", "delivery.tasks.sweep", sweep),
        ("returns", "delivery.tasks.fetch_returns", sweep),
        ("sweep-people", "people.tasks.sweep", sweep),
        ("sweep-images", "media.tasks.sweep", sweep),
        ("sweep-imports", "roster.tasks.sweep", sweep),
        ("sweep-porting", "porting.tasks.sweep", sweep),
        ("letters", "joining.tasks.sweep", sweep),
        ("fold", "analytics.tasks.tick", tick),
        ("sweep-analytics", "analytics.tasks.sweep", sweep),
        ("forget", "analytics.tasks.forget", FORGET_SECONDS),
    )
    # What nobody took before the next one comes is not needed any more. A beat that is new asks for everything at once: one that is
    # started over within the hour, and keeps nothing, would never ask for what comes once an hour.
    return {
        name: {"task": f"announcements.{task}", "schedule": every, "options": {"expires": every}, "last_run_at": NEVER}
        for name, task, every in tasks
    }
