"""Connecting a device and making a token, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.api.conftest import Api
from tests.api.test_connecting import ASKED, asks, polled
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.security.signing import verified
from tests.web.test_security_pages import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]


def shown(page: Page, name: str, scheme: dict[str, Any]) -> None:
    page.evaluate("document.fonts.ready")
    looked(page, f"-{name}-{'phone' if 'viewport' in scheme else scheme['color_scheme']}")
    accessible(page)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_a_device_and_a_token_from_first_to_last(
    browse: Callable[..., Page],
    maya: people.Person,
    scheme: dict[str, Any],
) -> None:
    verified(maya)
    nobody = Api()
    page = browse(**scheme)
    page.expected = ["status of 422"]  # type: ignore[attr-defined]
    sign_in(page, maya.email)
    page.wait_for_url("**/tab")
    page.goto("/settings/access")
    shown(page, "access-empty", scheme)
    asking = asks(nobody, device_name="Firefox on Linux")

    page.get_by_role("link", name="Connect a device").click()
    shown(page, "connect", scheme)
    page.get_by_label("Code").fill("BCDFGHJK")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("No device is waiting")).to_be_visible()
    shown(page, "connect-unknown", scheme)
    page.get_by_label("Code").fill(asking["user_code"].lower())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Connect this device")).to_be_visible()
    shown(page, "connect-asks", scheme)
    page.get_by_role("button", name="Connect this device").click()
    expect(page.get_by_role("heading", name="The device is connected")).to_be_visible()
    shown(page, "connected", scheme)
    assert polled(nobody, asking).status_code == 200

    page.goto("/settings/access")
    page.get_by_label("What it is for").fill("Report of Mondays")
    page.get_by_label("See the numbers of announcements").check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_label("Key", exact=True)).to_have_value(re.compile("^mtl_"))
    shown(page, "access-made", scheme)
    page.goto("/settings/access")
    shown(page, "access", scheme)
    page.get_by_role("button", name="Disconnect Firefox on Linux").click()
    expect(page.get_by_text("The device is disconnected.")).to_be_visible()


def test_the_browser_goes_back_to_the_program_under_the_strict_policy(
    browse: Callable[..., Page],
    maya: people.Person,
) -> None:
    verified(maya)
    page = browse()
    page.route("https://*.chromiumapp.org/**", lambda route: route.fulfill(body="<title>back</title>"))
    page.goto(f"/authorize?{urlencode(ASKED)}")
    page.get_by_label("Email").fill(maya.email)
    page.get_by_label("Password").fill("a calm long password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Connect Mantel new tab")).to_be_visible()
    shown(page, "authorize", {"color_scheme": "light"})

    page.get_by_role("button", name="Connect it").click()

    page.wait_for_url(re.compile(r"chromiumapp\.org/hub\?code="))
