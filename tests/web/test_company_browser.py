"""Settings of the company and the first run, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.mail_servers import Temper, listening
from tests.pictures import picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
Browse = Callable[..., Page]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
CLOCKS = (
    people.Clock("Rotterdam", "Europe/Amsterdam"), people.Clock("Porto", "Europe/Lisbon"),
    people.Clock("Chicago", "America/Chicago"), people.Clock("Manila", "Asia/Manila"),
)  # fmt: skip
LINKS = tuple(
    people.Link(label, f"https://{label.lower()}.northwind.test/", icon)
    for label, icon in [
        ("Bookings", "package"),
        ("Tracking", "map-pin"),
        ("Handbook", "book-open"),
        ("Expenses", "receipt"),
    ]
)


@pytest.fixture
def furnished(olga: people.Person, now: datetime) -> people.Person:
    """Give Northwind clocks, links, a logo, a hue and a claimed domain."""
    changes = people.WorkspaceChanges(clocks=CLOCKS, links=LINKS, brand_hue=285)
    people.update_workspace(by=olga.id, changes=changes, now=now)
    people.set_logo(by=olga.id, content=picture((200, 120)), now=now)
    people.claim_domain(person_id=olga.id, now=now)
    return olga


def names(page: Page, part: str) -> list[str]:
    return [str(one.input_value()) for one in page.locator(f'[data-rows="{part}"] [data-name]').all()]


def test_every_page_is_accessible_and_fits(browse: Browse, furnished: people.Person, maya: people.Person) -> None:
    addresses = ["/settings/workspace", "/settings/mail", "/settings/tab", "/tab"]
    addresses += [f"/setup/{step}" for step in ("organization", "mail", "people", "tab", "announcement")]
    for way in SCHEMES:
        page = browse(furnished, **way)
        for address in addresses:
            page.goto(address)
            page.evaluate("document.fonts.ready")
            looked(page, f"{address}-{'phone' if 'viewport' in way else way['color_scheme']}")
            accessible(page)
        page.goto("about:blank")


def test_a_refused_test_mail_is_told_on_the_page(browse: Browse, furnished: people.Person) -> None:
    temper = Temper(senders=("news@northwind.test",))
    with listening(temper) as port:
        for way in SCHEMES:
            page = browse(furnished, **way)
            page.expected = ["422", "the server responded"]  # type: ignore[attr-defined]
            page.goto("/setup/mail")
            page.get_by_label("Your mail server").check()
            page.get_by_label("Server", exact=True).fill("127.0.0.1")
            page.get_by_label("Port").fill(str(port))
            page.get_by_label("Encryption").select_option("none")
            page.get_by_label("User").fill("hub")
            page.get_by_label("Password").fill("right")
            page.get_by_label("Sender").fill("hub@northwind.test")
            page.get_by_role("button", name="Save and send a test mail").or_(
                page.get_by_role("button", name="Test again")
            ).click()

            expect(page.get_by_text("550 5.7.60 Client does not have permissions")).to_be_visible()
            expect(page.get_by_text("does not let this account send")).to_be_visible()
            looked(page, f"-refused-{'phone' if 'viewport' in way else way['color_scheme']}")
            accessible(page)
            people.remove_mail_server(by=furnished.id, now=datetime.now().astimezone())


def test_rows_are_moved_by_keyboard_buttons_and_dragging(browse: Browse, furnished: people.Person) -> None:
    page = browse(furnished)
    page.goto("/settings/tab")
    down = page.get_by_role("button", name="Move down: Rotterdam")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rotterdam is now number 2 of 4")).to_be_attached()
    expect(down).to_be_focused()
    page.get_by_role("button", name="Remove: Chicago").press("Space")
    page.get_by_role("button", name="Add a clock").press("Enter")
    page.keyboard.type("Oslo")
    page.locator('[data-rows="clocks"] select').last.select_option("Europe/Oslo")
    rows = page.locator('[data-rows="links"] li')
    rows.nth(3).locator("[data-handle]").drag_to(rows.nth(0), target_position={"x": 30, "y": 2})
    assert names(page, "links") == ["Expenses", "Bookings", "Tracking", "Handbook"]

    page.get_by_role("button", name="Save the new tab").click()
    page.wait_for_load_state()

    kept = people.workspace(workspace_id=furnished.workspace_id)
    assert [clock.label for clock in kept.clocks] == ["Porto", "Rotterdam", "Manila", "Oslo"]
    assert [link.label for link in kept.links] == ["Expenses", "Bookings", "Tracking", "Handbook"]
    assert kept.links[0].icon == "receipt"


def test_the_hue_is_seen_while_it_is_chosen_and_then_everywhere(
    browse: Browse, furnished: people.Person, maya: people.Person
) -> None:
    page = browse(furnished)
    page.goto("/settings/workspace")
    page.get_by_label("Hue").fill("30")
    color = "getComputedStyle(document.documentElement).getPropertyValue('--brand-h').trim()"
    assert page.evaluate(color) == "30"
    page.get_by_role("button", name="Save the workspace").click()
    page.wait_for_load_state()

    other = browse(maya)
    other.goto("/tab")
    assert other.evaluate(color) == "30"
    shown = other.locator("img.brand-mark")
    assert shown.evaluate("image => image.naturalWidth") == 64


def test_clocks_tell_the_time_there_and_links_lead_on(
    browse: Browse, furnished: people.Person, maya: people.Person
) -> None:
    page = browse(maya, timezone_id="America/Los_Angeles")
    page.goto("/tab")
    places = page.locator("[data-clock]")

    expect(places).to_have_count(4)
    expect(places.nth(3).locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    expect(places.nth(3)).to_contain_text(re.compile(r"at work until 18:00|starts (\w+ )?at 09:00"))
    # Maya works from nine to six in Amsterdam: in Porto that is eight to five.
    expect(places.nth(1)).to_contain_text("8 h with you")
    both = places.nth(1).locator(".tab-both").first
    assert [both.get_attribute(name) for name in ("x", "width")] == ["540", "480"]
    expect(places.nth(0)).not_to_contain_text("with you")
    expect(page.get_by_role("link", name="Handbook")).to_have_attribute("href", "https://handbook.northwind.test/")
