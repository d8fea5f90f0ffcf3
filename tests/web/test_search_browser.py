"""Searching and the archive in a browser: by keyboard, in both colors, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

Announce = Callable[..., publishing.Announcement]


@pytest.fixture
def told(announce: Announce, olga: people.Person, maya: people.Person, at: Any) -> publishing.Announcement:
    """Publish three; link to something; return the first."""
    link = people.Link(label="Dock plan", url="https://docks.test/")
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(links=(link,)), now=at)
    people.update_person(by=olga.id, person_id=maya.id, changes=people.PersonChanges(title="Dock lead"), now=at)
    long = (
        "<p>"
        + "Trucks go on as they did. " * 12
        + "From Monday on nobody may park at the dock, not even for a minute.</p>"
    )
    first = announce("Dock 4 closes on Monday", body=long, kind="decision")
    announce("A new colleague", body="<p>She starts at dock 2.</p>", ask=False, kind="news")
    announce("Dock hours in winter", ask=False)
    return first


def test_a_reader_searches_from_their_tab_by_keyboard(
    told: publishing.Announcement, maya: people.Person, browse: Callable[..., Page]
) -> None:
    page = browse(maya)
    page.goto("/tab")
    accessible(page)
    looked(page, "-tab")

    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("dock")
    page.keyboard.press("Enter")

    expect(page.locator(".found li")).to_have_count(3)
    expect(page.locator(".found mark").first).to_have_text("Dock")
    expect(page.locator(".found-links")).to_contain_text("Dock plan")
    expect(page.locator(".found-people")).to_contain_text("Maya")
    accessible(page)
    looked(page, "-hits")
    page.get_by_role("link", name="Dock 4 closes on Monday").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/a/{told.id}$"))


def test_results_come_while_one_types_and_arrows_walk_through_them(
    told: publishing.Announcement, maya: people.Person, browse: Callable[..., Page]
) -> None:
    page = browse(maya)
    page.goto("/tab")

    page.locator("#q").press_sequentially("dock", delay=20)

    options = page.get_by_role("option")
    expect(options).to_have_count(5)
    expect(options.nth(0)).to_contain_text("Dock plan")
    expect(options.nth(1)).to_contain_text("Maya Lindqvist")
    accessible(page)
    looked(page, "-instant")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.locator("#q").press_sequentially(" 4")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/a/{told.id}$"))


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"viewport": PHONE}], ids=["dark", "phone"])
def test_search_and_archive_are_fit_for_all(
    told: publishing.Announcement, olga: people.Person, maya: people.Person, browse: Callable[..., Page], options: Any
) -> None:
    writer = browse(olga, **options)
    writer.goto("/tab")
    accessible(writer)
    looked(writer, "-writer")
    page = browse(maya, **options)
    for path, name in (
        ("/search?q=park+dock", "-hits"),
        ("/search?q=nothing", "-none"),
        ("/search", "-empty"),
        ("/tab", "-tab"),
    ):
        page.goto(path)
        accessible(page)
        looked(page, name)
    page.goto("/archive")
    expect(page.locator(".found li")).to_have_count(3)
    accessible(page)


def test_the_archive_is_narrowed_without_a_script(
    told: publishing.Announcement, maya: people.Person, browse: Callable[..., Page]
) -> None:
    page = browse(maya, java_script_enabled=False)
    page.goto("/archive")

    page.get_by_label("Kind").select_option("decision")
    page.get_by_role("button", name="Show").click()

    expect(page.locator(".found li")).to_have_count(1)
    expect(page.get_by_role("link", name="Dock 4 closes on Monday")).to_be_visible()
    page.goto("/search?q=%00&cursor=zzz")
    expect(page.locator("h1")).to_have_text("Search")
