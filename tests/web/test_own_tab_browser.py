"""The tab as a page: read in place, worked by keys, and what a person switches off for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.media import services as media
from announcements.people import services as people
from tests.browser import accessible, looked, needs_chromium
from tests.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
LINKS = (people.Link("Handbook", "https://handbook.test/"), people.Link("Travel", "https://travel.test/"))


@pytest.fixture
def tab(browse: Any, announce: Any, olga: people.Person, at: datetime) -> Any:
    """Return a function that opens the tab as somebody of a company with two links."""
    announce("New badges", body="<p>Fetch yours at the desk.</p>")
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(links=LINKS), now=at)

    def open_as(person: people.Person) -> Page:
        page: Page = browse(person)
        page.context.route("https://*.test/**", lambda route: route.fulfill(body="There"))
        page.goto("/tab")
        return page

    return open_as


def test_an_announcement_is_read_in_place(tab: Any, maya: people.Person) -> None:
    page = tab(maya)
    page.get_by_role("link", name="New badges").click()

    reader = page.get_by_role("dialog", name="New badges")
    expect(reader.get_by_text("Fetch yours at the desk.")).to_be_visible()
    accessible(page)
    looked(page, "-reader")
    page.keyboard.press("m")
    expect(page.get_by_text("You’re aligned.")).to_be_visible()
    assert page.url.endswith("/tab")


def test_a_picture_is_seen_in_place(
    browse: Any, announce: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    image = media.upload(by=ines.id, content=picture((300, 200)), now=at)
    media.make(image_id=image.id, now=at)
    announce("Fire drill", body=f'<p>Look.</p><img src="{image.src}" width="300" height="200" alt="Plan">')
    page = browse(maya)
    page.goto("/tab")

    page.get_by_role("link", name="Fire drill").click()

    expect(page.get_by_role("dialog").get_by_alt_text("Plan")).to_have_js_property("naturalWidth", 300)


def test_a_number_opens_a_link_and_is_left_alone_where_there_is_none(tab: Any, maya: people.Person) -> None:
    page = tab(maya)
    expect(page.get_by_role("link", name="Travel")).to_be_visible()

    page.keyboard.press("3")
    page.get_by_role("combobox").press_sequentially("2")
    expect(page.get_by_role("combobox")).to_have_value("2")
    page.get_by_role("combobox").blur()
    page.keyboard.press("2")

    page.wait_for_url("https://travel.test/")


def test_what_is_switched_off_stays_off_for_that_person_alone(
    tab: Any, maya: people.Person, joao: people.Person
) -> None:
    page = tab(maya)
    page.get_by_role("button", name="What this tab shows").click()
    dialog = page.get_by_role("dialog", name="What this tab shows")
    accessible(page)
    looked(page, "-own")
    for part in ("Clock", "Links", "Shortcuts of one key"):
        dialog.get_by_label(part, exact=True).uncheck()
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link", name="Travel")).to_be_hidden()
    page.reload()

    expect(page.get_by_role("link", name="Travel")).to_be_hidden()
    expect(page.locator(".tab-clock")).to_be_hidden()
    expect(page.get_by_role("link", name="New badges")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts", exact=True)).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('mantel.off.'))") == [
        f"mantel.off.{maya.id}"
    ]
    expect(tab(joao).get_by_role("link", name="Travel")).to_be_visible()
