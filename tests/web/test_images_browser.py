"""An image in an announcement, as a reader's browser shows it, and as its author waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.management.northwind import drawing
from announcements.media import services as media
from announcements.people import services as people
from tests.browser import accessible, looked, needs_chromium
from tests.web.test_pictures_browser import described, give, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
WAYS: list[dict[str, Any]] = [
    {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    {"color_scheme": "dark", "viewport": {"width": 1440, "height": 900}},
    {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
]


def test_a_reader_sees_it_in_the_size_of_their_screen(
    announce: Any, browse: Callable[..., Page], ines: people.Person, maya: people.Person, at: datetime
) -> None:
    image = media.upload(by=ines.id, content=drawing.drill(), now=at)
    media.make(image_id=image.id, now=at)
    shown = f'<p>Look.</p><figure><img src="{image.src}" width="1440" height="810" alt="Plan"><figcaption>The plan.</figcaption></figure>'
    item = announce("Fire drill", body=shown)
    for place, way in enumerate(WAYS):
        page = browse(maya, **way)
        page.goto(f"/a/{item.id}")
        seen = page.get_by_alt_text("Plan")
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=seen.element_handle())
        box = seen.bounding_box()
        assert box and box["width"] <= way["viewport"]["width"]
        assert box["width"] / box["height"] == pytest.approx(1440 / 810, rel=0.02)
        accessible(page)
        looked(page, f"-{place}")


def test_a_picture_that_no_worker_makes_is_told_and_can_be_waited_for_again(
    browse: Callable[..., Page], ines: people.Person, operations: people.Group, at: datetime
) -> None:
    page = browse(ines)
    page.clock.install()
    opened(page)
    give(page, "paste")
    described(page, "A gate")
    row = page.locator("[data-uploads] li")
    expect(row).to_contain_text("Sending gate.png")

    for _ in range(40):
        page.clock.run_for(3_000)
        page.wait_for_timeout(50)
        if row.get_by_role("button").count():
            break

    expect(row).to_contain_text("gate.png could not be added: the hub is slow to make it ready.")
    looked(page)
    [image] = media.waiting(now=at.replace(year=at.year + 1))
    media.make(image_id=image, now=at)
    row.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("img", name="A gate")).to_be_visible()
    assert media.waiting(now=at.replace(year=at.year + 1)) == [], "it went up once"
