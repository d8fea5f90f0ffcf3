"""Saving for later in the real extension: by a key, without a network, and on another device."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import accessible, looked, needs_chromium
from tests.extension.test_offline import settled
from tests.saving import arrived, mark, opened, row, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


@pytest.fixture
def week(announce: Any, at: datetime) -> list[publishing.Announcement]:
    """Return two things Maya owes, and news."""
    return [
        announce("New badges", deadline=at + timedelta(days=2)),
        announce("Travel and expenses"),
        announce("The best month since 2022", ask=False),
    ]


def test_s_saves_and_takes_back_and_leaves_what_is_owed(connected: Any, week: Any, maya: people.Person) -> None:
    page = connected(maya).new_tab()
    expect(page.get_by_text("Up to date")).to_be_visible()
    shelf = opened(page)
    expect(shelf.get_by_text("Nothing yet.")).to_be_visible()
    accessible(page)
    looked(page, "-empty")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="New badges", exact=True).focus()
    page.keyboard.press("s")
    expect(page.get_by_role("status").get_by_text("Saved for later.")).to_be_visible()
    expect(mark(row(page, "New badges"))).to_have_attribute("aria-pressed", "true")
    arrived(page, maya, {"New badges"})
    row(page, "Travel and expenses").hover()
    looked(page, "-toast")
    expect(page.get_by_text("2 things are waiting for you.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status").get_by_text("Taken off your list.")).to_be_visible()
    arrived(page, maya, set())
    expect(mark(row(page, "New badges"))).to_have_attribute("aria-pressed", "false")


def test_the_list_is_there_on_each_device_and_read_in_place(
    connected: Any, week: Any, maya: people.Person, joao: people.Person
) -> None:
    page = connected(maya).new_tab()
    news = row(page, "The best month since 2022")
    news.hover()
    mark(news).click()
    arrived(page, maya, {"The best month since 2022"})

    other = connected(maya).new_tab()
    shelf = opened(other)
    expect(shelf.get_by_role("listitem")).to_have_count(1)
    accessible(other)
    looked(other, "-list")
    shelf.get_by_role("link", name="The best month since 2022").click()
    reader = other.get_by_role("dialog", name="The best month since 2022")
    expect(reader).to_be_visible()
    expect(mark(reader)).to_have_attribute("aria-pressed", "true")
    accessible(other)
    looked(other, "-reader")
    other.keyboard.press("s")
    arrived(other, maya, set())
    other.keyboard.press("Escape")
    expect(opened(other).get_by_role("listitem")).to_have_count(0)

    joaos = connected(joao).new_tab()
    expect(joaos.get_by_text("Up to date")).to_be_visible()
    expect(opened(joaos).get_by_text("Nothing yet.")).to_be_visible()


def test_in_the_list_what_is_taken_off_can_be_put_back(connected: Any, week: Any, maya: people.Person) -> None:
    page = connected(maya).new_tab()
    page.get_by_role("link", name="New badges", exact=True).focus()
    page.keyboard.press("s")
    arrived(page, maya, {"New badges"})
    pressed = mark(opened(page).get_by_role("listitem"))

    pressed.click()
    arrived(page, maya, set())
    expect(pressed).to_have_attribute("aria-pressed", "false")
    pressed.click()

    arrived(page, maya, {"New badges"})


def test_what_is_saved_without_a_network_is_kept_and_sent(
    connected: Any, wire: Any, week: Any, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    settled(page, mayas, 2)
    wire.cut()
    for title, times in (("New badges", 1), ("Travel and expenses", 2)):
        for _time in range(times):
            page.get_by_role("link", name=title, exact=True).focus()
            page.keyboard.press("s")
    expect(mark(row(page, "New badges"))).to_have_attribute("aria-pressed", "true")

    mayas.kill()
    page = mayas.new_tab()
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    expect(opened(page).get_by_role("link", name="New badges")).to_be_visible()
    looked(page, "-offline")
    page.keyboard.press("Escape")
    assert saved(maya) == set()
    wire.mend()

    page = mayas.new_tab()
    arrived(page, maya, {"New badges"})
    expect(opened(page).get_by_role("listitem")).to_have_count(1)


def test_what_was_withdrawn_leaves_the_list(
    connected: Any, week: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    page = connected(maya).new_tab()
    page.get_by_role("link", name="New badges", exact=True).focus()
    page.keyboard.press("s")
    arrived(page, maya, {"New badges"})

    publishing.withdraw(announcement_id=week[0].id, by=ines.id, reason="A mistake.", now=at)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("link", name="New badges", exact=True)).to_have_count(0)

    expect(opened(page).get_by_text("Nothing yet.")).to_be_visible()
