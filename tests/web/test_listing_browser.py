"""The list of announcements in Chromium: by keyboard, in place, and while something is being sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
Browse = Callable[..., Page]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]


@pytest.fixture
def drafted(ines: people.Person, operations: people.Group, at: datetime) -> publishing.Announcement:
    """Return a draft of Ines that could go out."""
    draft = publishing.Draft(title="Holiday cover", audience=people.Audience(group_ids=(operations.id,)))
    return publishing.create(by=ines.id, draft=draft, now=at)


@pytest.fixture
def shelves(announce: Any, drafted: Any, ines: people.Person, maya: people.Person, at: datetime) -> None:
    """Fill each tab of Ines's list."""
    badges = announce("New badges for everybody in the building", deadline=at + timedelta(days=1))
    delivery.acknowledge(by=maya.id, announcement_id=badges.id, version=1, now=at)
    announce("The best month since 2022", ask=False)
    travel = announce("Travel and expenses: one card, one policy", deadline=at + timedelta(days=9))
    publishing.pin(announcement_id=travel.id, by=ines.id, now=at)
    for days in (1, 2, 9):
        copy = publishing.duplicate(announcement_id=drafted.id, by=ines.id, now=at)
        when = publishing.When(at + timedelta(days=days))
        publishing.schedule(announcement_id=copy.id, by=ines.id, when=when, now=at)
    gone = announce("Parking on 3 December")
    publishing.withdraw(announcement_id=gone.id, by=ines.id, reason="The wrong day", now=at)
    sending = publishing.duplicate(announcement_id=drafted.id, by=ines.id, now=at)
    publishing.publish(announcement_id=sending.id, by=ines.id, now=at)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_every_tab_is_accessible_and_fits(
    browse: Browse, shelves: None, ines: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(ines, **scheme)
    for state in ("published", "scheduled", "draft", "archive"):
        page.goto(f"/announcements?state={state}")
        page.evaluate("document.fonts.ready")
        if state == "published":
            page.get_by_label("Actions for New badges for everybody in the building").click()
        looked(page, state)
        accessible(page)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_the_list_before_the_first_is_accessible_and_fits(
    browse: Browse, drafted: Any, ines: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(ines, **scheme)
    page.goto("/announcements")
    page.evaluate("document.fonts.ready")
    accessible(page)


def test_the_list_is_worked_by_keys_alone(browse: Browse, announce: Any, ines: people.Person) -> None:
    for title in ("One", "Two"):
        announce(title)
    page = browse(ines)
    page.goto("/announcements")

    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Two", exact=True)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="One", exact=True)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Actions for Two")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Two")).to_be_visible()


def test_a_draft_is_deleted_in_place_and_fetched_back(
    browse: Browse, announce: Any, drafted: Any, ines: people.Person
) -> None:
    announce()
    page = browse(ines)
    page.goto("/announcements?state=draft")
    page.evaluate("document.body.dataset.same = 'yes'")

    page.get_by_label("Actions for Holiday cover").click()
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.get_by_role("status")).to_contain_text("“Holiday cover” is deleted.")
    expect(page.get_by_text("No drafts")).to_be_visible()
    looked(page, "toast")
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="Holiday cover")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("is back in your drafts")
    expect(page.locator("[data-count=draft]").first).to_have_text("1")
    assert page.evaluate("document.body.dataset.same") == "yes", "the page was loaded anew"


def test_withdrawing_asks_why(browse: Browse, announce: Any, ines: people.Person) -> None:
    item = announce()
    page = browse(ines)
    page.goto("/announcements")

    page.get_by_label("Actions for New badges").click()
    page.get_by_role("link", name="Withdraw…").click()
    dialog = page.get_by_role("dialog", name="Withdraw “New badges”?")
    expect(dialog).to_be_visible()
    accessible(page)
    looked(page, "dialog")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    page.get_by_label("Actions for New badges").click()
    page.get_by_role("link", name="Withdraw…").click()
    dialog.get_by_label("Why").fill("The wrong day")
    dialog.get_by_role("button", name="Withdraw").click()

    expect(page.get_by_role("status")).to_contain_text("“New badges” is withdrawn.")
    expect(dialog).to_be_hidden()
    assert publishing.get(announcement_id=item.id).withdraw_reason == "The wrong day"


def test_what_is_refused_is_told_and_changes_nothing(
    browse: Browse, announce: Any, ines: people.Person, at: datetime
) -> None:
    for title in ("One", "Two", "Three"):
        publishing.pin(announcement_id=announce(title).id, by=ines.id, now=at)
    announce("Four")
    page = browse(ines)
    page.expected = ["409"]  # type: ignore[attr-defined]
    page.goto("/announcements")

    page.get_by_label("Actions for Four").click()
    page.get_by_role("button", name="Pin", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("3 are pinned already")


def test_sending_is_watched_until_it_is_done(browse: Browse, drafted: Any, ines: people.Person, at: datetime) -> None:
    publishing.publish(announcement_id=drafted.id, by=ines.id, now=at)
    page = browse(ines)
    page.goto("/announcements")
    expect(page.get_by_role("heading", name="Now")).to_be_visible()
    expect(page.get_by_role("link", name="Stop sending Holiday cover")).to_be_visible()

    delivery.fan_out(announcement_id=drafted.id, now=at)

    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    expect(page.get_by_role("heading", name="Now")).to_have_count(0)


def test_publishing_is_undone_while_its_seconds_run(
    browse: Browse, drafted: Any, ines: people.Person, at: datetime
) -> None:
    publishing.publish(announcement_id=drafted.id, by=ines.id, undo_seconds=50, now=at)
    page = browse(ines)
    page.goto("/announcements")
    expect(page.locator("[data-slot=leaves]")).to_have_text(re.compile(r"goes out in \d+ s"))

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status")).to_contain_text("is a draft again")
    assert publishing.get(announcement_id=drafted.id).scheduled_for is None
