"""The build that leaves the browser its own new tab: the same page beside what one reads, and a number on its button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from announcements.management.extension import making
from announcements.people import services as people
from tests.browser import accessible, looked, needs_chromium
from tests.extension.conftest import Computer, device_of, unpack

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


def test_it_says_how_much_waits_and_shows_it_in_a_narrow_page(
    play: Playwright, wire: Any, announce: Any, maya: people.Person, at: Any, tmp_path: Path
) -> None:
    for title in ("New badges", "Travel and expenses"):
        announce(title)
    announce("The best month since 2022", ask=False)
    files = making.files("chrome", override=False)
    mayas = Computer(
        play, unpack(tmp_path / "panel", files), tmp_path / "profile", viewport={"width": 360, "height": 800}
    )
    try:
        page = mayas.context.new_page()
        mayas.keep(hub={"url": wire.url, "token": device_of(maya, at), "me": maya.id})

        mayas.worker.evaluate("() => chrome.alarms.create('refresh', {when: Date.now() + 100})")

        for _try in range(100):
            if number := mayas.worker.evaluate("() => chrome.action.getBadgeText({})"):
                break
            page.wait_for_timeout(100)
        assert number == "2"
        assert mayas.worker.evaluate("() => chrome.sidePanel.getOptions({}).then(({path}) => path)") == "newtab.html"
        page.goto(mayas.worker.evaluate("() => chrome.runtime.getURL('newtab.html')"))
        expect(page.get_by_role("link", name="New badges")).to_be_visible()
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Everything that was announced to you").click()
        assert opened.value.url.startswith(wire.url)
        assert page.url.startswith("chrome-extension:"), "it stands in place of the page beside"
        accessible(page)
        looked(page)
    finally:
        mayas.close()
