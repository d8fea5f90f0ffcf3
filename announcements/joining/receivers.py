"""What joining does at news: queue a hint at its own, write down whom an import asks in at roster's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from announcements.joining import events, services, tasks
from announcements.kernel.queueing import enqueue
from announcements.people import events as people_events
from announcements.roster import events as roster_events


@receiver(events.letters_written)
def post_them(**_: Any) -> None:
    """Send them soon; the tick would find them too."""
    enqueue(tasks.post)


@receiver(roster_events.invitations_wanted)
def ask_them_in(*, by: int, import_id: int, person_ids: Collection[int], at: datetime, **_: Any) -> None:
    """Ask in whom an import has added, in its own transaction: either both are written or neither."""
    services.invite_people(by=by, person_ids=person_ids, through=f"import:{import_id}", now=at)


@receiver(roster_events.people_leaving)
def take_it_back(*, by: int, person_ids: Collection[int], at: datetime, **_: Any) -> None:
    """Take back the invitations of whom the undoing of an import takes back."""
    services.revoke_people(by=by, person_ids=person_ids, now=at)


@receiver(people_events.person_erased)
def name_them_no_more(*, workspace_id: int, person_id: int, address: str, placeholder: str, **_: Any) -> None:
    """Drop what names somebody who was erased, in the transaction that erases them."""
    services.erase(workspace_id=workspace_id, person_id=person_id, address=address, placeholder=placeholder)
