"""Charts in a real Chromium: taken along as drawing, picture and numbers."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.web import sheet
from tests.browser import accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
SEEN = """names => names.map(name => {
  const mark = document.body.appendChild(document.createElement("i"));
  mark.style.color = `var(--${name})`;
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(mark).color;
  pen.fillRect(0, 0, 1, 1);
  return [name, [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)];
})"""


def test_colors_on_paper_are_those_of_the_tokens(browse: Callable[..., Page], olga: people.Person) -> None:
    page = browse(olga, color_scheme="light")
    page.goto("/definitions")

    seen = dict(page.evaluate(SEEN, list(sheet.COLORS)))

    # A browser rounds as it likes.
    for name, color in sheet.COLORS.items():
        assert list(bytes.fromhex(color[1:])) == pytest.approx(seen[name], abs=1), name


@pytest.mark.parametrize(
    ("where", "name", "first"),
    [
        ("analytics", "How far it got", "of,name,at"),
        ("analytics", "Over time", "of,name,at"),
        ("analytics", "By group", "of,name,at"),
        ("alignment", "Who is aligned, week by week", "of,group_id"),
        ("alignment", "Time until people read", "of,group_id"),
        ("alignment", "Reading per person and week", "of,group_id"),
        ("flows", "From group to group", "from_id,from"),
    ],
)
def test_each_chart_is_taken_along_as_drawing_picture_and_numbers(
    browse: Callable[..., Page], announce: Any, olga: people.Person, where: str, name: str, first: str
) -> None:
    pages = {"analytics": f"/a/{announce().id}/analytics", "alignment": "/alignment", "flows": "/alignment/flows"}
    page = browse(olga)
    page.goto(pages[where])
    menu = page.get_by_role("group").filter(has=page.get_by_label(f"Download: {name}"))
    taken = {}
    for what in ("Drawing (SVG)", "Picture (PNG)", "Numbers (CSV)"):
        if not menu.get_by_text(what).is_visible():
            page.get_by_label(f"Download: {name}").click()
        looked(page, f"-{what[-4:-1]}")
        if what == "Drawing (SVG)":
            accessible(page)
        with page.expect_download() as download:
            menu.get_by_text(what).click()
        taken[what] = download.value.path().read_bytes()

    drawing, picture, numbers = taken.values()
    assert b"<svg" in drawing
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert f'width="{width // 2}" height="{height // 2}"' in drawing.decode()
    assert numbers.decode("utf-8-sig").startswith(first)


def test_without_scripts_a_chart_is_taken_along_but_as_a_picture(
    browse: Callable[..., Page], announce: Any, olga: people.Person
) -> None:
    page = browse(olga, java_script_enabled=False)
    page.goto(f"/a/{announce().id}/analytics")
    page.get_by_label("Download: By group").click()

    expect(page.get_by_text("Drawing (SVG)").locator("visible=true")).to_have_count(1)
    expect(page.get_by_text("Picture (PNG)").locator("visible=true")).to_have_count(0)
