"""The extension as the new tab: it paints from what it keeps, and is worked without leaving the tab."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from announcements.delivery import services as delivery
from announcements.media import services as media
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import accessible, looked, needs_chromium
from tests.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
LONG = (
    "<h2>What changes</h2><p>Bring the <strong>old one</strong>. See <a href='https://badges.test/'>the list</a>.</p>"
)


@pytest.fixture
def week(announce: Any, at: datetime) -> list[publishing.Announcement]:
    """Return two things Maya owes, and news."""
    return [
        announce("New badges for everybody", body=LONG, deadline=at + timedelta(days=2)),
        announce("Travel and expenses"),
        announce("The best month since 2022", ask=False),
    ]


def test_somebody_connects_by_a_code_and_meets_their_announcements(
    computer: Any, wire: Any, week: Any, maya: people.Person, hub_of: Any
) -> None:
    mayas = computer()
    page = mayas.new_tab()
    page.get_by_label("Address of your company’s Mantel").fill(wire.url)
    accessible(page)
    looked(page, "-new")

    page.get_by_role("button", name="Connect").click()
    code = page.locator('[data-slot="code"]')
    expect(code).to_have_text(re.compile("^[A-Z]{4}-[A-Z]{4}$"))
    link = page.get_by_role("link", name="Open Mantel")
    expect(link).to_have_attribute("href", f"{wire.url}/connect?code={code.text_content()}")
    looked(page, "-pairing")
    hub_of(maya).post("/connect", {"code": code.text_content(), "do": "connect"})

    expect(page.get_by_text("New badges for everybody")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", name="Maya")).to_be_visible()
    expect(page.get_by_text("2 things are waiting for you.")).to_be_visible()
    accessible(page)
    looked(page, "-connected")


def test_the_first_picture_has_the_announcements_in_it(
    connected: Any, wire: Any, week: Any, maya: people.Person
) -> None:
    mayas = connected(maya)
    expect(mayas.new_tab().get_by_text("Up to date")).to_be_visible()
    expect(mayas.new_tab().get_by_role("link", name="New badges for everybody")).to_be_visible()
    wire.cut()
    page = mayas.new_tab()
    expect(page.get_by_role("link", name="New badges for everybody")).to_be_visible()
    expect(page.get_by_text("No connection.")).to_be_visible()  # what comes after the picture

    first, painted = page.evaluate(
        "[performance.getEntriesByName('first-contentful-paint'), performance.getEntriesByName('painted')]"
        ".map(([entry]) => entry.startTime)"
    )
    assert first > painted


def test_the_first_picture_holds_what_the_window_does_and_the_rest_comes_without_moving_it(
    connected: Any, wire: Any, announce: Any, maya: people.Person
) -> None:
    for number in range(12):
        announce(f"News {number}", ask=False)
    mayas = connected(maya, viewport={"width": 1000, "height": 500})
    rows = "[data-list=news] [data-id]"
    expect(mayas.new_tab().locator(rows)).to_have_count(12)
    wire.cut()
    mayas.worker.evaluate("() => chrome.storage.local.remove('copy')")  # so that the picture is all there is
    page = mayas.new_tab()
    expect(page.get_by_text("No connection.")).to_be_visible()
    assert 4 <= page.locator(rows).count() < 12
    page.evaluate(
        "window.gone = 0; new MutationObserver(all => all.forEach(one => window.gone += one.removedNodes.length))"
        ".observe(document.querySelector('[data-list=news]'), { childList: true })"
    )
    wire.mend()

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator(rows)).to_have_count(12)
    assert page.evaluate("window.gone") == 0


def told(computer: Any, page: Any) -> dict[str, Any]:
    """Return what was said of days and times, once it is kept."""
    for _try in range(100):
        if found := computer.kept("said").get("said"):
            return dict(found)
        page.wait_for_timeout(100)
    raise AssertionError("it never came")


def test_days_are_said_as_they_were_until_they_end(connected: Any, wire: Any, week: Any, maya: people.Person) -> None:
    mayas = connected(maya)
    expect(mayas.new_tab().get_by_role("heading", name="Maya")).to_be_visible()
    page = mayas.new_tab()
    expect(page.get_by_role("link", name="New badges for everybody")).to_be_visible()
    said = told(mayas, page)
    date = page.locator('[data-slot="date"]')
    wire.cut()

    mayas.keep(said=said | {"day": said["day"] | {"whole": "A fine day"}, "told": said["told"] | {"time 1": "of old"}})
    again = mayas.new_tab()
    expect(again.locator('[data-slot="date"]')).to_have_text("A fine day")
    for _try in range(100):
        if "time 1" not in told(mayas, again)["told"]:
            break
        again.wait_for_timeout(100)
    assert said["told"].keys() == told(mayas, again)["told"].keys(), "what nothing says any more goes"
    for other in (
        {"day": {"from": 0, "until": 1, "key": "1970-01-01", "whole": "Long ago"}},
        {"zone": "Asia/Manila", "day": said["day"] | {"whole": "Elsewhere"}},
        {"told": None},
    ):
        mayas.keep(said=said | other)
        expect(mayas.new_tab().locator('[data-slot="date"]')).to_have_text(date.text_content())


def test_a_broken_view_gives_way_to_the_feed(connected: Any, wire: Any, week: Any, maya: people.Person) -> None:
    mayas = connected(maya)
    expect(mayas.new_tab().get_by_role("link", name="New badges for everybody")).to_be_visible()
    wire.cut()
    for broken in ({"items": None}, {"items": [{"title": 7}], "sums": None, "freshAt": "never"}):
        mayas.keep(view=broken)

        expect(mayas.new_tab().get_by_role("link", name="New badges for everybody")).to_be_visible()


def test_the_view_shows_nothing_that_the_feed_does_not_hold_any_more(
    connected: Any, wire: Any, week: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(page.get_by_role("link", name="Travel and expenses")).to_be_visible()
    publishing.withdraw(announcement_id=week[1].id, by=ines.id, reason="A mistake.", now=at)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("link", name="Travel and expenses")).to_have_count(0)

    kept = mayas.kept("view", "copy")

    ids = {item["announcement_id"] for item in kept["copy"]["items"]}
    assert {item["announcement_id"] for item in kept["view"]["items"]} <= ids == {week[0].id, week[2].id}


def test_a_text_that_comes_late_fills_what_is_open(connected: Any, week: Any, maya: people.Person) -> None:
    computer, held = connected(maya), list[Route]()
    computer.context.route("**/tab/texts?*", lambda route: held.append(route))
    page = computer.new_tab()
    page.get_by_role("link", name="New badges for everybody").click()
    reader = page.get_by_role("dialog", name="New badges for everybody")
    expect(reader.get_by_text("The whole text is not on this computer yet.")).to_be_visible()

    for route in held:
        route.continue_()

    expect(reader.get_by_text("old one")).to_be_visible()
    expect(reader.get_by_text("The whole text is not on this computer yet.")).to_be_hidden()


def test_a_picture_is_seen_in_place_without_a_network_too_and_goes_with_its_person(
    connected: Any, wire: Any, announce: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    image = media.upload(by=ines.id, content=picture((300, 200)), now=at)
    media.make(image_id=image.id, now=at)
    src = media.get(key=image.key).src
    announce("Fire drill", body=f'<p>Look.</p><img src="{src}" width="300" height="200" alt="Plan">')
    kept = "() => caches.open('pictures').then(cache => cache.keys()).then(keys => keys.length)"
    mayas = connected(maya)
    page = mayas.new_tab()
    for _try in range(100):
        if mayas.worker.evaluate(kept):
            break
        page.wait_for_timeout(100)
    wire.cut()
    page = mayas.new_tab()

    page.get_by_role("link", name="Fire drill").click()
    seen = page.get_by_role("dialog").get_by_alt_text("Plan")
    expect(seen).to_be_visible()
    expect(seen).to_have_js_property("naturalWidth", 300)
    accessible(page)
    looked(page, "-picture")
    mayas.worker.evaluate("() => caches.delete('pictures')")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Fire drill").click()
    expect(page.get_by_role("dialog").get_by_text("Picture: Plan. Its page shows it.")).to_be_visible()
    wire.mend()

    page.keyboard.press("Escape")
    page.get_by_role("link", name="Fire drill").click()
    expect(seen).to_have_js_property("naturalWidth", 300)
    assert mayas.worker.evaluate(kept) == 1
    page.keyboard.press("Escape")
    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("button", name="Disconnect this device").click()
    expect(page.get_by_role("heading", name="Connect this tab")).to_be_visible()
    assert mayas.worker.evaluate(kept) == 0


def test_reading_in_place_and_marking_as_read(connected: Any, week: Any, maya: people.Person) -> None:
    page = connected(maya).new_tab()
    page.get_by_role("link", name="New badges for everybody").click()

    reader = page.get_by_role("dialog", name="New badges for everybody")
    expect(reader.get_by_text("old one")).to_be_visible()
    expect(reader.get_by_role("link", name="the list")).to_have_attribute("rel", "noopener noreferrer")
    accessible(page)
    looked(page, "-reader")
    page.keyboard.press("m")

    expect(page.get_by_text("1 of 3 have confirmed.")).to_be_visible()
    expect(page.get_by_text("One thing is waiting for you.")).to_be_visible()
    facts = {one.recipient_id: one for one in delivery.facts(announcement_id=week[0].id)}
    assert facts[maya.id].acknowledged_via == "extension"
    assert facts[maya.id].opened_at
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 things are waiting for you.")).to_be_visible()


def test_a_tab_whose_connection_ended_as_it_opened_begins_anew_and_keeps_nothing(
    connected: Any, week: Any, maya: people.Person
) -> None:
    mayas = connected(maya)
    expect(mayas.new_tab().get_by_role("link", name="New badges")).to_be_visible()
    page = mayas.context.new_page()
    # Between what the first picture is read from and the listening, somebody disconnects in another tab.
    page.add_init_script(
        """const area = globalThis.chrome?.storage?.local, get = area?.get.bind(area);
        if (area) area.get = async (...names) => {
          area.get = get;
          const kept = await get(...names);
          await area.remove(["copy", "view", "around", "said", "texts", "own"]);
          await area.set({ hub: null });
          return kept;
        };"""
    )
    page.goto("chrome://newtab/")

    expect(page.locator("body[data-state=new]")).to_be_visible()
    expect(page.get_by_role("link", name="New badges")).to_have_count(0)
    assert set(mayas.kept()) & {"copy", "view", "around", "said", "texts"} == set()
