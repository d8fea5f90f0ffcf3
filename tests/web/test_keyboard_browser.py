"""Writing by keyboard alone, in a real Chromium: from the title to what goes out, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import looked, needs_chromium
from tests.pictures import picture
from tests.web.test_pictures_browser import described, worker
from tests.web.test_writing_browser import reach, starts

__all__ = ["worker"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]


def coming(at: datetime) -> date:
    """Return a day to come that reads the same with the month first."""
    days = (date(at.year + more, month, month) for more in (0, 1) for month in range(1, 13))
    return next(day for day in days if day > at.date() + timedelta(days=2))


def writes(page: Page) -> None:
    keys = page.keyboard
    reach(page, page.get_by_label("Title", exact=True))
    keys.type("Dock 4 closes")
    keys.press("Enter")
    keys.type("Use dock 6.")
    reach(page, page.locator(".ProseMirror"))
    keys.type("Look.\n/pic")
    expect(page.get_by_role("option", name="Picture")).to_be_visible()
    file: Any = {"name": "gate.png", "mimeType": "image/png", "buffer": picture((300, 200))}
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    page.wait_for_timeout(100)  # until the browser knows that it is listened to
    keys.press("Enter")
    described(page, "The way to dock 6")
    expect(page.get_by_role("img", name="The way to dock 6")).to_be_visible()
    expect(page.locator(".ProseMirror")).to_be_focused()
    keys.type("/ta")
    expect(page.get_by_role("option", name=re.compile("^Table"))).to_be_visible()
    keys.press("Escape")
    keys.press("Backspace")
    keys.press("Backspace")
    keys.press("Backspace")
    keys.type("Thanks.")


def describes_anew(page: Page) -> None:
    """Go back to the picture, and along the toolbar to what it shows."""
    keys = page.keyboard
    keys.press("Home")
    keys.press("ArrowLeft")
    button = page.get_by_role("button", name="Describe the picture")
    expect(button).to_be_visible()
    keys.press("Alt+F10")
    reach(page, button, "ArrowRight")
    keys.press("Enter")
    described(page, "The short way to dock 6")
    expect(page.locator(".ProseMirror")).to_be_focused()


def chooses(page: Page, at: datetime) -> None:
    keys = page.keyboard
    reach(page, page.get_by_role("combobox", name="Add to the audience"))
    keys.type("oper")
    expect(page.get_by_role("option", name="Operations, 3 people")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_text("3 people", exact=True)).to_be_visible()
    reach(page, page.get_by_label("Everybody is asked to mark it as read"))
    keys.press("Space")
    reach(page, page.get_by_role("radio", name="Now"))
    keys.press("ArrowRight")
    keys.press("Tab")
    keys.type(f"{coming(at):%d%m%Y}")
    reach(page, page.get_by_label("On each person's own clock"))
    keys.press("Space")


def reviews(page: Page, button: str) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Ready for 3 people?")).to_be_focused()
    expect(page.get_by_role("button", name=button)).to_be_enabled()
    reach(page, page.get_by_role("button", name=button))
    page.keyboard.press("Enter")


def test_the_keyboard_alone_leads_through_all_of_it_and_back(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime, settings: Any
) -> None:
    settings.UNDO_SECONDS = 50
    page = browse(ines)
    starts(page)
    writes(page)
    describes_anew(page)
    chooses(page, at)
    reviews(page, "Schedule for 3 people")

    expect(page.get_by_text("at 09:00, on each person's own clock")).to_be_visible()
    [item] = publishing.mine(by=ines.id, now=at, state="scheduled")
    assert item.own_clock == publishing.OwnClock(coming(at), time(9))
    assert re.sub(r'src="[^"]*"', "src", item.body) == (
        '<p>Look.</p><figure><img src alt="The short way to dock 6" width="300" height="200"></figure><p>Thanks.</p>'
    )
    reach(page, page.get_by_role("button", name="Take it off the schedule and edit"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    page.locator("[data-editor][data-ready]").wait_for()
    expect(page.get_by_text("3 people", exact=True)).to_be_visible()
    later = page.get_by_role("radio", name="Later")
    if later.is_checked():
        reach(page, later)
        page.keyboard.press("ArrowLeft")
    reviews(page, "Publish for 3 people")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    reach(page, undo)
    looked(page, "-undo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Dock 4 closes")
    assert [one.id for one in publishing.mine(by=ines.id, now=at, state="draft")] == [item.id]
