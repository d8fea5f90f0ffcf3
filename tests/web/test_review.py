"""The last look before it goes out: checks with a way to set them right, a test to oneself, a preview as somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]
LOOKS = [{}, {"color_scheme": "dark"}, {"viewport": PHONE}]


@pytest.fixture
def draft(ines: people.Person, operations: people.Group, at: datetime) -> publishing.Announcement:
    said = publishing.Draft(
        title="Dock 4 closes", summary="Use dock 6.", body="<p>From Monday on.</p>", ask_acknowledge=True,
        audience=people.Audience(group_ids=(operations.id,)),
    )  # fmt: skip
    return publishing.create(by=ines.id, draft=said, now=at)


def reviewed(page: Page, draft: publishing.Announcement) -> None:
    page.goto(f"/a/{draft.id}/edit")
    expect(page.get_by_text("3 people", exact=True)).to_be_visible()
    page.get_by_role("button", name="Review and publish").click()


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
def test_the_checks_are_told_and_a_warning_keeps_nothing_from_going_out(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, look: dict[str, Any]
) -> None:
    page = browse(ines, **look)
    reviewed(page, draft)

    expect(page.locator(".review-check").first).to_be_visible()
    expect(page.locator('.review-check[data-is="warn"]', has_text="test")).to_be_visible()
    expect(page.get_by_role("button", name="Publish for 3 people")).to_be_enabled()
    expect(page.locator(".review .when-table tbody tr")).to_have_count(2)
    expect(page.locator(".review [data-nudges]")).to_contain_text("until they confirm")
    accessible(page)
    looked(page, "-review")
    page.keyboard.press("Escape")
    expect(page.locator("#review")).to_be_hidden()


def test_the_checklist_stands_beside_the_text_and_leads_to_the_last_look(
    browse: Browse, ines: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    page.goto(f"/a/{draft.id}/edit")
    checklist = page.get_by_role("button", name="Checklist")
    expect(checklist).to_contain_text("One to look at")
    expect(checklist).to_contain_text("5 of 6")

    page.get_by_label("Title", exact=True).fill("")
    expect(checklist).to_contain_text("2 to look at", timeout=15_000)
    checklist.click()
    expect(page.get_by_role("heading", name="Ready for 3 people?")).to_be_focused()


def test_what_blocks_keeps_the_button_shut_and_leads_to_its_field(
    browse: Browse, ines: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    page.goto(f"/a/{draft.id}/edit")
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_role("button", name="Review and publish").click()

    blocked = page.locator('.review-check[data-is="block"]')
    expect(blocked).to_be_visible()
    expect(page.get_by_role("button", name="Publish for 3 people")).to_be_disabled()
    blocked.get_by_role("button").click()
    expect(page.get_by_label("Title", exact=True)).to_be_focused()


def test_a_test_leaves_to_its_author(browse: Browse, ines: people.Person, draft: publishing.Announcement) -> None:
    page = browse(ines)
    reviewed(page, draft)
    page.locator("#review").get_by_role("button", name="Send a test to me").first.click()
    expect(page.get_by_text("The test is on its way to you.")).to_be_visible()


def test_the_keyboard_reviews_and_publishes(
    browse: Browse, ines: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    page.goto(f"/a/{draft.id}/edit")
    expect(page.get_by_text("3 people", exact=True)).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Ready for 3 people?")).to_be_focused()
    go = page.get_by_role("button", name="Publish for 3 people")
    expect(go).to_be_enabled()
    for _ in range(20):
        page.keyboard.press("Tab")
        if go.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/a/{draft.id}")
    assert publishing.get(announcement_id=draft.id).published_at


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
@pytest.mark.parametrize("channel", ["New tab", "Page", "Email"])
def test_a_draft_is_seen_as_somebody_of_its_audience_sees_it(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, joao: people.Person, channel: str,
    look: dict[str, Any], at: datetime,
) -> None:  # fmt: skip
    said = publishing.Draft(deadline=(at + timedelta(days=7)).replace(hour=12, minute=0))
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=at)
    page = browse(ines, **look)
    page.goto(f"/a/{draft.id}/edit")
    page.keyboard.press("Control+Shift+P")
    page.wait_for_url("**/preview")
    page.get_by_label("As", exact=True).fill("joao")
    expect(page.get_by_role("option", name="Joao Matias Lisbon")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**person={joao.id}**")
    page.locator(".preview-choice").get_by_text(channel, exact=True).click()
    page.wait_for_load_state("networkidle")

    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Dock 4 closes").first).to_be_visible()
    expect(frame.get_by_text("12:00").first).to_be_visible()  # on Joao's clock, in Lisbon; thirteen for Ines
    accessible(page)
    looked(page, "-shown")
