"""Templates on the pages: chosen to begin with, kept by admins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.web.templates import ICONS, KINDS
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.web.conftest import signed_in
from tests.web.test_listing import text


@pytest.fixture
def five(olga: people.Person, operations: people.Group, at: datetime) -> list[publishing.Template]:
    return publishing.templates(by=olga.id, now=at)


def test_an_announcement_begins_with_the_words_of_a_template(five: Any, ines: people.Person) -> None:
    browser = signed_in(ines)
    assert f'href="/announcements/new?template={five[0].id}"' in browser.get("/announcements").content.decode()
    assert "/announcements/templates" in browser.get("/announcements/new").content.decode()

    page = browser.get(f"/announcements/new?template={five[0].id}").content.decode()

    assert "From ‹date›, ‹what› works differently</textarea>" in page
    assert "From **‹date›**, ‹what happens now› becomes" in page
    assert 'name="ask_acknowledge" checked' in page


@pytest.mark.parametrize("chosen", ["x", "", "999999", "9" * 40])
def test_a_template_that_there_is_not_does_no_harm(chosen: str, five: Any, ines: people.Person) -> None:
    answer = signed_in(ines).get(f"/announcements/new?template={chosen}")

    assert answer.status_code == (404 if chosen.isdecimal() else 200)


def test_an_admin_adds_changes_removes_and_brings_back(
    five: Any, olga: people.Person, ines: people.Person, at: datetime
) -> None:
    browser = signed_in(olga)
    words = {
        "name": "A move",
        "purpose": "Where to",
        "icon": "flag",
        "kind": "news",
        "title": "We move",
        "body": "## When\n\nOn [date].",
    }
    browser.post("/announcements/templates/new", words)
    made = publishing.templates(by=olga.id, now=at)[-1]
    assert (made.name, made.icon, made.kind, made.body) == (
        "A move",
        "flag",
        "news",
        "<h2>When</h2><p>On [date].</p>",
    )

    browser.post(f"/announcements/templates/{made.id}", words | {"title": "We are moving"})
    removed = browser.post("/announcements/templates", {"template": made.id}, follow=True)
    assert "“A move” is removed. Undo" in text(removed)
    assert len(publishing.templates(by=olga.id, now=at)) == 5
    browser.post("/announcements/templates", {"do": "restore"})

    back = publishing.templates(by=olga.id, now=at)[-1]
    assert (back.name, back.title, back.body) == ("A move", "We are moving", made.body)
    assert "Remove" not in text(signed_in(ines).get("/announcements/templates"))


def test_what_is_wrong_stands_beside_its_field_and_the_form_as_it_was_sent(five: Any, olga: people.Person) -> None:
    sent = {"name": "", "title": "x" * 121, "body": "Kept"}
    answer = signed_in(olga).post("/announcements/templates/new", sent)

    assert answer.status_code == 422
    assert 'id="fault_name"' in answer.content.decode()
    assert 'id="fault_title"' in answer.content.decode()
    assert ">Kept</textarea>" in answer.content.decode()


def test_an_announcement_is_kept_as_a_template_from_the_list(
    announce: Any, olga: people.Person, ines: people.Person, at: datetime
) -> None:
    item = announce("New badges")
    assert "Save as template" in text(signed_in(olga).get("/announcements"))
    assert "Save as template" not in text(signed_in(ines).get("/announcements"))

    done = signed_in(olga).post("/announcements", {"do": "template", "announcement": item.id}, follow=True)

    assert "“New badges” is kept as a template." in text(done)
    assert publishing.templates(by=olga.id, now=at)[-1].name == "New badges"


def test_the_page_knows_every_icon_and_kind() -> None:
    assert tuple(ICONS) == publishing.TEMPLATE_ICONS
    assert set(KINDS) == set(get_args(publishing.Kind))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@needs_chromium
@pytest.mark.parametrize(
    "scheme", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}], ids=["light", "dark", "phone"]
)
def test_every_page_is_accessible_and_fits(
    browse: Callable[..., Page], five: Any, olga: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(olga, **scheme)
    for address in ("templates", f"templates/{five[0].id}", f"new?template={five[2].id}", ""):
        page.goto(f"/announcements/{address}".rstrip("/"))
        page.evaluate("document.fonts.ready")
        looked(page, address)
        accessible(page)


@pytest.mark.browser
@needs_chromium
@pytest.mark.django_db(transaction=True)
def test_a_template_opens_in_the_editor_with_its_headings_and_lists(
    browse: Any, olga: people.Person, at: datetime
) -> None:
    first = publishing.templates(by=olga.id, now=at)[0]
    page = browse(olga)
    page.goto(f"/announcements/new?template={first.id}")

    written = page.get_by_role("textbox", name="Text", exact=True)
    written.wait_for()
    assert written.locator("h2, h3").count() == first.body.count("<h2>") + first.body.count("<h3>") > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("look", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE}])
def test_a_template_is_written_in_the_editor_without_pictures(
    five: Any, browse: Callable[..., Page], olga: people.Person, at: datetime, look: dict[str, Any]
) -> None:
    page = browse(olga, **look)
    page.goto(f"/announcements/templates/{five[0].id}")
    page.locator("[data-editor][data-ready]").wait_for()
    text = page.get_by_role("textbox", name="Text")
    expect(text.get_by_text("‹date›").first).to_be_visible()
    assert page.locator("#id_body_markdown").input_value() == five[0].body
    expect(page.get_by_role("button", name="Picture", exact=True)).to_have_count(0)
    accessible(page)
    looked(page)

    page.goto("/announcements/templates/new")
    page.locator("[data-editor][data-ready]").wait_for()
    page.get_by_label("Name", exact=True).fill("A move")
    text.click()
    for word, offered in (("/tab", True), ("/pict", False)):
        page.keyboard.type(word)
        expect(page.locator("#slash")).to_be_visible(visible=offered)
        for _ in word:
            page.keyboard.press("Backspace")
    page.keyboard.press("Control+B")
    page.keyboard.type("Mind the gap.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/announcements/templates")

    saved = publishing.templates(by=olga.id, now=at)[-1]
    assert (saved.name, saved.body) == ("A move", "<p><strong>Mind the gap.</strong></p>")


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@needs_chromium
def test_a_picture_that_is_dropped_into_a_template_is_told_to_have_no_place(
    five: Any, browse: Callable[..., Page], olga: people.Person
) -> None:
    page = browse(olga)
    page.goto("/announcements/templates/new")
    page.locator("[data-editor][data-ready]").wait_for()

    page.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "gate.png", { type: "image/png" }));
        document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }""")

    expect(page.get_by_text("A template holds no pictures.")).to_be_visible()
