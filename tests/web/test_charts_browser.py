"""Charts in a real Chromium: taken along as drawing, picture and numbers."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.web import sheet
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
SEEN = """names => names.map(name => {
  const mark = document.body.appendChild(document.createElement("i"));
  mark.style.color = `var(--${name})`;
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(mark).color;
  pen.fillRect(0, 0, 1, 1);
  return [name, [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)];
})"""


@pytest.fixture
def at() -> datetime:
    """Return thirty hours ago: there is something to look back on."""
    return datetime.now(UTC) - timedelta(hours=30)


def test_colors_on_paper_are_those_of_the_tokens(browse: Callable[..., Page], olga: people.Person) -> None:
    page = browse(olga, color_scheme="light")
    page.goto("/definitions")

    seen = dict(page.evaluate(SEEN, list(sheet.COLORS)))

    # A browser rounds as it likes.
    for name, color in sheet.COLORS.items():
        assert list(bytes.fromhex(color[1:])) == pytest.approx(seen[name], abs=1), name


@pytest.mark.parametrize(
    ("where", "name", "first", "called"),
    [
        ("analytics", "How far it got", "of,name,at", "new-badges-how-far"),
        ("analytics", "Over time", "of,name,at", "new-badges-over-time"),
        ("analytics", "By group", "of,name,at", "new-badges-by-group"),
        ("alignment", "Who is aligned, week by week", "of,group_id", "alignment-by-week-function-12-weeks"),
        ("alignment", "Time until people read", "of,group_id", "alignment-time-until-read-function-12-weeks"),
        ("alignment", "Reading per person and week", "of,group_id", "alignment-reading-load-function-12-weeks"),
        ("flows", "From group to group", "from_id,from", "who-writes-to-whom-function-12-weeks"),
    ],
)
def test_each_chart_is_taken_along_as_drawing_picture_and_numbers(
    browse: Callable[..., Page],
    announce: Any,
    olga: people.Person,
    where: str,
    name: str,
    first: str,
    called: str,
) -> None:
    pages = {"analytics": f"/a/{announce().id}/analytics", "alignment": "/alignment", "flows": "/alignment/flows"}
    page = browse(olga)
    page.goto(pages[where])
    menu = page.get_by_role("group").filter(has=page.get_by_label(f"Download: {name}"))
    taken, named = {}, {}
    for what in ("Drawing (SVG)", "Picture (PNG)", "Numbers (CSV)"):
        if not menu.get_by_text(what).is_visible():
            page.get_by_label(f"Download: {name}").click()
        looked(page, f"-{what[-4:-1]}")
        if what == "Drawing (SVG)":
            accessible(page)
        with page.expect_download() as download:
            menu.get_by_text(what).click()
        taken[what] = download.value.path().read_bytes()
        named[what] = download.value.suggested_filename

    assert named["Picture (PNG)"] == named["Drawing (SVG)"].replace(".svg", ".png")
    assert re.fullmatch(rf"{called}-\d{{4}}-\d\d-\d\d\.svg", named["Drawing (SVG)"])
    drawing, picture, numbers = taken.values()
    assert b"<svg" in drawing
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert f'width="{width // 2}" height="{height // 2}"' in drawing.decode()
    assert numbers.decode("utf-8-sig").startswith(first)


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("analytics", "By group"),
        ("alignment", "Who is aligned, week by week"),
        ("flows", "From group to group"),
    ],
)
@pytest.mark.parametrize("refused", [{"status": 403}, {"status": 200}], ids=["refused", "without a name"])
def test_a_picture_that_could_not_be_made_is_said(
    browse: Callable[..., Page], announce: Any, olga: people.Person, where: str, name: str, refused: dict[str, int]
) -> None:
    pages = {"analytics": f"/a/{announce().id}/analytics", "alignment": "/alignment", "flows": "/alignment/flows"}
    page = browse(olga)
    page.expected = ["403"]  # type: ignore[attr-defined]
    page.goto(pages[where])
    page.route("**/*", lambda way: way.fulfill(**refused) if way.request.method == "HEAD" else way.continue_())
    menu = page.get_by_role("group").filter(has=page.get_by_label(f"Download: {name}"))
    page.get_by_label(f"Download: {name}").click()

    menu.get_by_text("Picture (PNG)").click()

    expect(page.get_by_role("status").get_by_text("That did not work. Try again.")).to_be_visible()
    expect(menu.get_by_text("Picture (PNG)")).not_to_have_attribute("aria-busy", "true")


def test_without_scripts_a_chart_is_taken_along_but_as_a_picture(
    browse: Callable[..., Page], announce: Any, olga: people.Person
) -> None:
    page = browse(olga, java_script_enabled=False)
    page.goto(f"/a/{announce().id}/analytics")
    page.get_by_label("Download: By group").click()

    expect(page.get_by_text("Drawing (SVG)").locator("visible=true")).to_have_count(1)
    expect(page.get_by_text("Picture (PNG)").locator("visible=true")).to_have_count(0)


@pytest.fixture
def risen(announce: Any, at: datetime, maya: people.Person, joao: people.Person) -> Any:
    """Return an announcement that Joao opened after two hours, and Maya confirmed after five."""
    item = announce()
    for person, fact, hours in ((joao, "opened", 2), (maya, "acknowledged", 5)):
        when = at + timedelta(hours=hours)
        receipt = delivery.Receipt(fact, item.id, fact, when, "tab", item.version)  # type: ignore[arg-type]  # facts
        delivery.record(by=person.id, receipts=[receipt], now=when)
    return item


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_the_curve_is_read_off_by_keys(
    browse: Callable[..., Page], risen: Any, ines: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(ines, **scheme)
    page.goto(f"/a/{risen.id}/analytics")
    reader = page.get_by_role("slider", name="Read the curve off, moment by moment")
    reader.focus()
    expect(reader).to_have_attribute("aria-valuetext", re.compile("30 h after sending: 2 opened, 1 confirmed$"))
    page.keyboard.press("Home")
    expect(reader).to_have_attribute("aria-valuetext", re.compile(", 0 h after sending: 0 opened, 0 confirmed$"))
    for _hour in range(3):
        page.keyboard.press("ArrowRight")

    expect(reader).to_have_attribute(
        "aria-valuetext", re.compile(r"^\w+day, \d\d:\d\d, 3 h after sending: 1 opened, 0 confirmed$")
    )
    card = page.locator(".curve-card")
    expect(card).to_contain_text("3 h after sending")
    expect(card.locator("[data-many=opened]")).to_have_text("1")
    looked(page, "-card")
    accessible(page)
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    expect(card).to_be_hidden()


def test_the_curve_is_read_off_where_the_pointer_is(
    browse: Callable[..., Page], risen: Any, ines: people.Person
) -> None:
    page = browse(ines)
    page.goto(f"/a/{risen.id}/analytics")
    card, curve = page.locator(".curve-card"), page.locator(".curve")
    box = curve.bounding_box()
    assert box
    expect(card).to_be_hidden()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    expect(card.locator("[data-many=acknowledged]")).to_have_text("1")
    line = page.locator(".curve-cross line").bounding_box()
    assert line
    assert abs(line["x"] - (box["x"] + box["width"] * 0.2)) < box["width"] / 30
    looked(page, "-hover")
    page.mouse.move(box["x"] + box["width"] * 36 / 640, box["y"] + box["height"] / 2)
    expect(card.locator("[data-many=opened]")).to_have_text("0")
    page.mouse.move(0, 0)
    expect(card).to_be_hidden()


def test_without_scripts_the_curve_is_a_drawing_and_a_table(
    browse: Callable[..., Page], risen: Any, ines: people.Person
) -> None:
    page = browse(ines, java_script_enabled=False)
    page.goto(f"/a/{risen.id}/analytics")

    expect(page.get_by_role("slider")).to_have_count(0)
    expect(page.get_by_role("img", name="How many had opened and confirmed, over time")).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("region", name="The curve as a table").get_by_role("row").last).to_contain_text("2")


def did(person: people.Person, fact: Any, item: Any, when: datetime, channel: Any = "tab") -> None:
    receipt = delivery.Receipt(f"{fact} live", item.id, fact, when, channel, item.version)
    delivery.record(by=person.id, receipts=[receipt], now=when)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_what_is_drawn_follows_while_it_is_looked_at_and_who_reads_it_off_stays_there(
    browse: Callable[..., Page], risen: Any, ines: people.Person, joao: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(ines, **scheme)
    page.clock.install()
    page.goto(f"/a/{risen.id}/analytics")
    reader = page.get_by_role("slider", name="Read the curve off, moment by moment")
    reader.focus()
    page.keyboard.press("Home")
    for _hour in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_label("Download: By group").dispatch_event("click")
    groups, where = (page.get_by_role("region", name=name) for name in ("By group", "Where people confirmed"))
    expect(groups).to_contain_text("1 of 3")
    expect(where).not_to_contain_text("Email")
    card, curve = page.locator(".curve-card"), page.locator(".curve")
    looks = audit.stored(by=joao.id).looks

    did(joao, "acknowledged", risen, datetime.now(UTC), "mail")
    page.clock.run_for(5_000)

    expect(curve.locator(".curve-end.acknowledged text").locator("visible=true")).to_have_text(
        "2" if "viewport" in scheme else "2 confirmed"
    )
    expect(curve).to_have_accessible_description(re.compile("2 confirmed"))
    expect(groups).to_contain_text("2 of 3")
    expect(where).to_contain_text(re.compile(r"Email\s*1"))
    assert audit.stored(by=joao.id).looks == looks, "nobody's name was looked at again"
    expect(reader).to_be_focused()
    expect(reader).to_have_attribute("aria-valuetext", re.compile("3 h after sending: 1 opened, 0 confirmed$"))
    expect(card).to_contain_text("3 h after sending")
    expect(page.locator(".curve-cross")).to_be_visible()
    expect(page.get_by_text("Drawing (SVG)").locator("visible=true")).to_have_count(1)
    looked(page)
    accessible(page)
    page.keyboard.press("End")
    expect(reader).to_have_attribute("aria-valuetext", re.compile("2 opened, 2 confirmed$"))
    page.get_by_text("As a table").click()
    expect(page.get_by_role("region", name="The curve as a table").get_by_role("row").last).to_contain_text("22")


def test_who_stands_at_the_end_of_the_curve_moves_on_with_it(
    browse: Callable[..., Page], risen: Any, ines: people.Person, joao: people.Person
) -> None:
    page = browse(ines)
    page.clock.install()
    page.goto(f"/a/{risen.id}/analytics")
    reader = page.get_by_role("slider", name="Read the curve off, moment by moment")
    reader.focus()
    expect(reader).to_have_attribute("aria-valuetext", re.compile("2 opened, 1 confirmed$"))

    did(joao, "acknowledged", risen, datetime.now(UTC))
    page.clock.run_for(5_000)

    expect(reader).to_have_attribute("aria-valuetext", re.compile("2 opened, 2 confirmed$"))
    expect(page.locator(".curve-card [data-many=acknowledged]")).to_have_text("2")


def test_the_curve_begins_while_it_is_waited_for(
    browse: Callable[..., Page], ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    now = datetime.now(UTC)
    draft = publishing.Draft(
        title="Dock 4", body="<p>x</p>", audience=people.Audience(group_ids=(operations.id,)), ask_acknowledge=True
    )
    made = publishing.create(by=ines.id, draft=draft, now=now)
    item = publishing.publish(announcement_id=made.id, by=ines.id, now=now)
    page = browse(ines)
    page.clock.install()
    page.goto(f"/a/{item.id}/analytics")
    expect(page.get_by_text("Nobody has opened it yet. The curve begins with the first who does.")).to_be_visible()

    delivery.fan_out(announcement_id=item.id, now=now)
    did(maya, "acknowledged", item, datetime.now(UTC))
    page.clock.run_for(5_000)

    expect(page.locator(".curve-end.acknowledged .curve-long")).to_have_text("1 confirmed")
    page.get_by_role("slider", name="Read the curve off").focus()
    expect(page.locator(".curve-card [data-many=acknowledged]")).to_have_text("1")
