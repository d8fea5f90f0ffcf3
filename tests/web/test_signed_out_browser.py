"""Signed out in the middle of writing, in a real Chromium: it is said, the text stays, and it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import looked, needs_chromium
from tests.conftest import PASSWORD
from tests.web.test_drafts_browser import STATE, draft, drafts, managing, opened
from tests.web.test_kept_browser import let_go, provokes, types

__all__ = ["draft", "managing"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]


@pytest.fixture
def proved(ines: people.Person, maya: people.Person) -> None:
    """Let Ines and Maya sign in by password alone."""
    for one in (ines, maya):
        EmailAddress.objects.create(user_id=one.id, email=one.email, verified=True, primary=True)


def signs_in(page: Page, person: people.Person) -> None:
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("new", [True, False], ids=["new", "draft"])
def test_an_expired_session_is_begun_anew_and_the_text_is_there(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, proved: None, new: bool
) -> None:
    page = browse(ines)
    provokes(page, "401", "403")
    opened(page, "/announcements/new" if new else f"/a/{draft.id}/edit")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    types(page, "New" if new else " and new")
    expect(page.locator(STATE)).to_contain_text("Sign in again")
    looked(page, "-told")

    page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    signs_in(page, ines)

    text = page.locator("[data-editor][data-ready] .ProseMirror")
    expect(text).to_have_text("New" if new else "Old and new")
    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    assert {one.body for one in drafts(ines)} == ({"<p>Old</p>", "<p>New</p>"} if new else {"<p>Old and new</p>"})


def test_who_signs_in_in_another_tab_writes_on_in_this_one(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, proved: None
) -> None:
    page = browse(ines)
    provokes(page, "401", "403")
    opened(page, f"/a/{draft.id}/edit")
    page.context.clear_cookies()
    types(page)
    expect(page.locator(STATE)).to_contain_text("Sign in again")
    beside = page.context.new_page()
    beside.goto("/accounts/login/?next=/announcements")
    signs_in(beside, ines)
    beside.wait_for_url("**/announcements")
    beside.close()

    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert publishing.get(announcement_id=draft.id).body == "<p>Old and new</p>"


def test_nothing_is_saved_for_somebody_else_who_signed_in(
    browse: Browse, ines: people.Person, maya: people.Person, draft: publishing.Announcement, proved: None
) -> None:
    page = browse(ines)
    provokes(page, "401", "403", "404")  # a draft that is not hers is not there for Maya
    let_go(page)
    opened(page, f"/a/{draft.id}/edit")
    page.context.clear_cookies()
    beside = page.context.new_page()
    beside.goto("/accounts/login/?next=/tab")
    signs_in(beside, maya)
    beside.wait_for_url("**/tab")
    types(page)

    expect(page.get_by_role("alert")).to_contain_text("Somebody else is signed in now.")
    expect(page.locator(STATE)).to_have_text("Kept on this computer, not saved")
    assert publishing.get(announcement_id=draft.id).body == "<p>Old</p>"
    beside.close()
    page.goto("about:blank")
