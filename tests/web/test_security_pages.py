"""Signing in and the keys of a person, in a real Chromium: passkeys by a virtual authenticator, real codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.conftest import PASSWORD
from tests.letters import code, link
from tests.security.signing import app_code, recovery_code, verified, with_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
Browse = Callable[..., Page]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]


@pytest.fixture(autouse=True)
def _here(settings: Any, live_server: Any) -> Iterator[None]:
    """Let the address people use be the one that the browser is at: passkeys and links are bound to it."""
    settings.BASE_URL = live_server.url
    yield
    cache.clear()


def key(page: Page, **options: Any) -> Any:
    """Plug a virtual passkey into the page's browser; return its session and id."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    given = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True, **options,
    }  # fmt: skip
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": given})["authenticatorId"]


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def shown(page: Page, name: str, scheme: dict[str, Any]) -> None:
    """Look at a page, and hold it to the rules of access."""
    page.evaluate("document.fonts.ready")
    looked(page, f"-{name}-{'phone' if 'viewport' in scheme else scheme['color_scheme']}")
    accessible(page)


def test_a_passkey_is_made_and_signs_in_without_a_password(browse: Browse, maya: people.Person) -> None:
    verified(maya)
    page = browse()
    key(page)
    sign_in(page, maya.email)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("What to call it").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("link", name="Rename Laptop")).to_be_visible()

    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/?next=/settings")
    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url("**/settings")


def test_a_passkey_is_asked_for_after_the_password(browse: Browse, maya: people.Person) -> None:
    verified(maya)
    page = browse()
    key(page)
    sign_in(page, maya.email)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Also sign me in without a password").uncheck()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()

    sign_in(page, maya.email)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url("**/tab")


def test_a_passkey_that_is_refused_says_what_to_do(browse: Browse, maya: people.Person) -> None:
    page = browse()
    key(page, isUserVerified=False)
    page.goto("/accounts/login/")

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("alert").filter(has_text="The passkey was not used")).to_be_visible()


def test_a_required_factor_is_set_up_on_the_way_in(
    browse: Browse, olga: people.Person, maya: people.Person, now: Any
) -> None:
    verified(maya)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(second_factor_required=True), now=now)
    page = browse()

    sign_in(page, maya.email)
    page.wait_for_url("**/settings/second-factor")
    page.get_by_role("link", name="Set up the app").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0
    page.get_by_label("Authenticator code").fill(app_code(page.locator("code.key").inner_text()))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/tab")

    expect(page).to_have_url(f"{page.url.split('/tab')[0]}/tab")


def test_another_browser_is_signed_out(browse: Browse, maya: people.Person) -> None:
    verified(maya)
    lost, page = browse(), browse()
    sign_in(lost, maya.email)
    lost.wait_for_url("**/tab")
    sign_in(page, maya.email)
    page.goto("/settings/security")
    expect(page.locator("strong", has_text="Chrome on Linux")).to_have_count(2)

    page.get_by_role("button", name="Sign out Chrome on Linux").click()

    expect(page.get_by_text("That browser is signed out.")).to_be_visible()
    lost.goto("/settings")
    expect(lost.get_by_role("heading", name="Sign in")).to_be_visible()


def test_admin_pages_work_under_the_strict_policy(browse: Browse, olga: people.Person, settings: Any) -> None:
    settings.OPERATORS = [olga.email]
    secret = with_app(olga)
    page = browse()
    page.goto("/admin/")
    page.wait_for_url("**/accounts/login/**")
    sign_in(page, olga.email)
    page.get_by_label("Code").fill(app_code(secret))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/setup/*")

    for path in (
        "/admin/",
        "/admin/people/person/",
        f"/admin/people/person/{olga.id}/change/",
        "/admin/delivery/nudge/?state=queued",
    ):
        page.goto(path)
        expect(page.get_by_text("Mantel, for operators").first).to_be_visible()
        looked(page, path)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_every_page_of_signing_in_is_accessible_and_fits(
    browse: Browse, maya: people.Person, scheme: dict[str, Any]
) -> None:
    verified(maya)
    page = browse(**scheme)
    page.expected = ["429", "status of 4"]  # type: ignore[attr-defined]
    page.goto("/accounts/login/")
    shown(page, "sign-in", scheme)
    sign_in(page, maya.email, "a wrong long password")
    shown(page, "sign-in-failed", scheme)
    page.get_by_role("link", name="Mail me a code").click()
    shown(page, "code", scheme)
    page.get_by_label("Email").fill(maya.email)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    shown(page, "code-confirm", scheme)
    page.get_by_label("Code").fill(code(maya.email))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/tab")
    for name, path in {
        "logout": "/accounts/logout/",
        "password": "/accounts/password/change/",
        "security-empty": "/settings/security",
        "second-factor": "/settings/second-factor",
        "app": "/accounts/2fa/totp/activate/",
        "passkey": "/accounts/2fa/webauthn/add/",
    }.items():
        page.goto(path)
        shown(page, name, scheme)
    page.context.clear_cookies()
    page.goto("/accounts/password/reset/")
    shown(page, "reset", scheme)
    page.get_by_label("Email").fill(maya.email)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    shown(page, "reset-done", scheme)
    there = link(maya.email)
    page.goto(there)
    shown(page, "reset-key", scheme)
    page.get_by_label("New Password", exact=True).fill("another calm password")
    page.get_by_label("New Password (again)").fill("another calm password")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", name="Your new password is set")).to_be_visible()
    shown(page, "reset-set", scheme)
    page.goto(there)
    shown(page, "reset-dead", scheme)
    page.goto("/accounts/inactive/")
    shown(page, "inactive", scheme)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_every_page_of_second_factors_is_accessible_and_fits(
    browse: Browse, olga: people.Person, scheme: dict[str, Any]
) -> None:
    verified(olga)
    page = browse(**scheme)
    key(page)
    sign_in(page, olga.email)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    secret = with_app(olga)
    shown(page, "recovery-codes", scheme)
    page.goto("/accounts/2fa/recovery-codes/generate/")
    shown(page, "recovery-new", scheme)
    page.goto("/accounts/2fa/totp/deactivate/")
    shown(page, "app-remove", scheme)
    page.goto("/accounts/reauthenticate/")
    shown(page, "again-password", scheme)
    page.goto("/accounts/2fa/reauthenticate/")
    shown(page, "again-code", scheme)
    page.goto("/accounts/2fa/webauthn/reauthenticate/")
    shown(page, "again-passkey", scheme)
    page.goto("/settings/security")
    shown(page, "security", scheme)
    page.get_by_role("link", name="Rename").click()
    shown(page, "passkey-rename", scheme)
    page.context.clear_cookies()
    sign_in(page, olga.email)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    shown(page, "one-more-step", scheme)
    page.get_by_label("Code").fill(recovery_code(olga))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/setup/*")
    assert secret
