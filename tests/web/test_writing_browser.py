"""From the first key to three readers in three time zones: an announcement as its author writes it and its readers meet it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.conftest import join
from tests.web.test_pictures_browser import described, give, worker

__all__ = ["worker"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]
NINE = time(9)


@pytest.fixture
def rosa(olga: people.Person, operations: people.Group, now: datetime) -> people.Person:
    """Return a member of Operations in Manila."""
    rosa = join(olga, "Rosa Dizon", "Asia/Manila", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=rosa.id, now=now)
    return rosa


def starts(page: Page) -> None:
    page.goto("/announcements/new")
    page.locator("[data-editor][data-ready]").wait_for()


def writes(page: Page) -> None:
    """Write as one does who knows a few shortcuts: Markdown while typing, the slash menu, a picture from the clipboard."""
    keys = page.keyboard
    page.get_by_label("Title", exact=True).click()
    keys.type("From Monday, dock 4 is closed")
    keys.press("Enter")
    expect(page.get_by_label("Summary")).to_be_focused()
    keys.type("Use dock 6 until the ramp is repaired.")
    page.locator(".ProseMirror").click()
    keys.type("## What changes\nTrucks use **dock 6**, before `14:00`.\n- Call the gate\nShow the code\n\n")
    give(page, "paste")
    described(page, "The way to dock 6")
    expect(page.get_by_role("img", name="The way to dock 6")).to_be_visible()
    keys.type("/ta")
    expect(page.get_by_role("option", name=re.compile("^Table"))).to_be_visible()
    keys.press("Enter")
    for cell in ("Who", "What", "When"):
        keys.type(cell)
        keys.press("Tab")
    keys.type("Operations")


def schedules(page: Page, day: date) -> None:
    picker = page.get_by_role("combobox", name="Add to the audience")
    picker.fill("oper")
    expect(page.get_by_role("option", name="Operations, 4 people")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_label("Everybody is asked to mark it as read").check()
    page.get_by_label("Confirm by").fill(f"{day + timedelta(days=3)}T17:00")
    page.get_by_text("Later", exact=True).click()
    page.locator("#id_day").fill(day.isoformat())
    page.get_by_label("On each person's own clock").check()


def met_by(browse: Browse, person: people.Person, item: publishing.Announcement) -> Page:
    """Open it from the new tab, as its readers do."""
    page = browse(person)
    page.goto("/tab")
    page.get_by_role("link", name=item.title).first.click()
    page.get_by_role("link", name="Open its page").click()
    page.wait_for_url(f"**/a/{item.id}")
    return page


@pytest.mark.timeout(240)
def test_what_is_written_once_is_read_at_nine_in_three_time_zones(
    browse: Browse, ines: people.Person, maya: people.Person, joao: people.Person, rosa: people.Person, at: datetime
) -> None:
    day = (at + timedelta(days=2)).date()
    page = browse(ines)
    starts(page)
    writes(page)
    schedules(page, day)
    rows = page.locator(".writing-side .when-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="Manila").locator("td").nth(1)).to_contain_text("09:00")
    accessible(page)
    looked(page, "-written")
    page.get_by_role("button", name="Review and schedule").click()
    expect(page.locator(".review-check[data-is=ok]").first).to_be_visible()
    looked(page, "-review")
    page.get_by_role("button", name="Schedule for 4 people").click()
    expect(page.get_by_text("at 09:00, on each person's own clock")).to_be_visible()
    looked(page, "-scheduled")

    [item] = publishing.mine(by=ines.id, now=at, state="scheduled")
    clock = publishing.OwnClock(day, NINE)
    assert (item.own_clock, item.ask_acknowledge) == (clock, True)
    manila, amsterdam, lisbon = map(clock.instant, ("Asia/Manila", "Europe/Amsterdam", "Europe/Lisbon"))
    with time_machine.travel(manila + timedelta(minutes=1)):
        assert publishing.due(now=datetime.now(UTC)) == [item.id]
        assert publishing.go_out(announcement_id=item.id, now=manila)
        delivery.fan_out(announcement_id=item.id, now=manila)
        reads(met_by(browse, rosa, item), day)
        early = browse(maya)
        early.expected.append("404")  # type: ignore[attr-defined]
        answer = early.goto(f"/a/{item.id}")
        assert answer and answer.status == 404, "it is not nine in Amsterdam yet"
    for reader, nine in ((maya, amsterdam), (joao, lisbon)):
        with time_machine.travel(nine + timedelta(minutes=1)):
            reads(met_by(browse, reader, item), day)

    met = {fact.recipient_id: fact for fact in delivery.facts(announcement_id=item.id)}
    assert [met[one.id].acknowledged_via for one in (rosa, maya, joao)] == ["page"] * 3
    assert [met[one.id].delivered_at for one in (rosa, maya, joao)] == [manila, amsterdam, lisbon]


def reads(page: Page, day: date) -> None:
    """Find all of it, at nine of that day on one's own clock, and mark it as read."""
    expect(page.get_by_role("heading", name="From Monday, dock 4 is closed")).to_be_visible()
    expect(page.locator("time").first).to_have_text(f"{day:%A} {day.day} {day:%B}, 09:00")
    text = page.locator("[data-body]")
    expect(text.get_by_role("heading", name="What changes")).to_be_visible()
    expect(text.locator("strong")).to_have_text("dock 6")
    expect(text.locator("code")).to_have_text("14:00")
    expect(text.get_by_role("listitem")).to_have_text(["Call the gate", "Show the code"])
    expect(text.get_by_role("columnheader")).to_have_text(["Who", "What", "When"])
    shown = text.get_by_role("img", name="The way to dock 6")
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=shown.element_handle())
    looked(page, f"-{page.evaluate('document.body.dataset.timezone').replace('/', '-')}")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("You confirmed this at")).to_be_visible()
    page.wait_for_load_state("networkidle")


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until something has the focus."""
    for _ in range(60):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab does not lead to {wanted}")


def test_the_keyboard_alone_leads_from_an_empty_page_to_what_is_out(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    page = browse(ines)
    starts(page)
    keys = page.keyboard
    reach(page, page.get_by_label("Title", exact=True))
    keys.type("Dock 4 closes")
    keys.press("Enter")
    keys.type("Use dock 6.")
    reach(page, page.locator(".ProseMirror"))
    keys.type("/head")
    keys.press("Enter")
    keys.type("From Monday on\nUse **dock 6**.")
    keys.press("Control+A")
    keys.press("ArrowRight")
    reach(page, page.get_by_role("combobox", name="Add to the audience"))
    keys.type("oper")
    expect(page.get_by_role("option", name="Operations, 3 people")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_text("3 people", exact=True)).to_be_visible()
    reach(page, page.get_by_label("Everybody is asked to mark it as read"))
    keys.press("Space")
    keys.press("Control+Enter")
    expect(page.get_by_role("heading", name="Ready for 3 people?")).to_be_focused()
    reach(page, page.get_by_role("button", name="Publish for 3 people"))
    keys.press("Enter")

    page.wait_for_url(re.compile(r"/a/\d+$"))
    [item] = publishing.mine(by=ines.id, now=at, state="published")
    assert (item.title, item.summary, item.ask_acknowledge) == ("Dock 4 closes", "Use dock 6.", True)
    assert item.body == "<h2>From Monday on</h2><p>Use <strong>dock 6</strong>.</p>"


def test_what_is_far_too_long_is_told_and_takes_nothing_with_it(
    browse: Browse, ines: people.Person, at: datetime
) -> None:
    page = browse(ines)
    starts(page)
    page.get_by_label("Title", exact=True).fill("Docks")
    text = page.locator(".ProseMirror")
    text.click()
    page.keyboard.type("Before.")

    pasted(page, ".ProseMirror", "a" * 10_000_000)
    expect(page.get_by_role("status").filter(has_text="too long")).to_be_visible()
    page.keyboard.type(" After.")
    assert page.locator("#id_body_markdown").input_value() == "<p>Before. After.</p>"
    page.get_by_label("Title", exact=True).focus()
    page.keyboard.insert_text(" b" * 1_000_000)
    expect(page.get_by_role("status").filter(has_text="first 120 characters")).to_be_visible()
    expect(page.locator('[data-slot="state"]')).to_contain_text("Draft, saved")
    page.wait_for_timeout(3_000)
    [draft] = publishing.mine(by=ines.id, now=at, state="draft")
    assert (draft.title[:5], draft.body) == ("Docks", "<p>Before. After.</p>")


def test_five_thousand_links_are_written_checked_and_read(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    page = browse(ines)
    starts(page)
    page.get_by_label("Title", exact=True).fill("Links")
    page.locator(".ProseMirror").click()
    links = "".join(f'<p><a href="https://n.example/{n}">{n}</a></p>' for n in range(5_000))

    pasted(page, ".ProseMirror", links, "text/html")

    expect(page.locator(".ProseMirror a")).to_have_count(5_000)
    expect(page.locator('[data-slot="state"]')).to_contain_text("Draft, saved", timeout=30_000)
    [draft] = publishing.mine(by=ines.id, now=at, state="draft")
    assert draft.body.count("<a ") == 5_000
    page.goto("about:blank")


def pasted(page: Page, place: str, content: str, kind: str = "text/plain") -> None:
    page.evaluate(
        """([place, kind, content]) => {
            const data = new DataTransfer();
            data.setData(kind, content);
            document.querySelector(place).dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [place, kind, content],
    )


def test_on_a_phone_the_button_says_what_it_is_for(browse: Browse, ines: people.Person) -> None:
    page = browse(ines, viewport=PHONE)
    page.goto("/announcements/new")
    page.locator("[data-editor][data-ready]").wait_for()

    button = page.get_by_role("button", name="Review and publish")
    around, word = button.bounding_box(), button.get_by_text("Review", exact=True).bounding_box()

    assert around and word
    assert around["x"] <= word["x"] and word["x"] + word["width"] <= around["x"] + around["width"]
    assert button.get_by_text("Review", exact=True).evaluate("it => getComputedStyle(it).clipPath") == "none"
