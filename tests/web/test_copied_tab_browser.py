"""The copy of the tab, kept by its worker and by the browser: there at once, out of date for nobody, and gone with its person."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from playwright.sync_api import Page, Playwright, expect

from announcements.people import services as people
from tests.browser import needs_chromium, path
from tests.conftest import PASSWORD
from tests.extension.wire import Wire
from tests.journeys.people import until as eventually
from tests.web.installing import installed, opened_again, opened_first, sign_in, until, way, wire

__all__ = ["installed", "wire"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


def test_a_tab_that_is_opened_anew_is_there_before_the_hub_answers(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges", body="<p>Fetch yours at the desk.</p>")
    page = installed(maya)
    opened_again(page, wire)
    announce("The lift is repaired")
    wire.delay = 1

    page.goto(f"{wire.url}/tab", wait_until="commit")

    expect(page.locator("html[data-kept]").get_by_role("link", name="New badges")).to_be_visible()
    expect(page.get_by_role("heading", name="Maya")).to_be_visible()
    page.get_by_role("link", name="New badges").click()
    expect(page.get_by_role("dialog").get_by_text("Fetch yours at the desk.")).to_be_visible()
    page.keyboard.press("Escape")
    wire.delay = 0
    expect(page.get_by_role("link", name="The lift is repaired")).to_be_visible()
    expect(page.get_by_text("Up to date")).to_be_visible()


def test_the_copy_is_there_without_a_network_as_well(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    item = announce("New badges")
    page = installed(maya)
    opened_again(page, wire)
    wire.cut()

    page.goto(f"{wire.url}/tab")
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.get_by_role("button", name="Mark as read").first.click()
    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_visible()
    wire.mend()

    eventually(lambda: way(item, maya) == "tab", what="the confirmation")


def test_who_comes_by_a_link_or_asks_anew_gets_the_page_itself(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    opened_again(page, wire)
    page.goto(f"{wire.url}/tab")
    expect(page.locator("html[data-kept]")).to_be_attached()

    page.goto(f"{wire.url}/settings")
    page.locator("a[href='/tab']").first.click()
    expect(page.locator("html:not([data-kept])").get_by_role("link", name="New badges")).to_be_visible()
    page.reload()
    expect(page.locator("html:not([data-kept])").get_by_role("link", name="New badges")).to_be_visible()


WHENCE = "performance.getEntriesByType('navigation')[0].deliveryType"
# What keeps in mind that a text was in the page, be it for a moment.
SEEN = """new MutationObserver(() => document.documentElement.textContent.includes("Maya Lindqvist") && (document.cookie = "seen=1"))
    .observe(document, { childList: true, subtree: true })"""


def in_the_browser(page: Page, wire: Wire) -> None:
    """Open the tab until it comes from the browser's own cache, before its worker has started."""
    for _try in range(10):
        opened_again(page, wire)
        page.wait_for_timeout(1_500)
        if page.evaluate(WHENCE) == "cache":
            return
    raise AssertionError(page.evaluate(WHENCE))


