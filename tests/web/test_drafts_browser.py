"""A draft in a real Chromium: saved once, brought back whole, and told to whoever writes at it at the same time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import looked, needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
Browse = Callable[..., Page]
STATE = '[data-slot="state"]'


@pytest.fixture(autouse=True)
def managing(operations: people.Group) -> people.Group:
    """Let Ines have somebody to write to."""
    return operations


@pytest.fixture
def draft(ines: people.Person, operations: people.Group, at: datetime) -> publishing.Announcement:
    """Return a draft of Ines's to Operations."""
    said = publishing.Draft(title="Hours", body="<p>Old</p>", audience=people.Audience(group_ids=(operations.id,)))
    return publishing.create(by=ines.id, draft=said, now=at)


def opened(page: Page, address: str = "/announcements/new") -> Any:
    page.goto(address)
    page.locator("[data-editor][data-ready]").wait_for()
    return page.locator(".ProseMirror")


def chosen(page: Page) -> list[str]:
    shown = page.get_by_role("list", name="Chosen", exact=True).locator("[data-label]")
    return [text.strip() for text in shown.all_inner_texts()]


def add(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="Add to the audience").fill(name)
    page.get_by_role("option", name=name).first.click()


def drafts(ines: people.Person) -> list[publishing.Announcement]:
    return publishing.mine(by=ines.id, now=datetime.now(UTC), state="draft")


