"""What delivery does at news from below: write a row, queue a hint, make kept feeds invalid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from announcements.delivery import events, services, tasks
from announcements.kernel.queueing import enqueue
from announcements.people import events as people_events
from announcements.publishing import events as publishing_events


@receiver(publishing_events.announcement_published)
def reach_the_audience(*, announcement_id: int, workspace_id: int, at: datetime, **_: Any) -> None:
    """Note that it has to go out, in the transaction that publishes it."""
    services.announce(announcement_id=announcement_id, workspace_id=workspace_id, at=at)
    enqueue(tasks.fan_out, announcement_id=announcement_id)


@receiver(publishing_events.announcement_refused)
def tell_that_it_did_not_go_out(*, announcement_id: int, person_ids: list[int], at: datetime, **_: Any) -> None:
    """Write to whoever counts on it having gone out, in the transaction that keeps it back."""
    services.tell_refused(announcement_id=announcement_id, person_ids=person_ids, now=at)


@receiver(publishing_events.announcement_brought_in)
def keep_it_quiet(*, announcement_id: int, workspace_id: int, at: datetime, **_: Any) -> None:
    """Note that it has reached whom it will ever reach."""
    services.brought_in(announcement_id=announcement_id, workspace_id=workspace_id, at=at)


@receiver(publishing_events.announcements_taken_back)
def forget_it(*, announcement_ids: list[int], **_: Any) -> None:
    """Leave nothing of what is gone."""
    services.taken_back(announcement_ids=announcement_ids)


@receiver(publishing_events.announcement_corrected)
def tell_of_the_correction(*, announcement_id: int, workspace_id: int, number: int, change: str, **_: Any) -> None:
    """Ask again after a material change; show the new words everywhere."""
    services.corrected(
        announcement_id=announcement_id, workspace_id=workspace_id, number=number, material=change == "material"
    )


@receiver(publishing_events.announcement_withdrawn)
@receiver(publishing_events.announcement_arranged)
def show_it_where_it_belongs(*, workspace_id: int, **_: Any) -> None:
    """Make the feeds anew; the nudges of what left them find out when they are looked at again."""
    services.feeds_changed(workspace_id=workspace_id)


@receiver(people_events.standing_changed)
def look_standing_up_again(*, person_ids: list[int], **_: Any) -> None:
    """Forget what was kept about these people's rights."""
    services.standing_changed(person_ids=person_ids)


@receiver(events.letter_posted)
def send_the_letter(*, letter_id: int, **_: Any) -> None:
    """Queue it: nobody's answer waits for a mail server."""
    enqueue(tasks.send_letter, letter_id=letter_id)


@receiver(events.test_asked)
def send_the_test(**_: Any) -> None:
    """Look at once for what is due: somebody waits for it."""
    enqueue(tasks.tick)


@receiver(events.links_unseen)
def look_at_the_links(*, announcement_id: int, **_: Any) -> None:
    """Queue it: nobody's answer waits for other people's servers."""
    enqueue(tasks.look_at_links, announcement_id=announcement_id)


@receiver(people_events.names_changed)
def show_the_new_names(*, workspace_id: int, **_: Any) -> None:
    """Show authors and groups by what they are called now."""
    services.feeds_changed(workspace_id=workspace_id)


@receiver(people_events.person_erased)
def name_them_no_more(*, workspace_id: int, person_id: int, address: str, **_: Any) -> None:
    """Drop what names somebody who was erased, in the transaction that erases them."""
    services.erase(workspace_id=workspace_id, person_id=person_id, address=address)
