"""The heat map in a real Chromium: by keys from cell to cell, and from each to what it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    """Return a month ago: by then everybody was there."""
    return datetime.now(UTC) - 30 * DAY


@pytest.fixture
def at() -> datetime:
    """Return nine days ago."""
    return datetime.now(UTC) - 9 * DAY


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_each_cell_leads_to_what_it_counts_by_keys_too(
    browse: Callable[..., Page], announce: Any, olga: people.Person, scheme: dict[str, Any]
) -> None:
    announce("New badges")
    page = browse(olga, **scheme)
    page.goto("/alignment?weeks=52")
    table = page.get_by_role("region", name="Confirmed on time, by group and week")
    table.scroll_into_view_if_needed()
    expect(table.get_by_role("columnheader", name="All")).to_be_in_viewport()
    page.goto("/alignment?weeks=4")
    cell, whole = (
        table.get_by_role("link", name=re.compile(r"^0 ?% \(0 of 3\)$")),
        table.get_by_role("link", name=re.compile("^0% 0 of 3$")),
    )
    looked(page)
    accessible(page)

    cell.focus()
    page.keyboard.press("ArrowRight")  # past the weeks in which nothing was asked
    expect(whole).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(whole).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(cell).not_to_be_focused()
    page.keyboard.press("Tab")
    expect(whole).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")
    expect(page.get_by_text("0% confirmed on time: 0 of 3.")).to_be_visible()
    asked = page.get_by_role("region", name="What was asked, and how many confirmed")
    expect(asked.get_by_role("row").last).to_contain_text("0 of 3")
    assert asked.evaluate("table => table.scrollWidth <= table.clientWidth"), "no number is cut off"
    page.evaluate("document.fonts.ready")
    looked(page, "-cell")
    accessible(page)
    asked.get_by_role("link", name="New badges").click()
    expect(page).to_have_title(re.compile("Analytics of New badges"))
    page.go_back()
    page.get_by_role("main").get_by_role("link", name="Alignment").click()
    expect(table.get_by_role("columnheader")).to_have_count(6)  # a group, the four weeks it came from, all