def test_a_time_saves_itself_with_the_draft(
    browse: Browse, ines: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    opened(page, f"/a/{draft.id}/edit")

    page.get_by_label("Later").check(force=True)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.locator("#id_day").fill("2027-02-01")

    saved = publishing.get(announcement_id=draft.id)
    assert saved.planned == publishing.When(at=datetime(2027, 2, 1, 8, tzinfo=UTC))
    other = browse(ines)
    opened(other, f"/a/{draft.id}/edit")
    expect(other.get_by_label("Later")).to_be_checked()
    expect(other.locator("#id_day")).to_have_value("2027-02-01")
    with other.expect_response(lambda answer: answer.request.method == "PATCH"):
        other.get_by_label("Now").check(force=True)
    assert publishing.get(announcement_id=draft.id).planned is None


def test_what_was_kept_comes_back_whole(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, joao: people.Person
) -> None:
    page = browse(ines)
    page.expected += ["ERR_INTERNET_DISCONNECTED", "409"]  # type: ignore[attr-defined]
    opened(page, f"/a/{draft.id}/edit")
    add(page, "Joao")
    expect(page.locator("output[data-slot=count]")).to_contain_text("3 people")
    page.context.set_offline(True)
    page.get_by_label("Everybody is asked to mark it as read").check()
    page.get_by_label("after 48 h").uncheck()
    page.get_by_label("Confirm by").fill("2027-03-01T17:00")
    page.get_by_label("Leaves the tab on").fill("2027-04-01T09:00")
    page.get_by_label("Later").check(force=True)
    page.locator("#id_day").fill("2027-02-01")
    expect(page.locator(STATE)).to_contain_text("Kept on this computer")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.context.set_offline(False)

    opened(page, f"/a/{draft.id}/edit")

    assert chosen(page) == ["Operations", "Joao Matias"]
    expect(page.get_by_label("Everybody is asked to mark it as read")).to_be_checked()
    expect(page.get_by_label("after 48 h")).not_to_be_checked()
    expect(page.get_by_label("Confirm by")).to_have_value("2027-03-01T17:00")
    expect(page.locator("#id_day")).to_have_value("2027-02-01")
    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    found = publishing.get(announcement_id=draft.id)
    assert found.audience.person_ids == (joao.id,)
    assert (found.ask_acknowledge, found.nudge_hours) == (True, (24.0, 72.0))
    assert found.deadline == datetime(2027, 3, 1, 16, tzinfo=UTC), "17:00 on her clock"
    assert found.expires_at == datetime(2027, 4, 1, 7, tzinfo=UTC), "9:00 on her clock, in summer"


def test_what_is_typed_while_the_editor_loads_is_in_it(
    browse: Browse, ines: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    held: list[Route] = []
    page.route("**/django_prose_editor/editor.js", lambda route: held.append(route))
    page.goto(f"/a/{draft.id}/edit")
    text = page.get_by_role("textbox", name="Text")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(", and **new**")
    page.get_by_label("Title").fill("New hours")
    text.click()
    page.wait_for_timeout(300)
    held[0].continue_()

    expect(page.locator("[data-editor][data-ready] .ProseMirror")).to_be_focused()
    expect(page.locator(".ProseMirror")).to_have_text("Old, and new")
    page.wait_for_timeout(3_000)
    found = publishing.get(announcement_id=draft.id)
    assert (found.title, found.body) == ("New hours", "<p>Old, and <strong>new</strong></p>")


def test_leaving_while_it_is_being_saved_begins_one_draft(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    held: list[Route] = []
    page.route("**/api/v1/announcements", lambda route: held.append(route))
    opened(page)
    page.get_by_label("Title").fill("Dock 4 closes")
    page.wait_for_timeout(2_500)
    assert len(held) == 1

    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.wait_for_timeout(200)
    assert len(held) == 1, "nothing is sent beside what is under way"
    page.get_by_label("Title").fill("Dock 4 closes on Monday")
    held[0].continue_()
    page.unroute("**/api/v1/announcements")

    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    page.wait_for_url("**/edit")
    page.wait_for_timeout(2_500)
    assert [one.title for one in drafts(ines)] == ["Dock 4 closes on Monday"]


def test_what_was_saved_on_leaving_is_not_begun_again(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    page.on("dialog", lambda dialog: dialog.accept())
    opened(page)
    page.get_by_label("Title").fill("Dock 4 closes")
    page.goto("/announcements")
    page.wait_for_load_state("networkidle")
    assert [one.title for one in drafts(ines)] == ["Dock 4 closes"]

    opened(page)

    expect(page.get_by_label("Title")).to_have_value("")
    page.wait_for_timeout(2_500)
    assert [one.title for one in drafts(ines)] == ["Dock 4 closes"]


def test_what_was_lost_on_leaving_comes_back_in_the_draft_that_was_begun(browse: Browse, ines: people.Person) -> None:
    page = browse(ines)
    page.expected += ["ERR_FAILED"]  # type: ignore[attr-defined]
    page.on("dialog", lambda dialog: dialog.accept())
    opened(page)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/announcements", lose)
    page.get_by_label("Title").fill("Dock 4 closes")
    expect(page.locator(STATE)).to_contain_text("Kept on this computer")
    page.get_by_label("Title").fill("Dock 4 closes on Monday")
    page.unroute("**/api/v1/announcements")
    page.goto("about:blank")

    opened(page)

    expect(page.get_by_label("Title")).to_have_value("Dock 4 closes on Monday")
    expect(page.locator(STATE)).to_contain_text("Draft, saved")
    assert [one.title for one in drafts(ines)] == ["Dock 4 closes on Monday"]


def test_a_correction_that_could_not_be_sent_is_kept(
    browse: Browse, ines: people.Person, draft: publishing.Announcement, at: datetime
) -> None:
    publishing.publish(announcement_id=draft.id, by=ines.id, now=at)
    page = browse(ines)
    page.on("dialog", lambda dialog: dialog.accept())
    opened(page, f"/a/{draft.id}/edit").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and new")
    page.get_by_label("A typo").check()
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Publish the correction").click()
    page.wait_for_url("**/accounts/login/**")

    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    expect(opened(page, f"/a/{draft.id}/edit")).to_have_text("Old and new")
    expect(page.get_by_label("A typo")).to_be_checked()
    page.get_by_role("button", name="Publish the correction").click()
    page.wait_for_url(f"**/a/{draft.id}")
    assert publishing.get(announcement_id=draft.id).body == "<p>Old and new</p>"
    expect(opened(page, f"/a/{draft.id}/edit")).to_have_text("Old and new")


def test_the_second_of_two_is_told_by_whom_and_gets_the_whole_draft(
    browse: Browse, ines: people.Person, olga: people.Person, joao: people.Person, draft: publishing.Announcement
) -> None:
    page = browse(ines)
    page.expected += ["409"]  # type: ignore[attr-defined]
    opened(page, f"/a/{draft.id}/edit").click()
    when = datetime.now(UTC) - timedelta(minutes=2)
    theirs = publishing.Draft(
        body="<p>Theirs</p>", audience=people.Audience(person_ids=(joao.id,)), ask_acknowledge=True, nudge_hours=(24.0,)
    )
    publishing.revise(announcement_id=draft.id, by=olga.id, draft=theirs, now=when)
    page.keyboard.press("Control+End")
    page.keyboard.type(" mine")

    expect(page.get_by_role("dialog")).to_contain_text("Olga Berg changed it at")
    looked(page, "-asked")
    page.get_by_role("button", name="Show theirs").click()

    text = page.locator("[data-editor][data-ready] .ProseMirror")
    expect(text).to_have_text("Theirs")
    assert chosen(page) == ["Joao Matias"]
    expect(page.get_by_label("Everybody is asked to mark it as read")).to_be_checked()
    expect(page.get_by_label("after 48 h")).not_to_be_checked()
    looked(page, "-theirs")
    page.get_by_role("button", name="Bring it back").click()
    expect(text).to_have_text("Old mine")
    assert chosen(page) == ["Operations"]
    expect(page.get_by_label("Everybody is asked to mark it as read")).not_to_be_checked()
    page.wait_for_timeout(3_000)
    found = publishing.get(announcement_id=draft.id)
    assert (found.body, found.audience.person_ids, found.ask_acknowledge) == ("<p>Old mine</p>", (), False)
