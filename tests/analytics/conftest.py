"""One announcement to Operations whose numbers are known by heart.

Ines manages Operations and writes to it; she, Maya and Joao are in it. Maya confirms, Joao only meets it on his tab.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing

Does = Callable[..., None]


def publish(
    *, by: people.Person, audience: people.Audience, now: datetime, ask: bool = True, title: str = "Dock 4 closes"
) -> publishing.Announcement:
    """Publish and fan out."""
    draft = publishing.Draft(
        title=title, summary="Use dock 6.", body="<p>From Monday on.</p>", audience=audience, ask_acknowledge=ask
    )
    made = publishing.create(by=by.id, draft=draft, now=now)
    published = publishing.publish(announcement_id=made.id, by=by.id, now=now)
    delivery.fan_out(announcement_id=made.id, now=now)
    return published


@pytest.fixture
def does(now: datetime) -> Does:
    """Return what records a fact about somebody, some minutes after publishing."""

    def record(
        person: people.Person,
        fact: delivery.Fact,
        about: publishing.Announcement,
        *,
        minutes: int = 10,
        channel: delivery.Channel = "tab",
    ) -> None:
        at = now + timedelta(minutes=minutes)
        receipt = delivery.Receipt(
            client_id=f"{person.id}-{about.id}-{fact}",
            announcement_id=about.id,
            fact=fact,
            at=at,
            channel=channel,
            version=about.version,
        )
        delivery.record(by=person.id, receipts=[receipt], now=at)

    return record


@pytest.fixture
def notice(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    return publish(by=ines, audience=people.Audience(group_ids=(operations.id,)), now=now)


@pytest.fixture
def landed(
    notice: publishing.Announcement, maya: people.Person, joao: people.Person, does: Does
) -> publishing.Announcement:
    does(maya, "acknowledged", notice)
    does(joao, "displayed", notice, minutes=30)
    return notice
