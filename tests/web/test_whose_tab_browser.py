"""A tab that stays open while its browser becomes somebody else's, or its person's once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.browser import needs_chromium
from tests.journeys.people import until as eventually
from tests.web.conftest import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


def test_it_becomes_the_tab_of_who_is_signed_in_now(
    browse: Callable[..., Page], announce: Any, live_server: Any, maya: people.Person, joao: people.Person
) -> None:
    announce("New badges")
    page = browse(joao)
    page.goto("/tab")
    expect(page.get_by_role("heading", name="Joao")).to_be_visible()
    cookie = signed_in(maya).cookies[settings.SESSION_COOKIE_NAME]

    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    expect(page.get_by_role("heading", name="Maya")).to_be_visible(timeout=20_000)


def test_what_is_pressed_after_its_person_signed_in_once_more_reaches_the_hub(
    browse: Callable[..., Page], announce: Any, live_server: Any, maya: people.Person
) -> None:
    item = announce("New badges")
    page = browse(maya)
    page.expected = ["403"]  # type: ignore[attr-defined]  # asked with the token of before
    page.goto("/tab")
    again = signed_in(maya)
    again.get("/announcements")
    page.context.add_cookies(
        [{"name": one.key, "value": one.value, "url": live_server.url} for one in again.cookies.values()]
    )

    page.get_by_role("button", name="Mark as read").first.click()

    eventually(lambda: confirmed(item, maya), seconds=20, what="the confirmation")


def test_it_keeps_nothing_on_the_screen_of_who_signed_out_elsewhere(
    browse: Callable[..., Page], announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = browse(maya)
    page.expected = ["401"]  # type: ignore[attr-defined]
    page.goto("/tab")
    expect(page.get_by_text("New badges").first).to_be_visible()

    page.context.clear_cookies()

    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("New badges")).to_have_count(0)


def confirmed(item: Any, person: people.Person) -> bool:
    facts = delivery.facts(announcement_id=item.id)
    return any(one.acknowledged_at for one in facts if one.recipient_id == person.id)
