"""A correction in a real Chromium: seen as somebody before it is made, sent to oneself, and refused where nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]


def opened(page: Page, item: publishing.Announcement) -> Any:
    page.goto(f"/a/{item.id}/edit")
    page.locator("[data-editor][data-ready]").wait_for()
    return page.locator(".ProseMirror")


@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE}])
def test_it_is_seen_as_somebody_and_sent_to_oneself_before_it_is_made(
    browse: Browse, ines: people.Person, announce: Callable[..., publishing.Announcement], look: dict[str, Any]
) -> None:
    item = announce("New badges")
    page = browse(ines, **look)
    text = opened(page, item)
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" At gate 2.")

    page.get_by_label("As", exact=True).select_option(label="Maya Lindqvist, Amsterdam")
    for channel, says in (("Its page", "At gate 2."), ("New tab", "New badges"), ("Email", "At gate 2.")):
        page.get_by_label("Where", exact=True).select_option(channel)
        page.get_by_role("button", name="Preview").click()
        frame = page.frame_locator("iframe[name=seen]")
        expect(frame.get_by_text(says).first).to_be_visible()
        if channel == "Its page":
            accessible(page)
            looked(page, "-page")
        page.get_by_role("button", name="Back to writing").click()
    page.get_by_label("Colors", exact=True).select_option("Dark")
    page.get_by_role("button", name="Preview").click()
    expect(frame.locator("body")).to_have_css("background-color", "rgb(15, 18, 17)")
    page.get_by_role("button", name="Back to writing").click()

    page.get_by_role("button", name="Send a test to me").click()
    expect(page.get_by_text("The test is on its way to you.")).to_be_visible()
    now = datetime.now(UTC)
    test = delivery.last_test(by=ines.id, announcement_id=item.id, now=now)
    assert test and not test.current
    assert publishing.get(announcement_id=item.id).body == "<p>Fetch yours.</p>"


def test_where_nothing_has_changed_nobody_is_asked_again(
    browse: Browse, ines: people.Person, announce: Callable[..., publishing.Announcement]
) -> None:
    item = announce("New badges", deadline=datetime(2030, 1, 7, 9, 0, 30, tzinfo=UTC))
    page = browse(ines)
    page.expected.append("422")  # type: ignore[attr-defined]
    opened(page, item)

    page.get_by_label("It says something else now").check()
    page.get_by_role("button", name="Publish the correction").click()

    expect(page.locator("#id_change")).to_contain_text("Nothing has changed.")
    assert publishing.get(announcement_id=item.id).version == 1
    accessible(page)
    page.locator("#id_title").fill("New badges for all")
    page.get_by_role("button", name="Publish the correction").click()
    page.wait_for_url(f"**/a/{item.id}")
    made = publishing.get(announcement_id=item.id)
    assert (made.version, made.title, made.deadline) == (2, "New badges for all", item.deadline)


def test_a_test_that_is_refused_says_why(
    browse: Browse, ines: people.Person, announce: Callable[..., publishing.Announcement]
) -> None:
    page = browse(ines)
    page.expected.append("422")  # type: ignore[attr-defined]
    opened(page, announce("New badges"))
    page.locator("#id_title").evaluate("(field) => (field.value = 'badge '.repeat(40))")

    page.get_by_role("button", name="Send a test to me").click()

    expect(page.get_by_text("No test was sent:")).to_contain_text("120")
