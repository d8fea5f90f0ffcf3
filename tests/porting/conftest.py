"""What Northwind has said: everything an announcement can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.media import services as media
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.publishing import services as publishing
from tests.api.conftest import Api, api, holding, key  # noqa: F401  fixtures
from tests.media.conftest import image, ready, showing, storage  # noqa: F401  fixtures
from tests.publishing.conftest import adam, draft, hugo, notice, to_operations  # noqa: F401  fixtures

RICH = (
    "<h2>Now</h2><aside><p>Mind the <strong>gap</strong>.</p></aside>"
    "<table><thead><tr><th>Dock</th></tr></thead><tbody><tr><td>6</td></tr></tbody></table>"
)


@pytest.fixture
def corrected(notice: publishing.Announcement, ines: people.Person, image: media.Image, now: datetime) -> int:  # noqa: F811
    """Return the id of Ines's announcement, of which a second version shows an image."""
    said = publishing.Draft(body=RICH + f'<img src="{image.src}" alt="Dock 6">')
    publishing.correct(announcement_id=notice.id, by=ines.id, draft=said, change="material", now=now)
    return notice.id


@pytest.fixture
def withdrawn(olga: people.Person, ines: people.Person, now: datetime) -> int:
    """Return the id of what Olga said to everyone but Ines, and took back."""
    audience = people.Audience(
        everyone=True,
        attributes=(people.Attribute("location", "Porto"),),
        except_=people.Except(person_ids=(ines.id,)),
    )
    said = publishing.Draft(
        title="Café: ¿open?", body="<p>Ouí.</p>", audience=audience, expires_at=now + timedelta(days=2)
    )
    made = publishing.create(by=olga.id, draft=said, now=now)
    publishing.publish(announcement_id=made.id, by=olga.id, now=now)
    publishing.withdraw(announcement_id=made.id, by=olga.id, reason="Wrong day.", now=now + timedelta(hours=1))
    return made.id


@pytest.fixture
def make(olga: people.Person, now: datetime) -> Callable[[], porting.Export]:
    """Return a function that has Olga's export put together, as the worker does."""

    def put_together() -> porting.Export:
        asked = porting.ask(by=olga.id, now=now)
        assert porting.make(export_id=asked.id, clock=lambda: now)
        return porting.get(by=olga.id, export_id=asked.id)

    return put_together
