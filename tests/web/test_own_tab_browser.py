"""The tab as a page: read in place, worked by keys, and what a person switches off for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.media import services as media
from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
LINKS = (people.Link("Handbook", "https://handbook.test/"), people.Link("Travel", "https://travel.test/"))


@pytest.fixture
def tab(browse: Any, announce: Any, olga: people.Person, at: datetime) -> Any:
    """Return a function that opens the tab as somebody of a company with two links."""
    announce("New badges", body="<p>Fetch yours at the desk.</p>")
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(links=LINKS), now=at)

    def open_as(person: people.Person, **look: Any) -> Page:
        page: Page = browse(person, **look)
        page.context.route("https://*.test/**", lambda route: route.fulfill(body="There"))
        page.goto("/tab")
        return page

    return open_as


def test_an_announcement_is_read_in_place(tab: Any, maya: people.Person) -> None:
    page = tab(maya)
    page.get_by_role("link", name="New badges").click()

    reader = page.get_by_role("dialog", name="New badges")
    expect(reader.get_by_text("Fetch yours at the desk.")).to_be_visible()
    accessible(page)
    looked(page, "-reader")
    page.keyboard.press("m")
    expect(page.get_by_text("You’re aligned.")).to_be_visible()
    assert page.url.endswith("/tab")


def test_a_picture_is_seen_in_place(
    browse: Any, announce: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    image = media.upload(by=ines.id, content=picture((300, 200)), now=at)
    media.make(image_id=image.id, now=at)
    announce("Fire drill", body=f'<p>Look.</p><img src="{image.src}" width="300" height="200" alt="Plan">')
    page = browse(maya)
    page.goto("/tab")

    page.get_by_role("link", name="Fire drill").click()

    expect(page.get_by_role("dialog").get_by_alt_text("Plan")).to_have_js_property("naturalWidth", 300)


def test_a_number_opens_a_link_and_is_left_alone_where_there_is_none(tab: Any, maya: people.Person) -> None:
    page = tab(maya)
    expect(page.get_by_role("link", name="Travel")).to_be_visible()

    page.keyboard.press("3")
    page.get_by_role("combobox").press_sequentially("2")
    expect(page.get_by_role("combobox")).to_have_value("2")
    page.get_by_role("combobox").blur()
    page.keyboard.press("2")

    page.wait_for_url("https://travel.test/")


def chosen(person: people.Person) -> people.OwnTab:
    return people.own_tab(by=person.id)


def kept(page: Page, person: people.Person, own: people.OwnTab) -> None:
    """Wait until the hub has what somebody decided."""
    for _try in range(100):
        if chosen(person) == own:
            return
        page.wait_for_timeout(100)
    raise AssertionError(chosen(person))


def test_what_somebody_decides_about_their_tab_is_theirs_in_every_browser(
    tab: Any, maya: people.Person, joao: people.Person
) -> None:
    page = tab(maya)
    page.get_by_role("button", name="What this tab shows").click()
    dialog = page.get_by_role("dialog", name="What this tab shows")
    for part in ("Clock", "News", "Shortcuts of one key"):
        dialog.get_by_label(part, exact=True).uncheck()
    dialog.get_by_role("button", name="Add a link").click()
    dialog.get_by_label("Name").fill("Rota")
    dialog.get_by_label("Address", exact=True).fill("rota.test")
    accessible(page)
    looked(page, "-own")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link", name="Rota")).to_have_attribute("href", "https://rota.test/")
    kept(page, maya, people.OwnTab(("clock", "news", "keys"), (people.Link("Rota", "https://rota.test/"),)))

    another = tab(maya)
    expect(another.locator(".tab-clock")).to_be_hidden()
    expect(another.get_by_role("link", name="Travel")).to_be_visible()
    expect(another.get_by_role("link", name="Rota")).to_be_visible()
    expect(another.get_by_role("link", name="New badges")).to_be_visible()
    another.keyboard.press("?")
    expect(another.get_by_role("dialog", name="Shortcuts", exact=True)).to_be_hidden()
    joaos = tab(joao)
    expect(joaos.locator(".tab-clock")).to_be_visible()
    expect(joaos.get_by_role("link", name="Rota")).to_have_count(0)


def test_nothing_is_drawn_that_is_switched_off(tab: Any, maya: people.Person) -> None:
    people.choose_own_tab(by=maya.id, own=people.OwnTab(("clock",)))
    page = tab(maya)
    page.context.route("**/static/js/tab-page.js", lambda route: route.abort())
    page.expected.append("net::ERR_FAILED")  # type: ignore[attr-defined]  # the fixture's
    page.reload(wait_until="domcontentloaded")

    expect(page.locator(".tab-clock")).to_be_hidden()


def test_what_is_decided_without_a_network_is_sent_later(tab: Any, maya: people.Person) -> None:
    page = tab(maya)
    page.expected += ["Failed to load resource", "net::ERR_"]
    page.get_by_role("link", name="Travel").wait_for()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("checkbox", name="Links").uncheck()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link", name="Travel")).to_be_hidden()
    assert chosen(maya) == people.OwnTab()

    page.context.set_offline(False)

    kept(page, maya, people.OwnTab(("links",)))
    expect(page.get_by_role("link", name="Travel")).to_be_hidden()


def test_what_the_hub_refuses_is_said_and_does_not_stay(tab: Any, maya: people.Person) -> None:
    page = tab(maya)
    page.expected.append("Failed to load resource")
    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("button", name="Add a link").click()
    page.get_by_label("Address", exact=True).fill("https://rota.test/" + "ü" * 1_000)
    page.get_by_role("button", name="Done").click()

    expect(page.locator(".toast")).to_be_visible()
    expect(page.get_by_role("link", name="rota.test")).to_have_count(0)


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": PHONE}])
def test_an_address_that_is_none_is_said_at_its_field_and_nothing_is_lost(
    tab: Any, maya: people.Person, look: dict[str, Any]
) -> None:
    page = tab(maya, **look)
    page.get_by_role("button", name="What this tab shows").click()
    dialog = page.get_by_role("dialog", name="What this tab shows")
    dialog.get_by_role("checkbox", name="Clock", exact=True).uncheck()
    for name, address in (("Rota", "https://rota.test/"), ("Canteen", "every day"), ("Payslips", "")):
        dialog.get_by_role("button", name="Add a link").click()
        dialog.get_by_label("Name").last.fill(name)
        dialog.get_by_label("Address", exact=True).last.fill(address)
    dialog.get_by_role("button", name="Add a link").click()  # one that stays empty is none
    dialog.get_by_role("button", name="Done").click()

    canteen, payslips = (dialog.get_by_label("Address", exact=True).nth(place) for place in (1, 2))
    expect(dialog.get_by_text("Use a whole address that begins with https://.")).to_have_count(2)
    expect(canteen).to_be_focused()
    expect(canteen).to_have_accessible_description("Use a whole address that begins with https://.")
    accessible(page)
    looked(page, "-wrong")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    assert chosen(maya) == people.OwnTab()
    payslips.fill("pay.test")
    canteen.fill("canteen.test/today")
    dialog.get_by_role("button", name="Done").click()

    links = [people.Link(*one) for one in (
        ("Rota", "https://rota.test/"), ("Canteen", "https://canteen.test/today"), ("Payslips", "https://pay.test/")
    )]  # fmt: skip
    kept(page, maya, people.OwnTab(("clock",), tuple(links)))


def test_a_wrong_address_is_still_there_when_the_dialog_was_closed_over_it(tab: Any, maya: people.Person) -> None:
    page = tab(maya)
    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("button", name="Add a link").click()
    page.get_by_label("Address", exact=True).fill("every day")
    page.evaluate("document.getElementById('own').close()")  # as a browser does that is asked twice

    page.get_by_role("button", name="What this tab shows").click()

    expect(page.get_by_label("Address", exact=True)).to_have_value("every day")
    page.get_by_role("button", name="Remove this link").click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert chosen(maya) == people.OwnTab()
