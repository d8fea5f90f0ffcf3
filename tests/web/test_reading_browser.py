"""The page of an announcement and its history in a real Chromium: in both schemes, on a phone, by keyboard, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, ROOM, accessible, looked, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
Browse = Callable[..., Page]
WAYS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": ROOM},
    "dark": {"color_scheme": "dark", "viewport": ROOM},
    "phone": {"color_scheme": "light", "viewport": PHONE},
}
LONG = (
    "<p>Customs now screens EU-bound cargo <em>before</em> it is loaded. If a booking has no six-digit HS code, the filing"
    " is rejected and the truck waits at our dock, at our cost.</p>"
    "<p><strong>Why it matters.</strong> In the October trial, {held} of 1,180 bookings were held. The average hold was nine"
    " hours. Every one of them was missing a code.</p>"
    "<h2>What changes on 1 December</h2><ul><li>The HS code becomes a required field on every EU-bound booking.</li>"
    "<li>Bookings must be complete <strong>24 hours before pick-up</strong>. Until now it was four.</li></ul>"
    "<h2>What you need to do</h2><table><thead><tr><th>Team</th><th>Before 1 December</th><th>From then on</th><th>Who helps</th></tr></thead>"
    "<tbody><tr><td>Operations</td><td>Check open bookings with the <a href='https://northwind.test/codes'>missing-code"
    " list</a></td><td>Release nothing without a green filing status</td><td>Dario</td></tr><tr><td>Customer Care</td><td>Use the new"
    " reply template for incomplete bookings</td><td>Ask for the code on the first contact</td><td>Aisha</td></tr></tbody></table>"
    "<aside><p><strong>Not sure which code applies?</strong> Dario and Aisha answer within two working hours.</p></aside>"
    "<h3>In the booking form</h3><pre><code>HS 8471.30  portable computers\nHS 9403.60  wooden furniture</code></pre>"
    "<blockquote><p>A code is six digits. “Parts” is not one.</p></blockquote>"
    + "<p>"
    + "Nothing else changes. " * 80
    + "</p>"
)


@pytest.fixture
def item(announce: Any, olga: people.Person, maya: people.Person, ines: people.Person, at: datetime) -> Any:
    """Return a long one that is pinned, that Maya confirmed, and that has changed materially since."""
    made = announce(
        "From 1 December, no EU-bound load leaves without a six-digit HS code",
        body=LONG.format(held=41),
        deadline=at + timedelta(days=3),
    )
    delivery.acknowledge(by=maya.id, announcement_id=made.id, version=1, now=at)
    draft = publishing.Draft(body=LONG.format(held=43))
    publishing.correct(announcement_id=made.id, by=ines.id, draft=draft, change="material", now=at)
    publishing.pin(announcement_id=made.id, by=olga.id, now=at)
    return made


@pytest.mark.parametrize("way", WAYS)
def test_every_state_of_it_is_accessible_and_fits(
    browse: Browse, item: Any, announce: Any, maya: people.Person, ines: people.Person, joao: people.Person,
    charlie: people.Person, operations: people.Group, at: datetime, way: str,
) -> None:  # fmt: skip
    withdrawn, expired = (
        announce("Cake in the kitchen"),
        announce("Lifts stand still", expires_at=at + timedelta(seconds=1)),
    )
    publishing.withdraw(announcement_id=withdrawn.id, by=ines.id, reason="There is no cake.", now=at)
    words = publishing.Draft(title="New badges", body=LONG, audience=people.Audience(group_ids=(operations.id,)))
    draft, scheduled = (publishing.create(by=ines.id, draft=words, now=at) for _ in range(2))
    publishing.schedule(
        announcement_id=scheduled.id, by=ines.id, when=publishing.When(at=at + timedelta(days=2)), now=at
    )
    delivery.acknowledge(by=joao.id, announcement_id=item.id, version=2, now=at)
    seen: list[tuple[str, people.Person, str]] = [
        ("owed", maya, f"/a/{item.id}"),
        ("done", joao, f"/a/{item.id}"),
        ("author", ines, f"/a/{item.id}"),
        ("withdrawn", maya, f"/a/{withdrawn.id}"),
        ("expired", maya, f"/a/{expired.id}"),
        ("draft", ines, f"/a/{draft.id}"),
        ("scheduled", ines, f"/a/{scheduled.id}"),
        ("nothing", charlie, f"/a/{item.id}"),
        ("history", ines, f"/a/{item.id}/history"),
        ("no-history", ines, f"/a/{draft.id}/history"),
    ]
    for state, person, address in seen:
        page = browse(person, **WAYS[way])
        page.expected = ["404"]  # type: ignore[attr-defined]
        page.goto(address)
        page.evaluate("document.fonts.ready")
        looked(page, f"-{state}")
        accessible(page)
        page.goto("about:blank")


def test_a_wide_table_is_scrolled_by_keyboard_on_a_phone(browse: Browse, item: Any, maya: people.Person) -> None:
    page = browse(maya, viewport=PHONE)
    page.goto(f"/a/{item.id}")
    table = page.get_by_role("region", name="Table 1")

    table.focus()
    page.keyboard.press("ArrowRight")

    page.wait_for_function("region => region.scrollLeft > 0", arg=table.element_handle())


def test_the_headings_lead_through_the_page_and_show_where_one_is(
    browse: Browse, item: Any, maya: people.Person
) -> None:
    page = browse(maya)
    page.goto(f"/a/{item.id}")
    outline = page.get_by_role("navigation", name="On this page")
    first, second = (outline.get_by_role("link", name=name) for name in ("What changes on", "What you need"))
    expect(first).to_have_attribute("aria-current", "true")

    second.click()

    expect(page).to_have_url(re.compile("#on-what-you-need-to-do$"))
    expect(second).to_have_attribute("aria-current", "true")
    expect(first).not_to_have_attribute("aria-current", "true")


def test_its_address_is_copied(browse: Browse, item: Any, maya: people.Person) -> None:
    page = browse(maya)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/a/{item.id}#on-what-you-need-to-do")

    page.get_by_role("button", name="Copy its address").click()

    expect(page.get_by_text("The address is copied.")).to_be_visible()
    assert str(page.evaluate("navigator.clipboard.readText()")).endswith(f"/a/{item.id}")


def test_what_changed_is_folded_away_without_a_script(browse: Browse, item: Any, maya: people.Person) -> None:
    page = browse(maya, java_script_enabled=False)
    page.goto(f"/a/{item.id}")
    expect(page.locator("del")).to_contain_text("41")
    expect(page.locator("ins")).to_contain_text("43")

    page.get_by_text("What changed since you confirmed it").click()

    expect(page.locator("del")).to_be_hidden()


def test_on_paper_it_is_the_text_on_white_and_nothing_around_it(browse: Browse, item: Any, ines: people.Person) -> None:
    page = browse(ines, color_scheme="dark")
    page.goto(f"/a/{item.id}")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(f"/a/{item.id}")).to_be_visible()
    for around in ("header.top", ".reading-side", ".dock"):
        assert not page.locator(around).is_visible()
    light = "getComputedStyle(document.querySelector('h1')).color.match(/oklch\\(([\\d.]+)/)[1] < 0.5"
    assert page.evaluate(light)


def test_an_older_version_is_restored_by_keyboard(browse: Browse, item: Any, ines: people.Person, at: datetime) -> None:
    page = browse(ines)
    page.goto(f"/a/{item.id}")
    page.get_by_role("link", name="History").click()
    fold = page.locator("summary", has_text="Restore version 1")

    fold.focus()
    page.keyboard.press("Enter")
    looked(page, "-asked")
    accessible(page)
    page.get_by_role("radio", name="A typo").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Restore version 1").press("Enter")

    expect(page.get_by_role("status").get_by_text("This is version 3.")).to_be_visible()
    assert publishing.versions(by=ines.id, announcement_id=item.id, now=at)[-1].change == "typo"


@pytest.mark.parametrize("way", WAYS)
def test_who_has_confirmed_follows_what_its_reader_does(
    browse: Browse, announce: Any, maya: people.Person, ines: people.Person, joao: people.Person, way: str
) -> None:
    made = announce("New badges")
    page = browse(maya, **WAYS[way])
    page.goto(f"/a/{made.id}")
    said = page.get_by_role("region", name="Who has confirmed")
    expect(said).to_contain_text(re.compile(r"0\s+of 3 people"))

    page.get_by_role("button", name="Mark as read").click()
    expect(said).to_contain_text(re.compile(r"1\s+of 3 people"))
    expect(said.get_by_role("progressbar")).to_have_attribute("value", "1")
    page.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text(re.compile(r"0\s+of 3 people"))

    page = browse(ines, **WAYS[way])
    page.goto(f"/a/{made.id}")
    aligned = page.get_by_role("region", name="Who is aligned")
    expect(aligned).to_contain_text("0 of 3")
    page.get_by_role("button", name="Mark as read").click()
    expect(aligned).to_contain_text("1 of 3")
    expect(aligned.get_by_role("listitem").filter(has_text=ines.name)).to_be_hidden()
    expect(aligned.get_by_role("link", name="Nudge 2 people…")).to_be_visible()
    accessible(page)
    looked(page)


@pytest.mark.parametrize("again", [False, True])
def test_a_confirmation_whose_answer_was_lost_is_taken_back_at_the_hub_too(
    browse: Browse, announce: Any, maya: people.Person, again: bool
) -> None:
    item = announce()
    page = browse(maya)
    page.expected += ["Failed to load resource", "net::ERR_"]  # type: ignore[attr-defined]
    page.goto(f"/a/{item.id}")
    page.wait_for_load_state("networkidle")

    def confirmed() -> bool:
        return any(one.acknowledged_at for one in delivery.facts(announcement_id=item.id))

    lost = True

    def lose(route: Route) -> None:
        if lost:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.context.route("**/api/v1/**", lose)
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("Kept here; it is sent when you are back online.")).to_be_visible()
    assert confirmed()
    page.context.set_offline(True)
    lost = False
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back. It waits for you again.")).to_be_visible()
    if again:
        page.get_by_role("button", name="Mark as read").click()
        expect(page.get_by_text("Kept here; it is sent when you are back online.")).to_be_visible()
    assert confirmed()

    page.context.set_offline(False)

    waiting = "Object.keys(localStorage).some((name) => name.startsWith('mantel.outbox.'))"
    for _try in range(150):
        if not page.evaluate(waiting):
            break
        page.wait_for_timeout(100)
    assert confirmed() == again
