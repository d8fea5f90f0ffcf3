"""Without a network: everything is there, and nothing that was done is lost or counted twice."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import accessible, looked, needs_chromium
from tests.journeys.people import until as eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


@pytest.fixture
def owed(announce: Any) -> list[publishing.Announcement]:
    """Return two things that Maya owes."""
    return [announce("New badges", body="<p>Fetch yours at the desk.</p>"), announce("Travel and expenses")]


def confirmed(item: publishing.Announcement, person: people.Person) -> datetime | None:
    return {one.recipient_id: one.acknowledged_at for one in delivery.facts(announcement_id=item.id)}[person.id]


def settled(page: Any, computer: Any, items: int) -> None:
    """Wait until everything is kept."""
    expect(page.locator("[data-list=required] [data-id]")).to_have_count(items)
    for _try in range(50):
        if len(computer.kept("texts").get("texts", {})) >= items:
            return
        page.wait_for_timeout(100)
    raise AssertionError(computer.kept())


def test_a_killed_browser_loses_no_confirmation(connected: Any, wire: Any, owed: Any, maya: people.Person) -> None:
    mayas = connected(maya)
    settled(mayas.new_tab(), mayas, 2)
    wire.cut()

    page = mayas.new_tab()
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    page.get_by_role("link", name="New badges").click()
    expect(page.get_by_role("dialog").get_by_text("Fetch yours at the desk.")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_visible()
    accessible(page)
    looked(page, "-offline")
    mayas.kill()
    page = mayas.new_tab()
    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_visible()
    assert confirmed(owed[0], maya) is None
    wire.mend()

    page = mayas.new_tab()
    expect(page.get_by_text("Up to date")).to_be_visible()
    expect(page.get_by_text("One thing is waiting for you.")).to_be_visible()
    expect(page.locator('[data-slot="outbox"]')).to_be_empty()
    eventually(lambda: confirmed(owed[0], maya), what="the confirmation")
    page.wait_for_timeout(300)
    kept = [value for name, value in mayas.kept().items() if name.startswith("ob:")]
    assert [one for one in kept if one["fact"] == "acknowledged"] == []


def test_what_waits_is_listed_and_can_be_taken_back(connected: Any, wire: Any, owed: Any, maya: people.Person) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    settled(page, mayas, 2)
    wire.cut()
    page = mayas.new_tab()
    expect(page.get_by_text("You’re offline.")).to_be_visible()
    waiting = page.get_by_role("list", name="Waiting to be sent").get_by_role("listitem")
    for item in owed:
        page.locator(f'[data-id="{item.id}"]').get_by_role("button", name="Mark as read").click()

    expect(waiting).to_have_count(2)
    line = waiting.filter(has_text="“New badges” will be marked as read when you are back online")
    accessible(page)
    looked(page, "-waiting")
    line.get_by_role("button", name="Undo").click()

    expect(waiting).to_have_count(1)
    expect(page.locator("[data-list=required]").get_by_role("link", name="New badges")).to_be_visible()
    wire.mend()
    page = mayas.new_tab()
    expect(page.get_by_text("Up to date")).to_be_visible()
    expect(page.get_by_role("list", name="Waiting to be sent")).to_be_hidden()
    for _try in range(100):  # it is on its way
        if confirmed(owed[1], maya):
            break
        page.wait_for_timeout(100)
    assert (confirmed(owed[0], maya), bool(confirmed(owed[1], maya))) == (None, True)


def test_the_worker_sends_what_waits_while_no_tab_is_open(
    connected: Any, wire: Any, owed: Any, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    settled(page, mayas, 2)
    wire.cut()
    page.locator(f'[data-id="{owed[0].id}"]').get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("Kept here")).to_be_visible()
    page.goto("about:blank")
    wire.mend()

    mayas.worker.evaluate("() => chrome.alarms.create('refresh', {when: Date.now() + 100})")

    for _try in range(100):
        if confirmed(owed[0], maya):
            break
        page.wait_for_timeout(100)
    assert confirmed(owed[0], maya)
    when = "async () => { const next = await chrome.alarms.get('refresh'); return next ? next.scheduledTime - Date.now() : 0; }"
    for _try in range(50):
        if after := mayas.worker.evaluate(when):
            break
        page.wait_for_timeout(100)
    assert 4 * 60_000 < after <= 10 * 60_000


def test_two_tabs_at_once_lose_nothing(connected: Any, wire: Any, owed: Any, maya: people.Person) -> None:
    mayas = connected(maya)
    first = mayas.new_tab()
    settled(first, mayas, 2)
    second = mayas.new_tab()
    settled(second, mayas, 2)
    wire.cut()

    for tab, item in ((first, owed[0]), (second, owed[1])):
        tab.locator(f'[data-id="{item.id}"]').get_by_role("button", name="Mark as read").click()
    expect(first.get_by_text("2 confirmations are waiting to be sent.")).to_have_count(1)
    wire.mend()
    page = mayas.new_tab()

    expect(page.get_by_text("You have read everything you were asked to")).to_be_visible()
    expect(page.locator('[data-slot="outbox"]')).to_be_empty()
    eventually(lambda: confirmed(owed[0], maya), what="what the first tab confirmed")
    eventually(lambda: confirmed(owed[1], maya), what="what the second tab confirmed")


def test_a_confirmation_that_has_not_left_is_taken_back_here(
    connected: Any, wire: Any, owed: Any, maya: people.Person
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    settled(page, mayas, 2)
    wire.cut()
    page.locator(f'[data-id="{owed[0].id}"]').get_by_role("button", name="Mark as read").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    wire.mend()

    expect(mayas.new_tab().get_by_text("2 things are waiting for you.")).to_be_visible()
    assert confirmed(owed[0], maya) is None


RUBBISH = {
    "not JSON": {"body": "<h1>Please pay for this airport's network</h1>", "content_type": "text/html"},
    "another shape": {"body": '{"items": [{"title": 7}]}', "content_type": "application/json"},
    "no list": {"body": '{"items": null}', "content_type": "application/json"},
    "beyond all measure": {"body": '{"items": [' + '"x",' * 2_000_000 + '"x"]}', "content_type": "application/json"},
    "broken": {"status": 500, "body": "x" * 1000},
}


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_never_replaces_a_good_feed(
    connected: Any, owed: Any, maya: people.Person, answer: dict[str, Any]
) -> None:
    mayas = connected(maya)
    settled(mayas.new_tab(), mayas, 2)
    before = mayas.kept("copy")["copy"]
    mayas.context.route(re.compile(r"/api/v1/feed$"), lambda route: route.fulfill(**answer))

    page = mayas.new_tab()
    expect(page.get_by_text("You’re offline.")).to_be_visible(timeout=20_000)

    expect(page.locator("[data-list=required] [data-id]")).to_have_count(2)
    assert mayas.kept("copy")["copy"]["items"] == before["items"]
