"""Pages as their readers meet them: HTML by Django's client, and a real Chromium on a live server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import watched

# What a browser sends with a form whose button somebody pressed.
PRESSED = {"User-Agent": "Mozilla/5.0 Chrome/126.0", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1"}


def signed_in(person: people.Person) -> Client:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=person.id))
    return browser


def text(response: Any) -> str:
    """Return what a reader sees of a page's main part, on one line."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.S)
    assert main, response.content
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


@pytest.fixture
def at() -> datetime:
    """Return the real time: pages compare with it."""
    return datetime.now(UTC)


@pytest.fixture
def announce(ines: people.Person, operations: people.Group, at: datetime) -> Callable[..., publishing.Announcement]:
    """Return a function that publishes to Operations as Ines, and reaches them."""

    def publish(title: str = "New badges", *, body: str = "<p>Fetch yours.</p>", ask: bool = True, **more: Any) -> Any:
        draft = publishing.Draft(
            title=title, summary="At the desk.", body=body, ask_acknowledge=ask,
            audience=people.Audience(group_ids=(operations.id,)), **more,
        )  # fmt: skip
        item = publishing.create(by=ines.id, draft=draft, now=at)
        item = publishing.publish(announcement_id=item.id, by=ines.id, now=at)
        delivery.fan_out(announcement_id=item.id, now=at)
        return item

    return publish


@pytest.fixture
def browse(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a signed-in Chromium; nothing may go wrong in it."""
    with ExitStack() as stack:

        def open_as(person: people.Person | None = None, **options: Any) -> Page:
            page: Page = stack.enter_context(watched(chromium, base_url=live_server.url, **options))
            if person:
                cookie = signed_in(person).cookies[settings.SESSION_COOKIE_NAME]
                named = {"name": cookie.key, "value": cookie.value, "url": live_server.url}
                page.context.add_cookies([named])  # type: ignore[list-item]  # a SetCookieParam
            return page

        yield open_as
