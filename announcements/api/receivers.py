"""What the API does at news from below: forget what it kept about who may come in."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from announcements.api import sessions
from announcements.people import events as people_events


@receiver(people_events.second_factor_asked)
def look_at_their_sessions_again(*, person_ids: list[int], **_: Any) -> None:
    """Check everybody's session in full at their next request, once the requirement stands."""
    transaction.on_commit(partial(sessions.forget_all, person_ids), robust=True)
