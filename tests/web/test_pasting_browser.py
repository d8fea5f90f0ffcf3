"""What a clipboard brings into the editor, in a real Chromium: pictures with HTML beside them, Markdown, and what this editor copied."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from announcements.people import services as people
from tests.bodies import EVERYTHING
from tests.browser import looked, needs_chromium
from tests.pictures import picture
from tests.web.test_pictures_browser import FIGURE, described, opened, worker, written

__all__ = ["worker"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]

PASTE = """([kinds, picture]) => {
    const data = new DataTransfer();
    if (picture) data.items.add(new File([Uint8Array.from(atob(picture), (c) => c.charCodeAt(0))], "gate.png", { type: "image/png" }));
    for (const [kind, content] of Object.entries(kinds)) data.setData(kind, content);
    document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
COPY = """() => {
    const data = new DataTransfer();
    document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData("text/html");
}"""
THROUGH = """async (body) => {
    const { edit } = await import("/static/js/editor/index.js");
    const editor = await edit(document.querySelector("#id_body_markdown"), {});
    editor.load(body);
}"""
ELSEWHERE = "https://elsewhere.example/gate.png"


def paste(page: Page, content: bytes = b"", **kinds: str) -> None:
    named = {f"text/{kind}": said for kind, said in kinds.items()}
    page.evaluate(PASTE, [named, base64.b64encode(content).decode()])


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_a_picture_copied_in_a_browser_is_put_in_although_html_lies_beside_it(
    browse: Browse, ines: people.Person
) -> None:
    page = browse(ines)
    opened(page)

    paste(page, picture((300, 200)), html=f'<meta charset="utf-8"><img src="{ELSEWHERE}" alt="x">')
    described(page, "A gate")

    expect(page.get_by_role("img", name="A gate")).to_be_visible()
    assert FIGURE.sub(r"[\1]", written(page)) == "[A gate]"


def test_a_sheet_that_brings_a_picture_of_itself_is_pasted_as_a_table(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page)

    paste(page, picture((300, 200)), html="<table><tr><td>Docks</td><td>4</td></tr></table>", plain="Docks\t4")

    expect(page.locator(".ProseMirror table")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_how_many_pictures_of_a_document_stayed_behind_is_said(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page)

    paste(page, html=f'<p>Docks<img src="{ELSEWHERE}"></p><p><img src="file:///C:/gate.png"> Gates</p>')

    told(page, "2 pictures stayed behind: paste or drop them one by one.")
    looked(page, "-told")
    assert written(page) == "<p>Docks</p><p>Gates</p>"
    paste(page, html=f'<p>Ramps<img src="{ELSEWHERE}"><img src="{ELSEWHERE}" width="1" height="1"></p>')
    told(page, "One picture stayed behind: paste or drop it by itself.")


def test_markdown_stands_where_it_was_pasted_whatever_is_chosen_meanwhile(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    held: list[Route] = []
    opened(page)
    page.keyboard.type("First.\nSecond.\nLast.")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.route("**/api/v1/bodies", lambda route: held.append(route))
    page.wait_for_timeout(
        500
    )  # the editor hears of what is chosen a moment later; a person's Ctrl+V would make it look
    paste(page, plain="**Pasted** over the second.")
    page.wait_for_timeout(100)
    page.keyboard.press("Control+Home")
    page.keyboard.type("The ")
    page.keyboard.press("Control+End")
    page.keyboard.press("Shift+Home")
    held[0].continue_()

    expect(page.locator(".ProseMirror strong")).to_have_text("Pasted")
    page.keyboard.type("End.")
    assert written(page) == "<p>The First.</p><p><strong>Pasted</strong> over the second.</p><p>End.</p>"


def test_what_says_to_come_from_this_editor_is_cleaned_all_the_same(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page)
    forged = (
        f'<p data-pm-slice="1 1 [&quot;figure&quot;,{{&quot;src&quot;:&quot;{ELSEWHERE}&quot;}}]"><img src="{ELSEWHERE}">'
        '<span style="font-weight:700">Docks</span> <a href="javascript:alert(1)">open</a></p>'
    )

    paste(page, html=forged)

    assert written(page) == "<p><strong>Docks</strong> open</p>"
    assert page.locator(f'.ProseMirror img[src="{ELSEWHERE}"]').count() == 0
    told(page, "One picture stayed behind")


def test_what_is_copied_here_and_pasted_here_is_the_same(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    page.expected.append("404")  # type: ignore[attr-defined]  # the picture is nobody's
    text: Any = opened(page)
    page.evaluate(THROUGH, EVERYTHING)
    surface = page.locator(".ProseMirror").first
    surface.focus()
    page.keyboard.press("Control+A")
    before = surface.inner_html()

    copied = page.evaluate(COPY)
    assert "data-pm-slice" in copied
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    paste(page, html=copied)

    assert surface.inner_html() == before
    assert text
