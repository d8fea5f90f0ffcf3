"""Ines's draft with an image, and callers of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.kernel import text
from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.api.conftest import Api, api, holding, key, nobody  # noqa: F401  fixtures
from tests.pictures import picture
from tests.publishing.conftest import adam, draft, hugo, to_operations  # noqa: F401  fixtures


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Return the folder in which this test's files lie."""
    stored = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": stored}
    yield tmp_path


@pytest.fixture
def image(operations: people.Group, ines: people.Person, now: datetime) -> media.Image:
    """Return an image of Ines's that no text shows yet."""
    return ready(media.upload(by=ines.id, content=picture((1500, 1000), "JPEG"), now=now), now)


def ready(image: media.Image, now: datetime) -> media.Image:
    media.make(image_id=image.id, now=now)
    return media.get(key=image.key)


def showing(*images: media.Image) -> publishing.Draft:
    return publishing.Draft(body="<p>Look.</p>" + "".join(f'<img src="{one.src}" alt="Dock 4">' for one in images))


@pytest.fixture
def shown(draft: publishing.Announcement, ines: people.Person, image: media.Image, now: datetime) -> int:  # noqa: F811
    """Return the id of Ines's draft to Operations, which shows the image."""
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=showing(image), now=now)
    assert text.image_keys(publishing.get(announcement_id=draft.id).body) == {image.key}
    return draft.id


@pytest.fixture
def out(shown: int, ines: people.Person, now: datetime) -> int:
    """Return the id of the announcement once it has reached its audience."""
    publishing.publish(announcement_id=shown, by=ines.id, now=now)
    delivery.fan_out(announcement_id=shown, now=now)
    return shown


Sees = Callable[[people.Person], int]


@pytest.fixture
def sees(api: Callable[[people.Person], Api], image: media.Image) -> Sees:  # noqa: F811
    """Return a function that tells with which status somebody is answered when they ask for the image."""
    return lambda person: int(api(person).browser.get(image.src).status_code)
