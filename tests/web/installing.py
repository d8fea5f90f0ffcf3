"""What tests of the installed tab share: a wire that can be cut, and the tab opened until it would be there without a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.extension.wire import Wire
from tests.web.conftest import signed_in

# What Chromium says of a server that is away.
AWAY = ["ERR_", "Failed to load resource"]


@pytest.fixture
def wire(live_server: Any) -> Any:
    wire = Wire(live_server.thread.host, live_server.thread.port)
    yield wire
    wire.close()


@pytest.fixture
def installed(browse: Callable[..., Page], wire: Wire, settings: Any) -> Callable[..., Page]:
    """Return a function that opens the tab as somebody, until it would be there without a network."""
    settings.CSRF_TRUSTED_ORIGINS = [wire.url]

    def open_as(person: people.Person, **options: Any) -> Page:
        page = browse(**options)
        page.expected = AWAY  # type: ignore[attr-defined]
        sign_in(page, wire, person)
        opened_first(page, wire)
        return page

    return open_as


def opened_first(page: Page, wire: Wire) -> None:
    """Open the tab until it would be there without a network."""
    page.goto(f"{wire.url}/tab")
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, "Object.keys(localStorage).some(name => name.startsWith('mantel.texts.'))")


def until(page: Page, holds: str) -> None:
    """Wait until an expression holds. The page's own policy forbids Playwright's way of asking."""
    for _try in range(100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise AssertionError(holds)


def opened_again(page: Page, wire: Wire) -> None:
    """Open the tab once more, as a browser does that shows it in a new tab, until its copy is there for the next time."""
    page.goto(f"{wire.url}/tab")
    until(page, "caches.open('mantel-tab').then(kept => kept.match('/tab', { ignoreVary: true })).then(Boolean)")


def sign_in(page: Page, wire: Wire, person: people.Person, **more: Any) -> None:
    cookie = signed_in(person).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": wire.url, **more}])  # type: ignore[typeddict-item]


def way(item: Any, person: people.Person) -> str:
    facts = delivery.facts(announcement_id=item.id)
    return next(one.acknowledged_via for one in facts if one.recipient_id == person.id)