def test_the_copy_comes_from_the_browsers_own_cache_and_lives(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    in_the_browser(page, wire)
    announce("The lift is repaired")

    page.goto(f"{wire.url}/tab")

    expect(page.locator("html[data-kept]").get_by_role("link", name="New badges")).to_be_visible()
    expect(page.get_by_role("link", name="The lift is repaired")).to_be_visible()
    expect(page.get_by_text("Up to date")).to_be_visible()
    assert page.evaluate(WHENCE) == "cache"
    page.reload()
    expect(page.locator("html:not([data-kept])").get_by_role("link", name="New badges")).to_be_visible()


def test_after_a_visit_elsewhere_or_a_decision_the_copy_is_shown_no_more(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    announce("The best month since 2022", ask=False)
    page = installed(maya)
    in_the_browser(page, wire)
    page.goto(f"{wire.url}/settings")
    until(page, "document.readyState === 'complete'")
    page.goto(f"{wire.url}/tab")
    assert page.evaluate(WHENCE) != "cache"
    expect(page.locator("html:not([data-kept])")).to_be_attached()  # nor the worker's: what was set is shown at once

    in_the_browser(page, wire)
    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("checkbox", name="News").uncheck()
    with page.expect_response("**/api/v1/tab/own"):
        page.get_by_role("button", name="Done").click()
    page.goto(f"{wire.url}/tab", wait_until="commit")

    expect(page.locator("html[data-off~=news]")).to_be_attached()
    assert page.evaluate(WHENCE) != "cache"


def test_a_copy_takes_no_ones_place_before_all_that_it_is_made_of_is_here(
    installed: Callable[..., Page], wire: Wire, announce: Any, olga: people.Person, maya: people.Person, at: datetime
) -> None:
    announce("New badges")
    page = installed(maya)
    in_the_browser(page, wire)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(brand_hue=200), now=at)
    wire.cut_at = b"GET /brand/200.css"

    page.goto(f"{wire.url}/tab")
    expect(page.get_by_text("No connection.")).to_be_visible(timeout=20_000)
    page.goto(f"{wire.url}/tab")

    expect(page.get_by_role("link", name="New badges")).to_be_visible()
    expect(page.locator("html[data-kept]")).to_be_attached()
    expect(page.locator("link[href='/brand/200.css']")).to_have_count(0)
    wire.cut_at = b""
    wire.mend()
    in_the_browser(page, wire)
    expect(page.locator("link[href='/brand/200.css']")).to_be_attached()


def test_a_copy_that_is_out_of_date_does_not_come_back_when_the_browser_is_opened_again(
    play: Playwright, wire: Wire, announce: Any, maya: people.Person, tmp_path: Path
) -> None:
    announce("New badges")
    profile: dict[str, Any] = {
        "user_data_dir": str(tmp_path),
        "executable_path": path(),
        "args": ["--no-sandbox", "--disable-gpu"],
    }
    with play.chromium.launch_persistent_context(**profile) as browser:
        page = browser.new_page()
        sign_in(page, wire, maya, expires=time.time() + 86_400)
        opened_first(page, wire)
        in_the_browser(page, wire)
        page.goto(f"{wire.url}/settings")
        until(page, "document.readyState === 'complete'")

    with play.chromium.launch_persistent_context(**profile) as browser:
        page = browser.new_page()
        page.goto(f"{wire.url}/tab")

        expect(page.get_by_role("heading", name="Maya")).to_be_visible()
        assert page.evaluate(WHENCE) != "cache"


def test_somebody_else_does_not_see_it_for_a_moment(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person, joao: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    in_the_browser(page, wire)
    page.add_init_script(SEEN)
    page.goto(f"{wire.url}/tab")
    assert "seen" in names(page), "it is seen where it is shown"
    page.goto("about:blank")  # what is open may not see it once more
    page.context.clear_cookies(name="seen")
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)  # as signing in does
    sign_in(page, wire, joao)
    wire.delay = 0.5

    page.goto(f"{wire.url}/tab")

    expect(page.get_by_role("heading", name="Joao")).to_be_visible()
    assert "seen" not in names(page)


def names(page: Page) -> set[str]:
    return {str(one["name"]) for one in page.context.cookies()}


def test_a_page_of_another_site_that_opens_it_gets_neither_copy_into_its_hands(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    in_the_browser(page, wire)
    unseen = "<!doctype html><meta name=referrer content=no-referrer>"  # so that it looks like a new tab
    elsewhere = page.context.new_page()
    elsewhere.route("http://elsewhere.test/**", lambda route: route.fulfill(content_type="text/html", body=unseen))
    elsewhere.goto("http://elsewhere.test/")

    with page.context.expect_page() as opened:
        elsewhere.evaluate(f"void (globalThis.held = open('{wire.url}/tab'))")

    expect(opened.value.get_by_role("heading", name="Maya")).to_be_visible()
    assert elsewhere.evaluate("held.closed")
    assert opened.value.evaluate("opener === null")
    assert opened.value.evaluate(WHENCE) != "cache"


def test_a_page_on_another_port_of_this_host_does_not_keep_hold_of_it_either(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    in_the_browser(page, wire)
    beside = page.context.new_page()
    unseen = "<!doctype html><meta name=referrer content=no-referrer>"  # so that it looks like a new tab
    beside.route("http://127.0.0.1:8999/**", lambda route: route.fulfill(content_type="text/html", body=unseen))
    beside.goto("http://127.0.0.1:8999/")

    with page.context.expect_page() as opened:
        beside.evaluate(f"void (globalThis.held = open('{wire.url}/tab'))")

    expect(opened.value.locator("html:not([data-kept])").get_by_role("heading", name="Maya")).to_be_visible()
    assert beside.evaluate("held.closed")
    assert opened.value.evaluate("opener === null")


def test_signing_out_leaves_none_in_the_browsers_own_cache(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    in_the_browser(page, wire)
    before = page.context.cookies()
    kept = "fetch('/tab', {cache: 'only-if-cached', mode: 'same-origin'}).then((found) => found.ok, () => false)"
    assert page.evaluate(kept)

    page.get_by_label("Menu of Maya Lindqvist").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    until(page, "!JSON.stringify(localStorage).includes('badges')")
    page.wait_for_load_state("networkidle")

    page.context.clear_cookies()
    page.context.add_cookies(before)  # type: ignore[arg-type]  # they are as they came
    assert not page.evaluate(kept)


def test_a_copy_of_whoever_was_signed_out_elsewhere_goes_at_the_next_contact(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    opened_again(page, wire)
    page.expected += ["401", "403"]  # type: ignore[attr-defined]
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.goto(f"{wire.url}/tab")

    page.wait_for_url("**/accounts/login/**")
    assert "badges" not in page.evaluate("JSON.stringify(localStorage)")
    assert not page.evaluate("caches.match('/tab', { ignoreVary: true }).then(Boolean)")


def put(one: str, other: str) -> str:
    """Return what puts the copy of the tab from one cache into another."""
    return f"""caches.match('/tab', {{ cacheName: '{one}', ignoreVary: true }})
        .then(async (copy) => (await caches.open('{other}')).put('/tab', copy))"""


def test_whoever_signs_in_meets_nobody_elses_copy(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person, joao: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    opened_again(page, wire)
    page.evaluate(put("mantel-tab", "aside"))
    EmailAddress.objects.create(user_id=joao.id, email=joao.email, verified=True, primary=True)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    beside = page.context.new_page()
    beside.goto(f"{wire.url}/accounts/login/?next=/announcements")
    beside.get_by_label("Email").fill(joao.email)
    beside.get_by_label("Password", exact=True).fill(PASSWORD)
    beside.get_by_role("button", name="Sign in", exact=True).click()
    beside.wait_for_url("**/announcements")
    page.expected += ["401", "403"]  # type: ignore[attr-defined]
    beside.evaluate(put("aside", "mantel-tab"))  # as a worker does that was still keeping it
    wire.cut()

    page.goto(f"{wire.url}/tab")

    assert "Maya" not in page.content()
    assert "badges" not in page.content()
