"""Dismissing news on `/tab`: for a while it can be taken back, and until then nobody hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.dismissing import dismissed, heard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]


@pytest.fixture(autouse=True)
def news(announce: Any) -> None:
    for title in ("First", "Second", "Third"):
        announce(title, ask=False)


def opened(page: Page) -> Page:
    """Open the tab, on a clock that can be put forward."""
    page.clock.install()
    page.goto("/tab")
    expect(new(page)).to_have_count(3)
    page.wait_for_load_state("networkidle")
    return page


def new(page: Page) -> Locator:
    return page.locator("[data-list=news] [data-id]")


def dismiss(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).focus()
    page.keyboard.press("m")


def told(page: Page) -> list[str]:
    """Collect the facts that a page sends from now on."""
    facts: list[str] = []

    def look(request: Any) -> None:
        if request.url.endswith("/receipts"):
            facts.extend(one["fact"] for one in request.post_data_json["receipts"])

    page.context.on("request", look)
    return facts


def taken_back(page: Page) -> list[str]:
    """Collect where the hub is asked to take something back from now on."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url) if request.method == "DELETE" else None)
    return asked


@pytest.mark.parametrize(
    "look", [{}, {"color_scheme": "dark"}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}]
)
def test_z_takes_it_back_and_the_hub_never_hears_of_it(
    browse: Browse, maya: people.Person, look: dict[str, Any]
) -> None:
    page = opened(browse(maya, **look))
    facts = told(page)
    dismiss(page, "Second")
    expect(new(page)).to_have_count(2)
    expect(page.get_by_role("status").get_by_text("Dismissed.")).to_be_visible()
    accessible(page)
    looked(page, "-toast")

    page.keyboard.press("z")

    expect(new(page)).to_have_count(3)
    expect(page.get_by_role("link", name="Second", exact=True)).to_be_focused()
    expect(page.get_by_role("status").get_by_text("Taken back.")).to_be_visible()
    page.clock.fast_forward(40_000)
    page.wait_for_timeout(1_500)
    assert "dismissed" not in facts
    page.reload()
    expect(new(page)).to_have_count(3)
    assert dismissed(maya) == set()


def test_all_that_was_dismissed_at_once_comes_back_at_once(browse: Browse, maya: people.Person) -> None:
    page = opened(browse(maya))
    page.get_by_role("button", name="Dismiss all").click()
    expect(new(page)).to_have_count(0)
    expect(page.get_by_role("status").get_by_text("3 dismissed.")).to_be_visible()

    page.get_by_role("button", name="Undo").click()

    expect(new(page)).to_have_count(3)
    page.goto("about:blank")
    page.wait_for_timeout(1_000)
    assert dismissed(maya) == set()


def test_one_is_dismissed_by_its_button_and_the_next_one_has_the_focus(browse: Browse, maya: people.Person) -> None:
    page = opened(browse(maya))
    second = new(page).filter(has_text="Second")
    second.get_by_role("link").focus()
    page.keyboard.press("Tab")
    expect(second.get_by_role("button", name="Dismiss")).to_be_focused()
    accessible(page)
    looked(page, "-button")

    page.keyboard.press("Enter")

    expect(new(page)).to_have_count(2)
    expect(page.get_by_role("status").get_by_text("Dismissed.")).to_be_visible()
    expect(page.get_by_role("link", name="First", exact=True)).to_be_focused()
    expect(page.locator("[data-list=past]").get_by_role("button", name="Dismiss")).to_be_hidden()
    page.keyboard.press("z")
    expect(page.get_by_role("link", name="Second", exact=True)).to_be_focused()
    expect(new(page)).to_have_count(3)


def test_a_finger_finds_the_button(browse: Browse, maya: people.Person) -> None:
    page = opened(browse(maya, viewport=PHONE, has_touch=True, is_mobile=True))
    looked(page, "-finger")

    new(page).filter(has_text="Second").get_by_role("button", name="Dismiss").tap()

    expect(page.get_by_role("status").get_by_text("Dismissed.")).to_be_visible()
    expect(new(page)).to_have_count(2)


def test_the_focus_goes_on_when_all_are_dismissed(browse: Browse, announce: Any, maya: people.Person) -> None:
    page = opened(browse(maya))
    page.get_by_role("button", name="Dismiss all").focus()

    page.keyboard.press("Enter")

    expect(new(page)).to_have_count(0)
    expect(page.locator("main [data-id] a").first).to_be_focused()
    page.keyboard.press("z")
    expect(new(page)).to_have_count(3)


