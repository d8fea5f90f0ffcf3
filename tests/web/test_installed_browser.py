"""The tab as something installed: it is there without a network, for its person, and for nobody after them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from playwright.sync_api import Page, Playwright, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium, path
from tests.conftest import PASSWORD
from tests.extension.wire import Wire
from tests.journeys.people import until as eventually
from tests.web.conftest import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
# What Chromium says of a server that is away.
AWAY = ["ERR_", "Failed to load resource"]


@pytest.fixture
def wire(live_server: Any) -> Any:
    wire = Wire(live_server.thread.host, live_server.thread.port)
    yield wire
    wire.close()


@pytest.fixture
def installed(browse: Callable[..., Page], wire: Wire, settings: Any) -> Callable[..., Page]:
    """Return a function that opens the tab as somebody, until it would be there without a network."""
    settings.CSRF_TRUSTED_ORIGINS = [wire.url]

    def open_as(person: people.Person, **options: Any) -> Page:
        page = browse(**options)
        page.expected = AWAY  # type: ignore[attr-defined]
        sign_in(page, wire, person)
        opened_first(page, wire)
        return page

    return open_as


def opened_first(page: Page, wire: Wire) -> None:
    """Open the tab until it would be there without a network."""
    page.goto(f"{wire.url}/tab")
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, "Object.keys(localStorage).some(name => name.startsWith('mantel.texts.'))")


def until(page: Page, holds: str) -> None:
    """Wait until an expression holds. The page's own policy forbids Playwright's way of asking."""
    for _try in range(100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise AssertionError(holds)


def opened_again(page: Page, wire: Wire) -> None:
    """Open the tab once more, as a browser does that shows it in a new tab, until its copy is there for the next time."""
    page.goto(f"{wire.url}/tab")
    until(page, "caches.open('mantel-tab').then(kept => kept.match('/tab', { ignoreVary: true })).then(Boolean)")


def sign_in(page: Page, wire: Wire, person: people.Person, **more: Any) -> None:
    cookie = signed_in(person).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": wire.url, **more}])  # type: ignore[typeddict-item]


def test_the_tab_is_there_without_a_network(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    item = announce("New badges", body="<p>Fetch yours at the desk.</p>")
    page = installed(maya, viewport=PHONE)
    wire.cut()

    page.goto(f"{wire.url}/tab")
    expect(page.get_by_text("No connection.")).to_be_visible()
    expect(page.get_by_role("heading", name="Maya")).to_be_visible()
    accessible(page)
    looked(page, "-offline")
    page.get_by_role("link", name="New badges").click()
    expect(page.get_by_role("dialog").get_by_text("Fetch yours at the desk.")).to_be_visible()
    accessible(page)
    page.keyboard.press("m")
    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_visible()
    wire.mend()

    expect(page.get_by_text("You’re aligned.")).to_be_visible(timeout=25_000)
    expect(page.get_by_text("Up to date")).to_be_visible()
    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_hidden()
    eventually(lambda: way(item, maya) == "tab", what="the confirmation")


def way(item: Any, person: people.Person) -> str:
    facts = delivery.facts(announcement_id=item.id)
    return next(one.acknowledged_via for one in facts if one.recipient_id == person.id)


def secret(page: Page) -> str:
    return next(str(one["value"]) for one in page.context.cookies() if one["name"] == settings.CSRF_COOKIE_NAME)


def test_whoever_signs_out_leaves_nothing(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    opened_again(page, wire)
    assert "badges" in page.evaluate("JSON.stringify(localStorage)")
    before = secret(page)

    page.get_by_label("Menu of Maya Lindqvist").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert secret(page) != before, "a copy that came to be kept meanwhile would be shown"
    until(page, "!JSON.stringify(localStorage).includes('badges')")
    wire.cut()
    page.goto(f"{wire.url}/tab")

    expect(page.get_by_text("nothing is kept on this device")).to_be_visible()
    assert "Maya" not in page.content()


def test_a_colleague_on_the_same_machine_meets_only_their_own(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person, joao: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    sign_in(page, wire, joao)

    page.goto(f"{wire.url}/tab")
    until(page, f"Object.keys(localStorage).includes('mantel.around.{joao.id}')")

    kept = json.loads(page.evaluate("JSON.stringify(localStorage)"))
    assert not [name for name in kept if name.endswith(f".{maya.id}")]


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


def test_it_says_what_it_is_called_and_looks_like(browse: Callable[..., Page], maya: people.Person) -> None:
    page = browse(maya)
    page.goto("/tab")
    said = page.request.get(page.locator("link[rel=manifest]").get_attribute("href") or "").json()

    assert (said["start_url"], said["display"]) == ("/tab", "standalone")
    for icon in said["icons"]:
        assert page.request.get(icon["src"]).ok
