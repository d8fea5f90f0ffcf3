"""The picker of an audience in a real Chromium, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.conftest import join

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
Browse = Callable[..., Page]


@pytest.fixture
def company(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    """Put Joao in Porto, and a group for customs below Operations."""
    changes = people.PersonChanges(location="Porto", title="Driver")
    people.update_person(by=olga.id, person_id=joao.id, changes=changes, now=now)
    people.create_group(by=olga.id, name="Customs", kind="project", parent_id=operations.id, now=now)


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


def tokens(page: Page, name: str = "Chosen") -> list[str]:
    shown = page.get_by_role("list", name=name, exact=True).locator("[data-label]")
    return [text.strip() for text in shown.all_inner_texts()]


@pytest.mark.usefixtures("company")
def test_an_audience_is_chosen_by_keyboard_alone(browse: Browse, olga: people.Person, at: datetime) -> None:
    page = browse(olga)
    page.goto("/announcements/new")
    settled(page)
    keys, count = page.keyboard, page.locator("output[data-slot=count]")
    expect(count).to_have_text(re.compile("Nobody yet"))

    page.get_by_role("combobox", name="Add to the audience").focus()
    field = page.locator(":focus")
    keys.type("oper")
    expect(page.get_by_role("option").first).to_have_accessible_name("Operations, 3 people")
    expect(field).to_have_attribute("aria-activedescendant", "audience-options-0")
    accessible(page)
    looked(page, "-open")
    keys.press("Enter")
    expect(count).to_have_text(re.compile(r"3 people\s+in 2 time zones"))
    assert page.url.endswith("/announcements/new")  # Enter chose, and sent nothing
    keys.type("olga")
    expect(page.get_by_role("option", name="Olga Berg")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(count).to_have_text(re.compile("4 people"))
    keys.press("Backspace")
    expect(page.locator(".visually-hidden[data-said]")).to_have_text("Olga Berg removed")
    expect(count).to_have_text(re.compile("3 people"))

    keys.press("Tab")
    expect(page.locator(":focus")).to_have_text("Except…")
    keys.press("Enter")
    expect(page.locator(":focus")).to_have_accessible_name("Leave out")
    keys.type("porto")
    expect(page.get_by_role("option", name=re.compile("^Porto, Location"))).to_be_visible()
    keys.press("Enter")
    expect(count).to_have_text(re.compile(r"2 people\s+in one time zone"))
    assert (tokens(page), tokens(page, "Except, however they were chosen")) == (["Operations"], ["Porto"])
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_role("heading", name="Ready for 2 people?")).to_be_visible()
    page.keyboard.press("Escape")
    accessible(page)
    looked(page, "-chosen")

    page.get_by_role("textbox", name="Title").fill("Dock 4 closes")
    expect(page.get_by_text(re.compile("^Draft, saved"))).to_be_visible()
    page.reload()
    assert (tokens(page), tokens(page, "Except, however they were chosen")) == (["Operations"], ["Porto"])
    (draft,) = publishing.mine(by=olga.id, now=at)
    assert draft.audience.except_.attributes == (people.Attribute("location", "Porto"),)


@pytest.mark.usefixtures("company")
def test_escape_closes_and_everyone_stands_alone(browse: Browse, olga: people.Person) -> None:
    page = browse(olga)
    page.goto("/announcements/new")
    settled(page)
    field = page.get_by_role("combobox", name="Add to the audience")
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_accessible_name("Everyone, 4 people")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("cust")
    expect(page.get_by_role("option", name="Customs, Operations, 0 people")).to_be_visible()
    field.press("Enter")
    expect(page.locator("output[data-slot=count]")).to_have_text(re.compile("Nobody is left"))
    field.fill("every")
    expect(page.get_by_role("option", name="Everyone, 4 people")).to_be_visible()
    field.press("Enter")
    assert tokens(page) == ["Everyone"]
    field.fill("nobody like that")
    expect(page.get_by_text("Nothing by that name that you may address.")).to_be_visible()
    field.press("Escape")

    page.get_by_role("button", name="Except…").click()
    page.locator(":focus").press("Escape")  # nothing in it: it goes away again
    expect(page.locator(":focus")).to_have_text("Except…")


@pytest.mark.parametrize(
    "look", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"]
)
@pytest.mark.usefixtures("company")
def test_the_list_is_searched_and_taken_as_a_file(browse: Browse, olga: people.Person, look: dict[str, Any]) -> None:
    page = browse(olga, **look)
    page.goto("/announcements/new")
    settled(page)
    field = page.get_by_role("combobox", name="Add to the audience")
    for wanted in ("Operations", "Olga"):
        field.fill(wanted)
        page.get_by_role("option", name=wanted).click()
    page.get_by_role("button", name="Except…").click()
    page.locator(":focus").press("ArrowDown")
    expect(page.get_by_role("listbox", name="What to leave out")).to_be_visible()
    looked(page, "-excepting")
    accessible(page)
    page.locator(":focus").fill("maya")
    page.get_by_role("option", name="Maya Lindqvist").click()
    page.get_by_role("button", name="See the list").click()

    dialog = page.get_by_role("dialog", name="Who gets it")
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    accessible(page)
    looked(page, "-list")
    with page.expect_download() as taken:
        dialog.get_by_role("button", name="CSV").click()
    assert taken.value.path().read_text(encoding="utf-8-sig").splitlines()[1].startswith("Ines Carvalho,")
    dialog.get_by_role("searchbox").fill("joao")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(dialog.get_by_role("listitem")).to_contain_text("Driver, Operations")
    page.keyboard.press("Escape")  # empties the search
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(":focus")).to_have_text("See the list")


@pytest.mark.usefixtures("company")
def test_without_scripts_boxes_are_ticked(
    browse: Browse, olga: people.Person, operations: people.Group, at: datetime
) -> None:
    page = browse(olga, java_script_enabled=False)
    page.goto("/announcements/new")
    page.get_by_label("Title").fill("Dock 4 closes")
    page.get_by_label("Operations").first.check()
    page.get_by_text("Leave out", exact=True).first.click()
    page.locator("input[name=except_attribute][value='location:Porto']").check()
    page.get_by_role("button", name="Save the draft").click()

    (draft,) = publishing.mine(by=olga.id, now=at)
    left_out = people.Except(attributes=(people.Attribute("location", "Porto"),))
    assert draft.audience == people.Audience(group_ids=(operations.id,), except_=left_out)
    assert page.locator("input[name=except_attribute]:checked").count() == 1


def test_a_rare_place_keeps_its_count_when_the_draft_is_opened_again(
    browse: Browse, olga: people.Person, joao: people.Person, at: datetime
) -> None:
    for number in range(18):
        other = join(olga, f"N{number} Reader", "Europe/Lisbon", at)
        changes = people.PersonChanges(title=f"Driver {number}")
        people.update_person(by=olga.id, person_id=other.id, changes=changes, now=at)
    changes = people.PersonChanges(location="Zwolle")
    people.update_person(by=olga.id, person_id=joao.id, changes=changes, now=at)
    chosen = tuple(people.Attribute("location", place) for place in ("Zwolle", "Atlantis"))
    said = publishing.Draft(title="Hours", audience=people.Audience(attributes=chosen))
    draft = publishing.create(by=olga.id, draft=said, now=at)

    page = browse(olga)
    page.goto(f"/a/{draft.id}/edit")
    settled(page)

    rows = page.get_by_role("list", name="Chosen", exact=True).get_by_role("listitem")
    told = [(row.locator("[data-label]").inner_text(), row.locator("[data-people]").inner_text()) for row in rows.all()]
    assert sorted(told) == [("Atlantis", "0"), ("Zwolle", "1")]
