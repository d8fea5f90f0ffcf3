"""The page and the extension are one tab: they say the same to whoever listens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.browser import needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


def said(page: Page, part: str) -> str:
    """Return what a screen reader finds in a part of the page; where a link leads is written from the hub on."""
    return re.sub(r"/url: \S*?(/a/\d+)", r"/url: \1", page.locator(part).aria_snapshot())


def looks(page: Page) -> dict[str, list[str]]:
    """Return how parts of the tab are set, as far as the width of a window has no say."""
    return page.evaluate(
        """parts => Object.fromEntries(parts.map((part) => {
          const set = getComputedStyle(document.querySelector(part));
          return [part, [set.listStyleType, set.fontFamily, set.fontSize, set.color, set.borderBlockEndWidth]];
        }))""",
        [".top", ".tab-greeting", ".tab-sentence", "[data-list=news] li", ".item-title", ".tab-clock", ".tab-zones li", ".tab-links li"],
    )  # fmt: skip


def test_an_eye_and_a_screen_reader_find_the_same_on_both(
    connected: Any, browse: Any, announce: Any, olga: people.Person, maya: people.Person, at: datetime
) -> None:
    announce("New badges", body="<p>Fetch yours at the desk.</p>", deadline=at + timedelta(days=2))
    announce("Travel and expenses")
    announce("The best month since 2022", ask=False)
    done = announce("Fire drill results")
    delivery.acknowledge(by=maya.id, announcement_id=done.id, version=1, now=at)
    clocks = (people.Clock("Porto", "Europe/Lisbon"), people.Clock("Manila", "Asia/Manila"))
    links = (people.Link("Handbook", "https://handbook.test/", "book-open"),)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(clocks=clocks, links=links), now=at)
    page, mayas = browse(maya), connected(maya)
    page.goto("/tab")
    expect(mayas.new_tab().get_by_text("Manila")).to_be_visible()
    tab = mayas.new_tab()
    for one in (page, tab):
        expect(one.get_by_text("1 of 3 done this week")).to_be_visible()
        expect(one.get_by_text("Manila")).to_be_visible()

    assert looks(tab) == looks(page)
    assert looks(page)["[data-list=news] li"][0] == "none"
    for part in (".tab-main", ".tab-clocks", ".tab-linked", ".tab-foot"):
        assert said(tab, part) == said(page, part)
    for words in (
        'button "Mark as read"',
        'heading "Required reading"',
        "1 of 3 done this week",
        'link "New badges"',
        "0 of 3 have confirmed",
        'text: "Unread:"',
    ):
        assert words in said(tab, ".tab-main")
    for one in (page, tab):
        one.get_by_role("link", name="New badges").click()
        expect(one.get_by_role("dialog", name="New badges").get_by_text("Fetch yours")).to_be_visible()
    assert said(tab, "#reader") == said(page, "#reader")


def test_both_greet_by_the_clock_of_the_reader_wherever_their_computer_is(
    connected: Any, browse: Any, maya: people.Person, at: datetime
) -> None:
    away = at.astimezone(ZoneInfo("Pacific/Tarawa"))  # twelve hours from the browser's: never the same part of the day
    people.update_profile(by=maya.id, changes=people.ProfileChanges(timezone="Pacific/Tarawa"), now=at)
    words = "Good morning" if away.hour < 12 else "Good afternoon" if away.hour < 18 else "Good evening"
    page, mayas = browse(maya), connected(maya)
    page.goto("/tab")
    for one in (page, mayas.new_tab()):
        expect(one.get_by_role("heading", level=1)).to_have_text(f"{words}, Maya")
    page.goto("/tab")  # from its copy
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{words}, Maya")
