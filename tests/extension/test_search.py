"""Searching from the new tab: what is kept here, what the hub adds, and where there is nothing, the web."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from announcements.management.extension import making
from announcements.people import services as people
from tests.browser import accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
SEARCHED = re.compile(r"^https://[^/]+/.*[?&]q=")


@pytest.fixture
def tab(connected: Any, announce: Any, maya: people.Person) -> tuple[Page, list[str]]:
    """Return Maya's new tab, and a list of what the web is asked for from it."""
    announce("New badges", body="<p>Fetch yours at the desk.</p>")
    mayas, asked = connected(maya), list[str]()

    def answer(route: Route) -> None:
        asked.extend(parse_qs(urlsplit(route.request.url).query)["q"])
        route.fulfill(body="Found")

    mayas.context.route(SEARCHED, answer)
    page = mayas.new_tab()
    expect(page.get_by_role("link", name="New badges")).to_be_visible()
    return page, asked


def search(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)


def test_enter_asks_the_web_where_nothing_is_found(tab: tuple[Page, list[str]]) -> None:
    page, asked = tab
    search(page, "weather & tides")
    expect(page.get_by_role("option")).to_have_text(
        ["Search the web for “weather & tides”", "Search Mantel for “weather & tides”"]
    )
    accessible(page)
    looked(page, "-nothing")

    page.keyboard.press("Enter")

    expect(page.get_by_text("Found", exact=True)).to_be_visible()
    assert asked == ["weather & tides"]


def test_enter_that_is_faster_than_the_list_asks_the_web_too(tab: tuple[Page, list[str]]) -> None:
    page, asked = tab
    search(page, "tides")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Found", exact=True)).to_be_visible()
    assert asked == ["tides"]


def test_enter_asks_the_web_without_the_hub_as_well(tab: tuple[Page, list[str]], wire: Any) -> None:
    page, asked = tab
    wire.cut()
    search(page, "tides")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Found", exact=True)).to_be_visible()
    assert asked == ["tides"]


def test_enter_leads_to_the_results_where_something_is_found(tab: tuple[Page, list[str]], wire: Any) -> None:
    page, asked = tab
    search(page, "badges")
    expect(page.get_by_role("option")).to_have_text(
        [re.compile("New badges"), "Search Mantel for “badges”", "Search the web for “badges”"]
    )
    looked(page, "-found")

    page.keyboard.press("Enter")

    page.wait_for_url(f"{wire.url}/**")
    assert "q%3Dbadges" in page.url or "q=badges" in page.url
    assert asked == []


def test_a_colleague_is_found_and_leads_to_their_page(
    tab: tuple[Page, list[str]], wire: Any, joao: people.Person
) -> None:
    page, _asked = tab
    search(page, "joao")
    expect(page.get_by_role("option").first).to_contain_text(joao.name)

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(f"{wire.url}/**")
    assert f"people/{joao.id}" in page.url or f"people%2F{joao.id}" in page.url


@pytest.mark.parametrize("answer", ["<h1>No</h1>", '{"people": 7}', '{"people": [7], "announcements": [null]}'])
def test_a_hub_that_answers_rubbish_leaves_what_is_here(tab: tuple[Page, list[str]], answer: str) -> None:
    page, _asked = tab
    page.context.route("**/tab/search?*", lambda route: route.fulfill(body=answer))
    search(page, "badges")

    expect(page.get_by_role("option").first).to_contain_text("New badges")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="New badges")).to_be_visible()


def test_the_browser_warns_of_the_new_tab_alone(computer: Any) -> None:
    anybodys = computer()
    anybodys.new_tab()
    warned = "said => chrome.management.getPermissionWarningsByManifest(said)"

    said = anybodys.worker.evaluate(warned, json.dumps(making.manifest("chrome")))

    assert said == ["Replace the page you see when opening a new tab"]
    without = anybodys.worker.evaluate(warned, json.dumps(making.manifest("chrome", override=False)))
    assert without == []
