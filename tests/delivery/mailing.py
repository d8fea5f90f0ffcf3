"""What delivery's tests of mail share: a real mail server, an announcement that asks to be confirmed, and the tick."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from hub import env
from tests.journeys.sink import Sink

HOUR = timedelta(hours=1)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """Return a mail server; the product is told to use it."""
    with Sink() as server:
        settings.SMTP = env.smtp(server.url)
        yield server


def publish(
    by: people.Person, group: people.Group, now: datetime, *, title: str = "Dock 4 closes", **draft: Any
) -> publishing.Announcement:
    """Publish to a group, asking to confirm, with one nudge after an hour."""
    said = {"summary": "Use dock 6.", "body": "<p>From Monday on.</p>", "ask_acknowledge": True, "nudge_hours": (1.0,)}
    audience = people.Audience(group_ids=(group.id,))
    given = publishing.Draft(title=title, audience=audience, **said | draft)
    made = publishing.create(by=by.id, draft=given, now=now)
    return publishing.publish(announcement_id=made.id, by=by.id, now=now)


def reach(
    by: people.Person, group: people.Group, now: datetime, *, title: str = "Dock 4 closes", **draft: Any
) -> publishing.Announcement:
    """Publish and fan out."""
    said = publish(by, group, now, title=title, **draft)
    delivery.fan_out(announcement_id=said.id, now=now)
    return said


def tick(now: datetime) -> int:
    """Send what is due at a moment that stands still."""
    return delivery.tick(now=now, clock=lambda: now)


def step(by: people.Person, said: publishing.Announcement, now: datetime, number: int = 1) -> delivery.NudgeStep:
    """Return what became of a step of nudging."""
    return next(s for s in delivery.nudge_plan(by=by.id, announcement_id=said.id, now=now) if s.step == number)
