"""The pages in a real Chromium, under their strict content security policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
Browse = Callable[..., Page]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]


@pytest.fixture
def week(announce: Any, maya: people.Person, at: datetime) -> list[publishing.Announcement]:
    """Return a week on Maya's tab: two things she owes, news, and something she has confirmed."""
    long = (
        "<h2>What changes</h2><p>Bring the old one.</p><table><tbody><tr><td>Who</td><td>Where</td></tr></tbody></table>"
        * 3
    )
    items = [
        announce("New badges for everybody", body=long, deadline=at + timedelta(days=2)),
        announce("Travel and expenses"),
        announce("The best month since 2022", ask=False),
        announce("Fire drill results"),
    ]
    delivery.acknowledge(by=maya.id, announcement_id=items[3].id, version=1, now=at)
    return items


def settled(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


def test_every_page_is_accessible_and_fits(
    browse: Browse, week: Any, olga: people.Person, maya: people.Person, ines: people.Person, at: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=at)
    first = week[0].id
    ways: list[tuple[people.Person | None, list[str]]] = [
        (None, ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/mail-that-is-not-there"]),
        (maya, ["/tab", f"/a/{first}", "/settings"]),
        (olga, ["/settings/audit"]),
        (ines, ["/announcements", "/announcements/new", f"/a/{first}", f"/a/{first}/edit", f"/a/{first}/analytics"]),
    ]
    for way in SCHEMES:
        for person, addresses in ways:
            page = browse(person, **way)
            page.expected = ["404"]  # type: ignore[attr-defined]
            for address in addresses:
                page.goto(address)
                page.evaluate("document.fonts.ready")
                looked(page, f"{address}-{'phone' if 'viewport' in way else way['color_scheme']}")
                accessible(page)
            page.goto("about:blank")


def test_marking_as_read_on_the_tab_can_be_undone(browse: Browse, week: Any, maya: people.Person) -> None:
    page = browse(maya)
    page.goto("/tab")
    item = page.locator(f'[data-list=required] [data-id="{week[0].id}"]')

    item.get_by_role("button", name="Mark as read").click()

    expect(page.get_by_text("1 of 3 have confirmed.")).to_be_visible()
    expect(item).to_have_count(0)
    expect(page.get_by_text("One thing is waiting for you.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(item).to_be_visible()
    facts = {one.recipient_id: one.acknowledged_at for one in delivery.facts(announcement_id=week[0].id)}
    assert facts[maya.id] is None


def test_the_tab_is_worked_by_keys_alone(browse: Browse, week: Any, maya: people.Person) -> None:
    page = browse(maya)
    page.goto("/tab")
    settled(page)

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f'[data-id="{week[1].id}"] a[data-slot=title]')).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("m")
    expect(page.get_by_text("Marked as read.")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=week[1].title)).to_be_visible()


def test_news_is_dismissed_without_counting_as_read(browse: Browse, announce: Any, maya: people.Person) -> None:
    news = [announce(title, ask=False) for title in ("First", "Second", "Third")]
    page = browse(maya)
    page.goto("/tab")
    settled(page)

    page.locator(f'[data-id="{news[0].id}"] a[data-slot=title]').focus()
    page.keyboard.press("m")
    expect(page.locator(f'[data-list=past] [data-id="{news[0].id}"]')).to_be_visible()
    # The keys go on where they were: with the news beside it.
    expect(page.locator("[data-list=news] a[data-slot=title]:focus")).to_have_count(1)
    page.get_by_role("button", name="Dismiss all").click()
    expect(page.locator("[data-list=news] [data-id]")).to_have_count(0)
    page.reload()

    expect(page.locator("[data-list=past] [data-id]")).to_have_count(3)
    facts = [one for item in news for one in delivery.facts(announcement_id=item.id) if one.recipient_id == maya.id]
    assert [(one.opened_at, one.read_at) for one in facts] == [(None, None)] * 3


def test_what_is_marked_offline_is_kept_and_sent_when_the_server_answers(
    browse: Browse, week: Any, maya: people.Person
) -> None:
    page = browse(maya)
    page.expected = ["ERR_INTERNET_DISCONNECTED"]  # type: ignore[attr-defined]
    page.goto("/tab")
    settled(page)
    page.context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible()

    page.locator(f'[data-id="{week[0].id}"]').get_by_role("button", name="Mark as read").click()

    expect(page.get_by_text("One confirmation is waiting to be sent.")).to_be_visible()
    accessible(page)
    page.context.set_offline(False)
    expect(page.get_by_text("No connection.")).to_be_hidden()
    expect(page.locator('[data-slot="outbox"]')).to_be_empty()  # the server has it
    expect(page.get_by_text("One thing is waiting for you.")).to_be_visible()
    facts = {one.recipient_id: one.acknowledged_via for one in delivery.facts(announcement_id=week[0].id)}
    assert facts[maya.id] == "tab"


def test_a_tab_shows_what_it_has_while_its_hub_is_busy_says_how_old_it_is_and_asks_again_later(
    browse: Browse, week: Any, maya: people.Person
) -> None:
    page = browse(maya)
    page.expected = ["503"]  # type: ignore[attr-defined]
    page.goto("/tab")
    settled(page)
    page.route("**/api/v1/feed", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}"))

    for _ in range(2):  # by the second the first has been taken in
        with page.expect_response(lambda answer: answer.status == 503, timeout=60_000):
            pass

    expect(page.get_by_text("No connection.")).to_be_hidden()
    expect(page.get_by_text("New badges for everybody")).to_be_visible()
    expect(page.locator('[data-slot="fresh"]')).to_have_text(re.compile(r"As of .*\d\d:\d\d"))
    page.unroute("**/api/v1/feed")
    expect(page.locator('[data-slot="fresh"]')).to_have_text("Up to date", timeout=60_000)


def test_what_is_published_meanwhile_appears_on_an_open_tab(browse: Browse, announce: Any, maya: people.Person) -> None:
    page = browse(maya)
    page.goto("/tab")
    expect(page.get_by_text("No announcements yet")).to_be_visible()

    announce("Something new")

    expect(page.get_by_role("link", name="Something new")).to_be_visible(timeout=8_000)
    expect(page.get_by_text("No announcements yet")).to_be_hidden()


def test_reading_is_noticed_and_confirmed_without_leaving_the_page(
    browse: Browse, week: Any, maya: people.Person
) -> None:
    page = browse(maya)
    page.goto(f"/a/{week[0].id}")
    page.keyboard.press("m")

    expect(page.get_by_text("You confirmed this at")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()
    facts = {one.recipient_id: one for one in delivery.facts(announcement_id=week[0].id)}
    assert facts[maya.id].opened_via == "page"
    assert facts[maya.id].acknowledged_at is None


def test_a_draft_saves_itself_and_counts_its_audience(
    browse: Browse, ines: people.Person, operations: people.Group, at: datetime
) -> None:
    page = browse(ines)
    page.goto("/announcements/new")
    page.get_by_label("Title").fill("Written slowly")
    page.get_by_role("combobox", name="Add to the audience").fill("oper")
    page.get_by_role("option", name="Operations").click()

    expect(page.get_by_text(re.compile("^Draft, saved"))).to_be_visible()
    expect(page.get_by_text("3 people", exact=True)).to_be_visible()
    (draft,) = publishing.mine(by=ines.id, now=at)
    assert (draft.title, draft.audience.group_ids) == ("Written slowly", (operations.id,))
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Written slowly")
    page.get_by_role("button", name="Discard the draft").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard the draft").click()
    page.wait_for_url("**/announcements")
    assert list(publishing.mine(by=ines.id, now=at)) == []


def test_numbers_move_while_they_are_looked_at(
    browse: Browse, week: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    page = browse(ines)
    page.goto(f"/a/{week[0].id}/analytics")
    expect(page.locator("[data-slot=acknowledged]")).to_have_text("0")

    delivery.acknowledge(by=maya.id, announcement_id=week[0].id, version=1, now=at)

    expect(page.locator("[data-slot=acknowledged]")).to_have_text("1", timeout=8_000)
    expect(page.locator("[data-slot=missing]")).to_have_text("2")


def test_times_are_on_the_readers_clock_wherever_their_computer_is(
    browse: Browse, week: Any, maya: people.Person, at: datetime
) -> None:
    page = browse(maya, timezone_id="America/Los_Angeles")
    page.goto("/tab")
    settled(page)
    deadline = (at + timedelta(days=2)).astimezone(ZoneInfo("Europe/Amsterdam"))

    due = page.locator(f'[data-id="{week[0].id}"] [data-slot=due]')
    expect(due).to_have_text(f"Please confirm by {deadline:%A, %H:%M}")
    page.locator(f'[data-id="{week[1].id}"]').get_by_role("button", name="Mark as read").click()  # paints anew
    expect(page.get_by_text("Marked as read.")).to_be_visible()
    expect(due).to_have_text(f"Please confirm by {deadline:%A, %H:%M}")
    hour = datetime.now(ZoneInfo("Europe/Amsterdam")).strftime("%H:")
    expect(page.locator("[data-slot=clock]")).to_contain_text(hour)
