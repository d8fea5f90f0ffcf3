"""One's own settings in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.analytics import services as analytics
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.pictures import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
Browse = Callable[..., Page]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
ADDRESSES = ["/settings", "/settings/channels", "/settings/stored"]


@pytest.fixture
def described(
    maya: people.Person,
    ines: people.Person,
    announce: Callable[..., publishing.Announcement],
    now: datetime,
    at: datetime,
) -> people.Person:
    """Let Maya say something of herself, and Ines look at who has yet to confirm."""
    item = announce("Dock 4 closes on Monday")
    analytics.missing(by=ines.id, announcement_id=item.id, now=at)
    said = people.ProfileChanges(
        title="Route planner", pronouns="she/her", about="Plans the routes between Porto and Rotterdam.",
        away=((date(2026, 12, 21), date(2027, 1, 3)),),
    )  # fmt: skip
    people.update_profile(by=maya.id, changes=said, now=now)
    return people.set_picture(by=maya.id, content=picture((200, 120)), now=now)


def test_every_page_is_accessible_and_fits(browse: Browse, described: people.Person) -> None:
    for way in SCHEMES:
        page = browse(described, **way)
        for address in ADDRESSES:
            page.goto(address)
            page.evaluate("document.fonts.ready")
            looked(page, f"{address}-{'phone' if 'viewport' in way else way['color_scheme']}")
            accessible(page)
        page.goto("about:blank")


def test_a_profile_is_changed_by_keyboard_with_the_zone_that_the_browser_knows(
    browse: Browse, described: people.Person
) -> None:
    page = browse(described, timezone_id="Asia/Manila")
    page.goto("/settings")
    expect(page.get_by_text("Your browser says Asia/Manila.")).to_be_visible()
    page.get_by_role("button", name="Use it").press("Enter")
    expect(page.get_by_text("Your browser says")).to_be_hidden()
    page.get_by_role("button", name="Remove: 2026-12-21").press("Enter")
    expect(page.get_by_text("2026-12-21 removed")).to_be_attached()
    page.get_by_role("button", name="Add days away").press("Enter")
    page.get_by_label("First day").fill("2027-02-01")
    page.get_by_label("Last day").fill("2027-02-05")
    page.get_by_role("button", name="Save the profile").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    saved = people.person(person_id=described.id)
    assert saved.timezone == "Asia/Manila"
    assert saved.working_time.away == ((date(2027, 2, 1), date(2027, 2, 5)),)
