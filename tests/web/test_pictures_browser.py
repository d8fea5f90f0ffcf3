"""Pictures while writing, in a real Chromium: pasted, dropped, picked, described, refused; and that none gets in the way of the text."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, Route, expect

from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]
SHOWS = "What does the picture show?"
FIGURE = re.compile(
    r'<figure><img src="/api/v1/images/[0-9a-f]{32}/file" alt="([^"]*)" width="300" height="200"></figure>'
)

GIVE = """([way, name, kind, content]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name, { type: kind }));
    const surface = document.querySelector(".ProseMirror");
    const { right, bottom } = surface.lastElementChild.getBoundingClientRect();
    const where = { bubbles: true, cancelable: true, clientX: right - 2, clientY: bottom - 2 };
    surface.dispatchEvent(way === "paste" ? new ClipboardEvent("paste", { clipboardData: data, ...where }) : new DragEvent("drop", { dataTransfer: data, ...where }));
}"""


@pytest.fixture(autouse=True)
def worker(operations: people.Group, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Let Ines have somebody to write to, and a worker that makes pictures anew."""
    stored = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": stored}
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.1):
            now = datetime.now(UTC)
            for image_id in media.waiting(now=now.replace(year=now.year + 1)):
                media.make(image_id=image_id, now=now)
        connection.close()

    beside = threading.Thread(target=work)
    beside.start()
    yield
    done.set()
    beside.join()


def opened(page: Page, address: str = "/announcements/new") -> Any:
    page.goto(address)
    page.locator("[data-editor][data-ready]").wait_for()
    text = page.locator(".ProseMirror")
    text.focus()
    return text


def give(page: Page, way: str, name: str = "gate.png", kind: str = "image/png", content: bytes = b"") -> None:
    page.evaluate(GIVE, [way, name, kind, base64.b64encode(content or picture((300, 200))).decode()])


def described(page: Page, words: str) -> None:
    expect(page.get_by_role("dialog", name=SHOWS)).to_be_visible()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def written(page: Page) -> str:
    return page.locator("#id_body_markdown").input_value()


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_a_picture_is_put_in_where_it_was_given_with_what_it_shows(
    browse: Browse, ines: people.Person, way: str
) -> None:
    page = browse(ines)
    opened(page)
    page.keyboard.type("Before.")

    give(page, way)
    described(page, "A gate")

    shown = page.get_by_role("img", name="A gate")
    expect(shown).to_be_visible()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=shown.element_handle())
    page.keyboard.type("After.")
    assert FIGURE.sub(r"[\1]", written(page)) == "<p>Before.</p>[A gate]<p>After.</p>"
    expect(page.locator("[data-uploads] li")).to_have_count(0)


def test_a_picture_is_picked_from_the_slash_menu_by_keyboard(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page)
    page.keyboard.type("/pic")
    expect(page.get_by_role("option", name="Picture")).to_be_visible()
    files = page.locator('[data-editor] input[type="file"]')
    files.evaluate(
        "input => input.addEventListener('click', (event) => { event.preventDefault(); input.dataset.asked = ''; })"
    )
    page.keyboard.press("Enter")
    assert files.get_attribute("data-asked") == "", "the browser asks for a file"
    files.set_input_files({"name": "gate.png", "mimeType": "image/png", "buffer": picture((300, 200))})
    described(page, "A gate")

    expect(page.get_by_role("img", name="A gate")).to_be_visible()


@pytest.mark.parametrize("scheme", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}])
def test_what_it_shows_can_be_said_later(browse: Browse, ines: people.Person, at: datetime, scheme: Any) -> None:
    image = media.upload(by=ines.id, content=picture((300, 200)), now=at)
    shown = f'<p>Look.</p><figure><img src="{image.src}" alt="A gait" width="300" height="200"></figure>'
    draft = publishing.create(by=ines.id, draft=publishing.Draft(title="Gates", body=shown), now=at)
    page = browse(ines, **scheme)
    opened(page, f"/a/{draft.id}/edit")
    expect(page.get_by_role("button", name="Describe the picture")).to_be_hidden()

    page.get_by_role("img", name="A gait").click()
    looked(page, "-chosen")
    page.get_by_role("button", name="Describe the picture").click()
    expect(page.get_by_label("In a few words")).to_have_value("A gait")
    accessible(page)
    looked(page, "-asked")
    page.get_by_label("In a few words").fill("A gate")
    page.keyboard.press("Enter")

    expect(page.get_by_role("img", name="A gate")).to_be_visible()
    assert FIGURE.sub(r"[\1]", written(page)) == "<p>Look.</p>[A gate]"
    page.get_by_role("button", name="Remove picture").click()
    assert written(page) == "<p>Look.</p>"


def test_escape_leaves_the_picture_out(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    opened(page)
    page.keyboard.type("Before.")
    give(page, "paste")
    expect(page.get_by_role("dialog", name=SHOWS)).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("[data-uploads] li")).to_have_count(0)
    page.wait_for_timeout(1_000)
    assert written(page) == "<p>Before.</p>"


def test_what_is_no_picture_is_refused_in_words_and_the_text_stays(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    page.expected += ["422"]  # type: ignore[attr-defined]
    opened(page)
    page.keyboard.type("Before.")

    give(page, "paste", "logo.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")

    row = page.locator("[data-uploads] li")
    expect(row).to_contain_text("logo.svg could not be added:")
    expect(page.get_by_role("dialog", name=SHOWS)).to_be_hidden()
    accessible(page)
    looked(page)
    row.get_by_role("button", name="Dismiss").click()
    expect(row).to_have_count(0)
    assert written(page) == "<p>Before.</p>"


def test_a_picture_that_did_not_get_through_is_sent_again(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    page.expected += ["ERR_FAILED"]  # type: ignore[attr-defined]
    opened(page)
    page.route("**/api/v1/images", lambda route: route.abort())
    give(page, "paste")
    row = page.locator("[data-uploads] li")
    expect(row).to_contain_text("there is no connection")
    page.unroute("**/api/v1/images")

    row.get_by_role("button", name="Try again").click()
    described(page, "A gate")

    expect(page.get_by_role("img", name="A gate")).to_be_visible()


def test_whoever_writes_on_meanwhile_is_not_disturbed(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    held: list[Route] = []
    page.route("**/api/v1/images", lambda route: held.append(route))
    opened(page)
    page.keyboard.type("Before.\n")
    give(page, "paste")
    described(page, "A gate")
    page.locator(".ProseMirror").focus()
    page.keyboard.type("After.")
    held[0].continue_()
    expect(page.get_by_role("img", name="A gate")).to_be_visible()
    page.keyboard.type(" And more.")

    assert FIGURE.sub(r"[\1]", written(page)) == "<p>Before.</p>[A gate]<p>After. And more.</p>"
