"""The tab as something installed: it is there without a network, for its person, and for nobody after them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.extension.wire import Wire
from tests.journeys.people import until as eventually
from tests.web.installing import installed, opened_again, sign_in, until, way, wire

__all__ = ["installed", "wire"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


def test_the_tab_is_there_without_a_network(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    item = announce("New badges", body="<p>Fetch yours at the desk.</p>")
    page = installed(maya, viewport=PHONE)
    wire.cut()

    page.goto(f"{wire.url}/tab")
    expect(page.get_by_text("No connection.")).to_be_visible()
    expect(page.get_by_role("heading", name="Maya")).to_be_visible()
    accessible(page)
    looked(page, "-offline")
    page.get_by_role("link", name="New badges").click()
    expect(page.get_by_role("dialog").get_by_text("Fetch yours at the desk.")).to_be_visible()
    accessible(page)
    page.keyboard.press("m")
    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_visible()
    wire.mend()

    expect(page.get_by_text("You’re aligned.")).to_be_visible(timeout=25_000)
    expect(page.get_by_text("Up to date")).to_be_visible()
    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_hidden()
    eventually(lambda: way(item, maya) == "tab", what="the confirmation")


def secret(page: Page) -> str:
    return next(str(one["value"]) for one in page.context.cookies() if one["name"] == settings.CSRF_COOKIE_NAME)


def test_whoever_signs_out_leaves_nothing(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    opened_again(page, wire)
    assert "badges" in page.evaluate("JSON.stringify(localStorage)")
    before = secret(page)

    page.get_by_label("Menu of Maya Lindqvist").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert secret(page) != before, "a copy that came to be kept meanwhile would be shown"
    until(page, "!JSON.stringify(localStorage).includes('badges')")
    wire.cut()
    page.goto(f"{wire.url}/tab")

    expect(page.get_by_text("nothing is kept on this device")).to_be_visible()
    assert "Maya" not in page.content()


def test_a_colleague_on_the_same_machine_meets_only_their_own(
    installed: Callable[..., Page], wire: Wire, announce: Any, maya: people.Person, joao: people.Person
) -> None:
    announce("New badges")
    page = installed(maya)
    sign_in(page, wire, joao)

    page.goto(f"{wire.url}/tab")
    until(page, f"Object.keys(localStorage).includes('mantel.around.{joao.id}')")

    kept = json.loads(page.evaluate("JSON.stringify(localStorage)"))
    assert not [name for name in kept if name.endswith(f".{maya.id}")]


def test_it_says_what_it_is_called_and_looks_like(browse: Callable[..., Page], maya: people.Person) -> None:
    page = browse(maya)
    page.goto("/tab")
    said = page.request.get(page.locator("link[rel=manifest]").get_attribute("href") or "").json()

    assert (said["start_url"], said["display"]) == ("/tab", "standalone")
    for icon in said["icons"]:
        assert page.request.get(icon["src"]).ok
