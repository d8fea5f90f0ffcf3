"""What workspaces ask not to be kept for ever: sums first, then the single facts go."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from announcements.analytics import _rebuilding
from announcements.delivery import services as delivery
from announcements.people import services as people

AT_ONCE = 50
log = logging.getLogger(__name__)


def forget_by_age(*, now: datetime) -> int:
    """Forget facts about reading that are older than their workspace keeps them; return of how many deliveries.

    Each batch is done or not done by itself: whoever comes next, after a worker was killed or at the same time, goes on.
    """
    return sum(
        _forget(workspace_id, now - timedelta(days=days), now) for workspace_id, days in people.retentions().items()
    )


def _forget(workspace_id: int, before: datetime, now: datetime) -> int:
    forgotten = last = 0
    while ids := delivery.to_forget(workspace_id=workspace_id, before=before, after=last, limit=AT_ONCE):
        forgotten += sum(_forget_one(id, before, now) for id in ids)
        last = ids[-1]
    return forgotten


def _forget_one(announcement_id: int, before: datetime, now: datetime) -> int:
    try:
        _rebuilding.close(announcement_id=announcement_id, now=now)
    except _rebuilding.Restless:
        log.warning(
            "The numbers of announcement %d do not stand still; its facts are forgotten later.", announcement_id
        )
        return 0
    forgotten = 0
    while some := delivery.forget_facts(announcement_id=announcement_id, before=before, now=now):
        forgotten += some
    return forgotten
