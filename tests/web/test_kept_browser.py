"""What is written and cannot be saved, in a real Chromium: told truly, kept for each tab by itself, and offered again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.web.test_drafts_browser import STATE, draft, drafts, managing, opened

__all__ = ["draft", "managing"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]
OFFLINE = "ERR_INTERNET_DISCONNECTED"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


def types(page: Page, words: str = " and new") -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def provokes(page: Page, *what: str) -> None:
    page.expected += what  # type: ignore[attr-defined]


def let_go(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())


def changed(draft: publishing.Announcement, by: people.Person, body: str = "<p>Theirs</p>") -> None:
    said = publishing.Draft(body=body)
    publishing.revise(announcement_id=draft.id, by=by.id, draft=said, now=datetime.now(UTC))


def lost(olga: people.Person, ines: people.Person, operations: people.Group) -> None:
    """Take from Ines that she manages Operations, and so that she may write to anybody."""
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=datetime.now(UTC))


def copied(page: Page) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the text").locator("visible=true").click()
    expect(page.get_by_text("Title, summary and text are copied.")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("scheme", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}])
def test_a_browser_without_room_says_so_and_what_to_do(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, scheme: Any
) -> None:
    page = browse(ines, **scheme)
    provokes(page, OFFLINE)
    page.add_init_script(FULL)
    opened(page, f"/a/{draft.id}/edit")
    page.context.set_offline(True)
    types(page)

    expect(page.locator(STATE)).to_have_text("Not saved, and not kept on this computer")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Leave this page open: it is tried again.")
    looked(page, "-told")
    assert copied(page) == "Hours\n\nOld and new"
    page.context.set_offline(False)
    accessible(page)
    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    expect(banner).to_be_hidden()


def test_two_new_drafts_in_two_tabs_are_both_there_on_the_next_visit(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    provokes(page, OFFLINE)
    pages = [page.context.new_page(), page.context.new_page()]
    for one in pages:
        let_go(one)
        opened(one)
    page.context.route("**/api/v1/announcements", lambda route: route.abort("internetdisconnected"))
    for one, title in zip(pages, ("Docks", "Gates"), strict=True):
        one.get_by_label("Title", exact=True).fill(title)
        expect(one.locator(STATE)).to_contain_text("Kept on this computer")
    kept = pages[0].evaluate("Object.keys(localStorage).filter((key) => key.includes('.new.')).length")
    assert kept == 2
    for one in pages:
        one.close()
    let_go(page)
    opened(page)

    offered = page.get_by_role("note").filter(has_text="Kept on this computer")
    expect(offered.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_label("Title", exact=True)).to_have_value("")
    looked(page, "-offered")
    accessible(page)
    page.context.unroute("**/api/v1/announcements")
    offered.get_by_role("listitem").filter(has_text="Docks").get_by_role("button", name="Bring it back").click()
    page.wait_for_url("**/edit")

    expect(page.get_by_label("Title", exact=True)).to_have_value("Docks")
    page.wait_for_timeout(1_000)
    assert sorted(one.title for one in drafts(ines)) == ["Docks", "Gates"], "the other one went on by itself"
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('.new.')).length") == 0


def test_a_tab_that_still_writes_keeps_its_draft_to_itself(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    provokes(page, OFFLINE)
    let_go(page)
    opened(page)
    page.context.route("**/api/v1/announcements", lambda route: route.abort("internetdisconnected"))
    page.get_by_label("Title", exact=True).fill("Docks")
    expect(page.locator(STATE)).to_contain_text("Kept on this computer")
    beside = page.context.new_page()
    opened(beside)

    expect(beside.get_by_label("Title", exact=True)).to_have_value("")
    expect(beside.locator("#kept")).to_be_hidden()
    page.reload()
    page.locator("[data-editor][data-ready]").wait_for()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Docks")


def test_a_copy_is_saved_although_theirs_cannot_be_fetched(
    browse: Browse, ines: people.Person, olga: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    provokes(page, "409", "ERR_FAILED")
    opened(page, f"/a/{draft.id}/edit")
    changed(draft, olga)
    page.route(
        f"**/api/v1/announcements/{draft.id}", lambda it: it.abort() if it.request.method == "GET" else it.continue_()
    )
    types(page, " mine")

    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("What was saved could not be fetched just now.")
    expect(asked.get_by_role("button", name="Put mine in its place")).to_be_disabled()
    accessible(page)
    looked(page, "-asked")
    asked.get_by_role("button", name="Save mine as a copy").click()
    page.wait_for_url(lambda address: f"/a/{draft.id}/" not in address)
    assert sorted(one.body for one in drafts(ines)) == ["<p>Old mine</p>", "<p>Theirs</p>"]


@pytest.mark.parametrize(("out", "why"), [(False, "it is scheduled"), (True, "it is published")])
def test_mine_cannot_take_the_place_of_what_goes_out_and_the_reason_is_said(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, at: datetime, out: bool, why: str
) -> None:
    page = browse(ines)
    provokes(page, "409")
    opened(page, f"/a/{draft.id}/edit")
    when = publishing.When(at.replace(year=at.year + 1))
    if out:
        publishing.publish(announcement_id=draft.id, by=ines.id, now=at)
    else:
        publishing.schedule(announcement_id=draft.id, by=ines.id, when=when, now=at)
    types(page, " mine")

    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text(why)
    expect(asked.get_by_role("button", name="Put mine in its place")).to_be_disabled()
    asked.get_by_role("button", name="Save mine as a copy").click()
    page.wait_for_url(lambda address: f"/a/{draft.id}/" not in address)
    assert [one.body for one in drafts(ines)] == ["<p>Old mine</p>"]


def test_what_was_put_off_is_not_asked_at_every_key_and_can_be_asked_again(
    browse: Browse, ines: people.Person, olga: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    provokes(page, "409")
    opened(page, f"/a/{draft.id}/edit")
    changed(draft, olga)
    types(page, " mine")
    page.get_by_role("dialog").get_by_role("button", name="Not now").click()
    expect(page.get_by_role("alert")).to_contain_text("until you choose what becomes of it")
    types(page, " too")
    page.wait_for_timeout(3_000)
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.get_by_role("button", name="Choose what to do").click()
    page.get_by_role("button", name="Put mine in its place").click()

    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert publishing.get(announcement_id=draft.id).body == "<p>Old mine too</p>"


def test_a_draft_that_was_discarded_meanwhile_is_saved_as_a_copy(
    browse: Browse, ines: people.Person, olga: people.Person, draft: publishing.Announcement, at: datetime
) -> None:
    page = browse(ines)
    provokes(page, "404")
    opened(page, f"/a/{draft.id}/edit")
    publishing.discard(announcement_id=draft.id, by=olga.id, now=at)
    types(page, " mine")

    asked = page.get_by_role("dialog", name="This draft is gone")
    expect(asked.get_by_role("button", name="Show theirs")).to_be_hidden()
    asked.get_by_role("button", name="Save mine as a copy").click()
    page.wait_for_url(lambda address: f"/a/{draft.id}/" not in address)
    assert [one.body for one in drafts(ines)] == ["<p>Old mine</p>"]


def test_mine_stays_until_it_is_discarded_and_that_can_be_undone(
    browse: Browse, ines: people.Person, olga: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    provokes(page, "409")
    let_go(page)
    opened(page, f"/a/{draft.id}/edit")
    changed(draft, olga)
    types(page, " mine")
    page.get_by_role("button", name="Show theirs").click()
    kept = page.get_by_role("note").get_by_role("listitem")
    expect(kept).to_contain_text("“Hours”")

    for _ in range(2):
        expect(opened(page, f"/a/{draft.id}/edit")).to_have_text("Theirs")
        expect(kept).to_have_count(1)
    kept.get_by_role("button", name="Discard").click()
    expect(kept).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(kept).to_have_count(1)
    opened(page, f"/a/{draft.id}/edit")
    expect(kept).to_have_count(1)
    kept.get_by_role("button", name="Bring it back").click()
    expect(page.locator(".ProseMirror")).to_have_text("Old mine")
    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    page.wait_for_timeout(2_500)
    opened(page, f"/a/{draft.id}/edit")
    expect(page.locator("#kept")).to_be_hidden()


def test_who_lost_a_right_is_told_that_and_keeps_the_text(
    browse: Browse, ines: people.Person, olga: people.Person, operations: people.Group
) -> None:
    page = browse(ines)
    provokes(page, "403")
    opened(page)
    lost(olga, ines, operations)
    page.get_by_label("Title", exact=True).fill("Docks")
    types(page, "Closed.")

    asked = page.get_by_role("dialog", name="You may not save this any more")
    expect(asked).to_contain_text("You may publish once you manage a group.")
    expect(asked.get_by_role("button", name="Save mine as a copy")).to_be_hidden()
    expect(page.get_by_text("Sign in again")).to_be_hidden()
    accessible(page)
    looked(page, "-asked")
    assert copied(page) == "Docks\n\nClosed."
    asked.get_by_role("button", name="Not now").click()
    expect(page.locator(".ProseMirror")).to_have_text("Closed.")
    let_go(page)
    page.goto("about:blank")
