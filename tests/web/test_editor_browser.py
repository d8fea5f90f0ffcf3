"""Writing in a real Chromium: the editor, what is pasted into it, and that no word is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.bodies import EVERYTHING, anybody
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]


@pytest.fixture(autouse=True)
def managing(operations: people.Group) -> people.Group:
    """Let Ines have somebody to write to."""
    return operations


def written(page: Page) -> str:
    return page.locator("#id_body_markdown").input_value()


def opened(page: Page, address: str = "/announcements/new") -> Any:
    page.goto(address)
    page.locator("[data-editor][data-ready]").wait_for()
    return page.locator(".ProseMirror")


def paste(page: Page, kind: str, content: str) -> None:
    page.evaluate(
        """([kind, content]) => {
            const data = new DataTransfer();
            data.setData(kind, content);
            document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [kind, content],
    )


def drafted(ines: people.Person, body: str, now: datetime) -> publishing.Announcement:
    return publishing.create(by=ines.id, draft=publishing.Draft(title="Hours", body=body), now=now)


def test_typing_makes_rich_text(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    text = opened(page)
    text.click()
    expect(page.locator("[data-mark] [data-of=saved]")).to_be_hidden()

    page.keyboard.type("## Hours\nWe close at **three** on Fridays.\n- Docks\nGates\n\n\n[x] Told\n")

    assert written(page).startswith(
        "<h2>Hours</h2><p>We close at <strong>three</strong> on Fridays.</p><ul><li>Docks</li><li>Gates</li></ul>"
        '<ul data-kind="tasks"><li data-done="true">Told</li>'
    )
    expect(page.locator('[data-slot="length"]')).to_contain_text("10 words")
    expect(page.locator('[data-slot="state"]')).to_contain_text("saved")
    expect(page.locator("[data-mark] [data-of=saved]")).to_be_visible()


def test_a_slash_offers_what_can_be_put_in(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    text = opened(page)
    text.click()

    page.keyboard.type("/ta")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(2)
    assert text.get_attribute("aria-activedescendant")
    looked(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.type("b")
    page.keyboard.press("Control+A")
    page.keyboard.type("/table")
    page.keyboard.press("Enter")
    page.keyboard.type("Team")

    assert "<thead><tr><th>Team</th>" in written(page)
    page.get_by_role("button", name="Add row").click()
    assert written(page).count("<tr>") == 4


def test_the_toolbar_is_one_stop_and_says_what_is_on(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    text = opened(page)
    text.click()
    page.keyboard.press("Control+B")

    expect(page.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    assert page.locator('[role="toolbar"] [tabindex="0"]').count() == 1
    page.locator('[role="toolbar"] [tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Redo")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Small heading")).to_be_focused()


def test_a_finger_takes_back_what_was_written_and_brings_it_again(browse: Browse, ines: people.Person) -> None:
    page = browse(ines, viewport=PHONE, has_touch=True)
    text = opened(page)
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    for button in (undo, redo):
        expect(button).to_be_in_viewport()
        expect(button).to_have_attribute("aria-disabled", "true")
    expect(undo).to_have_attribute("title", "Undo (Ctrl+Z)")
    text.tap()
    page.keyboard.type("Dock 6")
    expect(undo).to_have_attribute("aria-disabled", "false")
    accessible(page)
    looked(page)

    undo.tap()
    assert written(page) == ""
    expect(text).to_be_focused()
    redo.tap()
    assert written(page) == "<p>Dock 6</p>"


def test_markdown_that_is_pasted_becomes_rich(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()

    paste(page, "text/plain", "## Hours\n\n- [x] Told\n- [ ] Done\n\n| a | b |\n|---|---|\n| 1 | 2 |")

    expect(page.locator(".ProseMirror table")).to_be_visible()
    assert "<h2>Hours</h2>" in written(page)
    assert '<li data-done="true">Told</li>' in written(page)


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0cm}</style></head><body>
<!--StartFragment--><p class=MsoNormal style='margin:0cm;mso-fareast-language:EN-US'><b><span lang=EN-GB style='color:red'>Hours</span></b><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span>Docks<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp; </span></span>Gates</p><!--EndFragment--></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-12345"><h1 dir="ltr" style="line-height:1.38"><span style="font-size:20pt;font-weight:400">Hours</span></h1>
<p dir="ltr"><span style="font-weight:700;font-style:normal">Three</span><span style="font-style:italic"> o'clock </span><a href="https://www.google.com/url?q=https://northwind.example/"><span style="color:#1155cc;text-decoration:underline">here</span></a></p></b>"""
NOTION = """<meta charset='utf-8'><!-- notionvc: 1 --><p>Hours</p><ul class="to-do-list"><li><div class="checkbox checkbox-on"></div><span class="to-do-children-checked">Told</span></li>
<li><div class="checkbox checkbox-off"></div><span>Done</span></li></ul><p><img src="https://evil.example/x.png" style="width:1px"><span style="color:red" data-token-index="0">End</span></p>"""


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        (WORD, "<p><strong>Hours</strong></p><ul><li>Docks<ul><li>Gates</li></ul></li></ul>"),
        (
            DOCS,
            "<h2>Hours</h2><p><strong>Three</strong><em> o'clock </em>"
            '<a href="https://northwind.example/" rel="noopener noreferrer">here</a></p>',
        ),
        (
            NOTION,
            '<p>Hours</p><ul data-kind="tasks"><li data-done="true">Told</li><li data-done="false">Done</li></ul><p>End</p>',
        ),
    ],
    ids=["Word", "Google Docs", "Notion"],
)
def test_what_is_pasted_is_no_soup(browse: Browse, ines: people.Person, source: str, clean: str) -> None:
    page = browse(ines)
    opened(page).click()

    paste(page, "text/html", source)

    assert written(page) == clean


def test_an_address_pasted_on_words_links_them(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page).click()
    page.keyboard.type("Details")
    page.keyboard.press("Control+A")

    paste(page, "text/plain", "https://northwind.example/")

    assert written(page) == '<p><a href="https://northwind.example/" rel="noopener noreferrer">Details</a></p>'
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+K")
    page.get_by_label("Address").fill("")
    page.keyboard.press("Enter")
    expect(page.locator("#id_body_markdown")).to_have_value("<p>Details</p>")


THROUGH = """async (bodies) => {
    const { edit } = await import("/static/js/editor/index.js");
    const editor = await edit(document.querySelector("#id_body_markdown"), {});
    return bodies.map((body) => (editor.load(body), editor.html()));
}"""


def test_any_body_comes_back_from_the_editor_as_it_was(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    page.expected.append("404")  # type: ignore[attr-defined]  # the picture is nobody's
    opened(page)
    bodies = [EVERYTHING, *map(anybody, range(80))]

    back = page.evaluate(THROUGH, bodies)

    for body, returned in zip(bodies, back, strict=True):
        assert returned == body


def test_what_is_kept_while_offline_is_sent_on_return(browse: Browse, ines: people.Person, at: datetime) -> None:
    draft = drafted(ines, "<p>Old</p>", at)
    page = browse(ines)
    page.expected += ["ERR_INTERNET_DISCONNECTED"]  # type: ignore[attr-defined]
    opened(page, f"/a/{draft.id}/edit").click()
    page.context.set_offline(True)
    page.keyboard.press("Control+End")
    page.keyboard.type(" and new")
    expect(page.locator('[data-slot="state"]')).to_contain_text("Kept on this computer")
    expect(page.locator("[data-mark] [data-of=away]")).to_be_visible()

    page.context.set_offline(False)

    expect(page.locator('[data-slot="state"]')).to_contain_text("Draft, saved")
    assert publishing.get(announcement_id=draft.id).body == "<p>Old and new</p>"


def test_an_expired_session_loses_nothing(browse: Browse, ines: people.Person, at: datetime) -> None:
    draft = drafted(ines, "<p>Old</p>", at)
    page = browse(ines)
    page.expected += ["401", "403", "409"]  # type: ignore[attr-defined]
    opened(page, f"/a/{draft.id}/edit").click()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and new")
    expect(page.locator('[data-slot="state"]')).to_contain_text("Sign in again")

    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.on("dialog", lambda dialog: dialog.accept())
    opened(page, f"/a/{draft.id}/edit")

    assert written(page) == "<p>Old and new</p>"
    expect(page.locator('[data-slot="state"]')).to_contain_text("Draft, saved")


@pytest.mark.parametrize(
    ("choice", "mine"), [("Save mine as a copy", "<p>Old mine</p>"), ("Show theirs", "<p>Theirs</p>")]
)
def test_the_second_of_two_is_told_and_loses_nothing(
    browse: Browse, ines: people.Person, at: datetime, choice: str, mine: str
) -> None:
    draft = drafted(ines, "<p>Old</p>", at)
    page = browse(ines)
    page.expected += ["409"]  # type: ignore[attr-defined]
    opened(page, f"/a/{draft.id}/edit").click()
    theirs = publishing.Draft(body="<p>Theirs</p>")
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=theirs, now=at)
    page.keyboard.press("Control+End")
    page.keyboard.type(" mine")

    page.get_by_role("button", name=choice).click()

    if choice == "Save mine as a copy":
        page.wait_for_url(lambda address: f"/a/{draft.id}/" not in address)
        page.locator("[data-editor][data-ready]").wait_for()
    expect(page.locator(".ProseMirror")).to_have_text(mine.removeprefix("<p>").removesuffix("</p>"))
    assert publishing.get(announcement_id=draft.id).body == "<p>Theirs</p>"


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_the_editor_is_accessible_and_fits(
    browse: Browse, ines: people.Person, at: datetime, scheme: dict[str, Any]
) -> None:
    draft = drafted(ines, EVERYTHING.partition("<figure>")[0], at)
    page = browse(ines, **scheme)

    text = opened(page, f"/a/{draft.id}/edit")
    text.click()
    accessible(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("/ta")
    expect(page.get_by_role("listbox")).to_be_visible()
    accessible(page)


def test_without_the_editor_the_field_takes_markdown(browse: Browse, ines: people.Person, at: datetime) -> None:
    draft = drafted(ines, "<p>Fetch <strong>yours</strong>.</p>", at)
    page = browse(ines)
    page.expected += ["ERR_FAILED", "could not be opened"]  # type: ignore[attr-defined]
    page.route("**/django_prose_editor/**", lambda route: route.abort())
    page.goto(f"/a/{draft.id}/edit")

    field = page.get_by_role("textbox", name="Text")
    expect(field).to_have_value("Fetch **yours**.")
    field.fill("Fetch *it*.")
    expect(page.locator('[data-slot="state"]')).to_contain_text("Draft, saved")
    page.wait_for_timeout(2500)
    assert publishing.get(announcement_id=draft.id).body == "<p>Fetch <em>it</em>.</p>"
