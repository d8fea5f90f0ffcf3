"""What people does at its own news: groups that rules fill follow whoever changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from announcements.kernel.queueing import enqueue
from announcements.people import events, services, tasks


@receiver(events.standing_changed)
def follow_the_rules(*, person_ids: list[int], at: datetime, by_rule: bool = False, **_: Any) -> None:
    """Start and end memberships by rule, in the transaction that changed the people."""
    if not by_rule:
        services.follow(person_ids=person_ids, now=at)


@receiver(events.rule_due)
def fill_later(*, group_id: int, **_: Any) -> None:
    """Fill a group once the transaction has committed."""
    enqueue(tasks.fill, group_id=group_id)
