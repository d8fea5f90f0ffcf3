"""Dismissing news in the real extension: taken back, or sent when it cannot be any more."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from announcements.people import services as people
from tests.browser import needs_chromium
from tests.dismissing import dismissed, heard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


@pytest.fixture(autouse=True)
def news(announce: Any) -> None:
    for title in ("First", "Second"):
        announce(title, ask=False)


def new(page: Page) -> Locator:
    return page.locator("[data-list=news] [data-id]")


def dismiss(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).focus()
    page.keyboard.press("m")


def waiting(computer: Any) -> list[str]:
    return [value["fact"] for name, value in computer.kept().items() if name.startswith("ob:")]


def test_it_is_taken_back_without_a_network_and_nothing_is_left_to_send(
    connected: Any, wire: Any, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(new(page)).to_have_count(2)
    expect(page.get_by_text("Up to date")).to_be_visible()
    wire.cut()
    page.get_by_role("button", name="Dismiss all").click()
    expect(new(page)).to_have_count(0)
    assert waiting(mayas).count("dismissed") == 2

    page.get_by_role("button", name="Undo").click()

    expect(new(page)).to_have_count(2)
    assert waiting(mayas).count("dismissed") == 0


def test_the_next_tab_shows_it_dismissed_from_its_first_picture_on_and_this_one_takes_it_back(
    connected: Any, wire: Any, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(new(page)).to_have_count(2)
    expect(page.get_by_text("Up to date")).to_be_visible()
    dismiss(page, "First")
    expect(new(page)).to_have_count(1)
    mayas.worker.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    shown = mayas.kept("view")["view"]["items"]
    assert [one["title"] for one in shown if one["dismissed_at"]] == ["First"]
    other = mayas.new_tab()
    expect(new(other)).to_have_count(1)

    page.bring_to_front()
    page.keyboard.press("z")

    expect(new(page)).to_have_count(2)
    expect(new(other)).to_have_count(2)
    assert dismissed(maya) == set()


def test_it_is_sent_when_its_tab_is_left(connected: Any, maya: people.Person) -> None:
    page = connected(maya).new_tab()
    expect(new(page)).to_have_count(2)
    dismiss(page, "First")
    expect(new(page)).to_have_count(1)

    page.goto("about:blank")

    heard(page, maya, {"First"})


def test_it_is_sent_before_the_device_is_disconnected_though_something_is_being_sent(
    connected: Any, wire: Any, maya: people.Person
) -> None:
    page = connected(maya).new_tab()
    expect(new(page)).to_have_count(2)
    expect(page.get_by_text("Up to date")).to_be_visible()
    dismiss(page, "First")
    expect(new(page)).to_have_count(1)
    wire.delay = 0.7
    with page.expect_request("**/receipts"):
        page.get_by_role("link", name="Second", exact=True).focus()
        page.keyboard.press("s")

    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("button", name="Disconnect this device").click()

    expect(page.get_by_role("heading", name="Connect this tab")).to_be_visible(timeout=20_000)
    assert dismissed(maya) == {"First"}
