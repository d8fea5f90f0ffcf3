"""The tab as a page for everybody: in both colors, on a phone, twice as large, from right to left, without motion; and in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
WAYS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": PHONE},
    "zoomed, calm": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2, "reduced_motion": "reduce"},
    "text of 200 %": {"text": "200%"},
    "right to left": {"dir": "rtl"},
}


@pytest.fixture
def week(announce: Any, olga: people.Person, maya: people.Person, at: datetime) -> None:
    """Give Maya two things that she owes, one that she has confirmed, and news; and her company clocks and links."""
    announce("New badges", body="<h2>Where</h2><p>Fetch yours at the desk.</p>", deadline=at + timedelta(days=2))
    announce("Travel and expenses")
    announce("The best month since 2022", ask=False)
    done = announce("Fire drill results")
    delivery.acknowledge(by=maya.id, announcement_id=done.id, version=1, now=at)
    clocks = (people.Clock("Porto", "Europe/Lisbon"), people.Clock("Manila", "Asia/Manila"))
    links = (people.Link("Handbook", "https://handbook.test/", "book-open"),)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(clocks=clocks, links=links), now=at)


@pytest.mark.parametrize("way", WAYS)
def test_everything_on_the_tab_is_accessible(browse: Any, week: None, maya: people.Person, way: str) -> None:
    options = dict(WAYS[way])
    # as somebody's browser has it who wants larger letters, and as a language has it that is written so
    style = {name: options.pop(name) for name in ("text", "dir") if name in options}
    page = browse(maya, **options)
    page.goto("/tab")
    page.evaluate(
        "({text, dir}) => { if (text) document.documentElement.style.fontSize = text; if (dir) document.dir = dir; }",
        style,
    )
    expect(page.get_by_text("1 of 3 done this week")).to_be_visible()
    page.evaluate("document.fonts.ready")
    accessible(page)
    looked(page)
    assert "reduced_motion" not in options or page.evaluate("document.getAnimations().length") == 0

    page.get_by_role("link", name="New badges").click()
    expect(page.get_by_role("dialog", name="New badges").get_by_text("Fetch yours")).to_be_visible()
    accessible(page)
    looked(page, "-reader")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts", exact=True)).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="What this tab shows").click()
    expect(page.get_by_role("dialog", name="What this tab shows")).to_be_visible()
    accessible(page)
    looked(page, "-own")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("combobox").press_sequentially("badges")
    expect(page.get_by_role("option", name="New badges")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.locator("[data-list=required] [data-id]").first.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("status").get_by_text("Marked as read.")).to_be_visible()
    accessible(page)
    looked(page, "-toast")
    assert "reduced_motion" not in options or page.evaluate("document.getAnimations().length") == 0


def test_as_many_pips_as_there_are_things_to_confirm_this_week(browse: Any, week: None, maya: people.Person) -> None:
    done = "all => all.map(({className}) => className)"
    plain, page = browse(maya, java_script_enabled=False), browse(maya)
    plain.goto("/tab")
    expect(plain.locator(".pips i")).to_have_count(3)
    expect(plain.locator(".pips .is-done")).to_have_count(1)
    page.goto("/tab")
    pips = page.locator(".pips i")
    expect(pips).to_have_count(3)
    assert pips.evaluate_all(done) == ["is-done", "", ""]

    page.locator("[data-list=required] [data-id]").first.get_by_role("button", name="Mark as read").click()

    expect(page.get_by_text("2 of 3 done this week")).to_be_visible()
    assert pips.evaluate_all(done) == ["is-done", "is-done", ""]


def test_more_than_eight_are_said_in_words_alone(browse: Any, announce: Any, maya: people.Person) -> None:
    for number in range(9):
        announce(f"Number {number}")
    page = browse(maya)
    page.goto("/tab")

    expect(page.get_by_text("0 of 9 done this week")).to_be_visible()
    expect(page.locator(".pips i")).to_have_count(0)