def test_z_steps_back_as_long_as_it_can_be_taken_back(browse: Browse, announce: Any, maya: people.Person) -> None:
    announce("Confirm this")
    page = opened(browse(maya))
    dismiss(page, "First")
    page.clock.fast_forward(20_000)
    dismiss(page, "Second")
    expect(new(page)).to_have_count(1)
    page.get_by_role("link", name="Confirm this", exact=True).focus()
    page.keyboard.press("m")
    expect(page.get_by_text("You’re aligned.")).to_be_visible()

    page.keyboard.press("z")
    expect(page.get_by_text("One thing is waiting for you.")).to_be_visible()
    page.keyboard.press("z")
    expect(new(page)).to_have_count(2)
    expect(page.get_by_role("link", name="Second", exact=True)).to_be_focused()
    page.clock.fast_forward(6_000)
    page.keyboard.press("z")

    page.clock.fast_forward(40_000)
    heard(page, maya, {"First"})
    expect(new(page)).to_have_count(2)


def test_z_takes_back_what_came_before_although_another_way_took_back_the_last(
    browse: Browse, maya: people.Person
) -> None:
    page = opened(browse(maya))
    for title in ("First", "Second"):
        dismiss(page, title)
    page.get_by_role("button", name="Undo").click()
    expect(new(page)).to_have_count(2)

    page.keyboard.press("z")
    expect(new(page)).to_have_count(3)
    page.keyboard.press("z")

    page.clock.fast_forward(40_000)
    page.wait_for_timeout(1_500)
    assert dismissed(maya) == set()


def test_it_is_sent_once_it_cannot_be_taken_back(browse: Browse, maya: people.Person) -> None:
    page = opened(browse(maya))
    dismiss(page, "First")
    page.get_by_role("button", name="Undo").hover()  # which keeps it there, but not for ever
    page.clock.fast_forward(20_000)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert dismissed(maya) == set()

    page.clock.fast_forward(6_000)
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.clock.fast_forward(40_000)

    heard(page, maya, {"First"})
    expect(new(page)).to_have_count(2)


def test_it_is_sent_when_its_tab_is_left(browse: Browse, maya: people.Person) -> None:
    # Through a worker it may be lost on leaving, and is sent by the next tab.
    page = opened(browse(maya, service_workers="block"))
    dismiss(page, "First")
    expect(new(page)).to_have_count(2)

    page.goto("about:blank")

    heard(page, maya, {"First"})


def test_two_tabs_show_the_same_and_the_other_one_sends_its_own_alone(browse: Browse, maya: people.Person) -> None:
    page = opened(browse(maya))
    other = opened(page.context.new_page())
    revoked = taken_back(page)
    dismiss(page, "First")
    expect(new(other)).to_have_count(2)
    dismiss(other, "Second")
    expect(new(page)).to_have_count(1)

    other.close(run_before_unload=True)
    heard(page, maya, {"Second"})
    page.get_by_role("button", name="Undo").click()

    expect(new(page)).to_have_count(2)
    expect(page.get_by_role("link", name="First", exact=True)).to_be_visible()
    expect(page.get_by_role("status").get_by_text("Taken back.")).to_be_visible()
    page.goto("about:blank")
    page.wait_for_timeout(1_000)
    assert (dismissed(maya), revoked) == ({"Second"}, [])


def test_what_another_tab_has_sent_is_said_to_stay_dismissed(browse: Browse, maya: people.Person) -> None:
    page = opened(browse(maya))
    other = opened(page.context.new_page())
    revoked = taken_back(page)
    dismiss(page, "First")
    expect(new(other)).to_have_count(2)
    other.evaluate(
        "() => { const late = Date.now() + 40_000; Date.now = () => late; dispatchEvent(new Event('online')); }"
    )
    heard(page, maya, {"First"})

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status").get_by_text("Too late to take back.")).to_be_visible()
    expect(new(page)).to_have_count(2)
    assert (dismissed(maya), revoked) == ({"First"}, [])


def test_without_a_network_it_is_taken_back_or_sent_later(browse: Browse, maya: people.Person) -> None:
    page = opened(browse(maya))
    page.expected = ["ERR_INTERNET_DISCONNECTED"]  # type: ignore[attr-defined]
    page.context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible()
    dismiss(page, "First")
    page.keyboard.press("z")
    expect(new(page)).to_have_count(3)
    dismiss(page, "Second")
    expect(new(page)).to_have_count(2)
    page.clock.fast_forward(40_000)
    assert dismissed(maya) == set()

    page.context.set_offline(False)

    heard(page, maya, {"Second"})
