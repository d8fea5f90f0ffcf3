"""A notice of Ines's to Operations that asks to be confirmed, and a real mail server to nudge through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from announcements.delivery import _kept
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.postbox import Postbox

Announce = Callable[..., publishing.Announcement]


@pytest.fixture
def announce(ines: people.Person, operations: people.Group, now: datetime) -> Announce:
    """Return what publishes to Operations; with `at` another time, with `fan_out=False` to nobody yet."""

    def publish(
        title: str = "Dock 4 closes", *, at: datetime = now, fan_out: bool = True, **said: Any
    ) -> publishing.Announcement:
        draft = publishing.Draft(
            title=title,
            **{"summary": "Use dock 6.", "body": "<p>From Monday on.</p>"}
            | {"audience": people.Audience(group_ids=(operations.id,)), "ask_acknowledge": True}
            | said,
        )
        made = publishing.create(by=ines.id, draft=draft, now=at)
        published = publishing.publish(announcement_id=made.id, by=ines.id, now=at)
        if fan_out:
            delivery.fan_out(announcement_id=made.id, now=at)
        return published

    return publish


@pytest.fixture
def notice(announce: Announce) -> publishing.Announcement:
    return announce()


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with Postbox() as server:
        yield server


@pytest.fixture
def postbox(server: Postbox, settings: Any) -> Iterator[Postbox]:
    """Return the mail server, empty, with the product pointed at it."""
    server.empty()
    settings.SMTP = {"host": "127.0.0.1", "port": server.port, "user": "", "password": "", "tls": ""}
    settings.SMTP_TIMEOUT = 5
    yield server


@pytest.fixture
def tick() -> Callable[[datetime], int]:
    """Return what sends all that is due at an instant, while the clock stands still."""
    return lambda at: delivery.tick(now=at, clock=lambda: at)


@pytest.fixture
def without_redis(settings: Any) -> Any:
    """Return a function that takes Redis away from delivery, and one that brings it back."""
    here = settings.REDIS_URL

    def use(url: str) -> None:
        settings.REDIS_URL = url
        _kept.store.cache_clear()

    yield (lambda: use("unix:///nowhere/socket")), (lambda: use(here))
    use(here)
