"""A confirmation whose answer was lost: what its person took back is taken back at the hub too, as soon as it can be told."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import needs_chromium
from tests.journeys.people import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


@pytest.fixture
def asked(announce: Any) -> publishing.Announcement:
    item: publishing.Announcement = announce("New badges")
    return item


def fact(item: publishing.Announcement, person: people.Person, name: str) -> bool:
    facts = delivery.facts(announcement_id=item.id)
    return any(one.recipient_id == person.id and getattr(one, f"{name}_at") for one in facts)


def confirmed(item: publishing.Announcement, person: people.Person) -> bool:
    return fact(item, person, "acknowledged")


def owed(page: Page) -> Any:
    return page.locator("[data-list=required] [data-id]")


def lost(page: Page, wire: Any, item: publishing.Announcement, person: people.Person) -> None:
    """Confirm it, and cut the wire when the hub has it and nobody has been told."""
    expect(owed(page)).to_have_count(1)
    until(
        lambda: fact(item, person, "displayed"), what="the first receipt"
    )  # the browser has asked whether it may send any
    wire.answers = False
    owed(page).get_by_role("button", name="Mark as read").click()
    until(lambda: confirmed(item, person), what="the confirmation")
    wire.cut()
    expect(page.get_by_text("Kept here; it is sent when you are back online.")).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("will be marked as read when you are back online")).to_be_visible()


def settled(computer: Any) -> None:
    """Wait until nothing waits to be sent."""
    until(lambda: not [name for name in computer.kept() if name.startswith("ob:")], what="what waits")


def test_it_is_taken_back_at_the_hub_too(
    connected: Any, wire: Any, asked: publishing.Announcement, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    lost(page, wire, asked, maya)

    page.keyboard.press("z")
    expect(page.get_by_text("Taken back.")).to_be_visible()
    expect(owed(page)).to_have_count(1)
    assert confirmed(asked, maya), "nobody has told the hub yet"
    wire.mend()
    mayas.new_tab()

    until(lambda: not confirmed(asked, maya), what="that it was taken back")
    settled(mayas)
    expect(owed(mayas.new_tab())).to_have_count(1)


def test_it_is_taken_back_in_another_tab_and_survives_a_killed_browser(
    connected: Any, wire: Any, asked: publishing.Announcement, maya: people.Person
) -> None:
    mayas = connected(maya)
    lost(mayas.new_tab(), wire, asked, maya)
    mayas.kill()
    mayas.new_tab()
    page = mayas.new_tab()

    page.get_by_role("listitem").filter(has_text="will be marked as read").get_by_role("button", name="Undo").click()
    expect(owed(page)).to_have_count(1)
    mayas.kill()
    wire.mend()
    page = mayas.new_tab()

    until(lambda: not confirmed(asked, maya), what="that it was taken back")
    settled(mayas)
    expect(page.get_by_text("Up to date")).to_be_visible()
    expect(owed(page)).to_have_count(1)


def test_what_is_confirmed_after_that_stands(
    connected: Any, wire: Any, asked: publishing.Announcement, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    lost(page, wire, asked, maya)
    page.keyboard.press("z")
    expect(owed(page)).to_have_count(1)

    owed(page).get_by_role("button", name="Mark as read").click()
    expect(owed(page)).to_have_count(0)
    wire.mend()
    mayas.new_tab()

    settled(mayas)
    assert confirmed(asked, maya)
    expect(owed(mayas.new_tab())).to_have_count(0)


def test_a_confirmation_on_the_page_meanwhile_is_left_alone(
    connected: Any, wire: Any, hub_of: Any, asked: publishing.Announcement, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    lost(page, wire, asked, maya)
    page.keyboard.press("z")
    expect(owed(page)).to_have_count(1)

    hub_of(maya).post("/tab", {"announcement": asked.id, "version": asked.version})
    wire.mend()
    mayas.new_tab()

    settled(mayas)
    assert confirmed(asked, maya)
    expect(owed(mayas.new_tab())).to_have_count(0)
