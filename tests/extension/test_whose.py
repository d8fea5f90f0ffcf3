"""Whose tab it is: what ends with a device, a person or a group; what a colleague meets; what counts as seen; what a text may do."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from announcements.delivery import services as delivery
from announcements.joining import services as joining
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import accessible, looked, needs_chromium
from tests.extension.wire import Wire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]


@pytest.fixture
def badges(announce: Any) -> publishing.Announcement:
    return announce("New badges", body="<p>Fetch yours at the desk.</p>")


def wait_for(page: Any, holds: Any) -> None:
    for _try in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came")


def test_a_device_that_was_ended_keeps_nothing(connected: Any, badges: Any, maya: people.Person, at: datetime) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(page.get_by_text("New badges")).to_be_visible()
    wait_for(page, lambda: mayas.kept("texts"))
    mayas.keep(own={"off": [], "links": [{"label": "Mine", "url": "https://mine.test/", "icon": "link"}]})
    expect(page.get_by_role("link", name="Mine")).to_be_visible()
    people.end_device(by=maya.id, device_id=people.devices(by=maya.id, now=at)[0].id, now=at)

    page.reload()

    expect(page.get_by_text("This device was disconnected.")).to_be_visible()
    expect(page.get_by_text("New badges")).to_have_count(0)
    accessible(page)
    looked(page, "-ended")
    kept = mayas.kept()
    assert not [name for name in ("copy", "view", "around", "said", "texts", "own") if name in kept]
    assert "badges" not in json.dumps(kept)
    assert "Maya" not in json.dumps(kept)
    assert kept["hub"].keys() == {"url"}


def test_somebody_deactivated_meets_nothing_any_more(
    connected: Any, badges: Any, olga: people.Person, maya: people.Person, at: datetime
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(page.get_by_text("New badges")).to_be_visible()
    people.deactivate(by=olga.id, person_id=maya.id, now=at)

    page.reload()

    expect(page.get_by_text("This device was disconnected.")).to_be_visible()
    assert "badges" not in json.dumps(mayas.kept())


def test_what_is_withdrawn_leaves_the_device(
    connected: Any, badges: Any, ines: people.Person, maya: people.Person, at: datetime
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    wait_for(page, lambda: "at the desk" in json.dumps(mayas.kept("texts")))
    publishing.withdraw(announcement_id=badges.id, by=ines.id, reason="A mistake.", now=at)

    page.reload()

    expect(page.get_by_text("No announcements yet")).to_be_visible()
    wait_for(page, lambda: "at the desk" not in json.dumps(mayas.kept()))


def test_a_colleague_on_the_same_machine_sends_nothing_in_anothers_name(
    connected: Any, wire: Any, badges: Any, maya: people.Person, joao: people.Person, hub_of: Any
) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(page.get_by_text("New badges")).to_be_visible()
    wait_for(page, lambda: mayas.kept("around"))
    wire.cut()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("Kept here")).to_be_visible()

    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("button", name="Disconnect this device").click()
    expect(page.get_by_role("heading", name="Connect this tab")).to_be_visible()
    assert not [name for name in mayas.kept() if name.startswith("ob:")]
    wire.mend()
    page.get_by_role("button", name="Connect").click()
    code = page.locator('[data-slot="code"]')
    expect(code).not_to_be_empty()
    hub_of(joao).post("/connect", {"code": code.text_content(), "do": "connect"})

    expect(page.get_by_role("heading", name="Joao")).to_be_visible(timeout=20_000)
    facts = {one.recipient_id: one for one in delivery.facts(announcement_id=badges.id)}
    assert facts[joao.id].acknowledged_at is None


def test_what_somebody_has_disconnected_does_not_begin_by_itself_again(
    connected: Any, wire: Wire, badges: Any, olga: people.Person, maya: people.Person, at: datetime
) -> None:
    link = joining.create_claim_link(by=olga.id, name="Browser policy", limits=joining.Limits(), now=at)
    mayas = connected(maya)
    page = mayas.new_tab()
    mayas.keep(managed={"serverUrl": wire.url, "enrolmentToken": link.token})
    page.get_by_role("button", name="What this tab shows").click()

    page.get_by_role("button", name="Disconnect this device").click()

    expect(page.get_by_role("button", name="Connect")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert mayas.kept("pairing") == {}
    expect(page.get_by_role("button", name="Connect")).to_be_visible()


def test_a_tab_behind_another_is_not_seen(connected: Any, badges: Any, maya: people.Person) -> None:
    mayas = connected(maya)
    page = mayas.context.new_page()
    page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.front !== true})")
    page.goto("chrome://newtab/")
    page.wait_for_timeout(2_500)
    seen = lambda: {one.recipient_id: one.displayed_at for one in delivery.facts(announcement_id=badges.id)}[maya.id]  # noqa: E731  asked thrice
    assert seen() is None

    page.evaluate("window.front = true; document.dispatchEvent(new Event('visibilitychange'))")

    wait_for(page, lambda: seen() is not None)


def test_what_somebody_decides_offline_is_theirs_in_every_browser(
    connected: Any, wire: Any, badges: Any, announce: Any, maya: people.Person
) -> None:
    announce("The best month since 2022", ask=False)
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(page.get_by_text("The best month since 2022")).to_be_visible()
    wait_for(page, lambda: mayas.kept("around"))
    wire.cut()
    page.get_by_role("button", name="What this tab shows").click()
    page.get_by_role("checkbox", name="News").uncheck()
    page.get_by_role("button", name="Add a link").click()
    page.get_by_label("Name").fill("Rota")
    page.get_by_label("Address", exact=True).fill("rota.test")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link", name="Rota")).to_be_visible()
    mayas.restart()
    page = mayas.new_tab()
    expect(page.get_by_role("link", name="Rota")).to_be_visible()
    assert people.own_tab(by=maya.id) == people.OwnTab()
    wire.mend()

    page.reload()

    own = people.OwnTab(("news",), (people.Link("Rota", "https://rota.test/"),))
    wait_for(page, lambda: people.own_tab(by=maya.id) == own)
    wait_for(page, lambda: "own" not in mayas.kept())
    phone = connected(maya).new_tab()
    expect(phone.get_by_role("link", name="Rota")).to_be_visible()
    expect(phone.get_by_text("The best month since 2022")).to_be_hidden()


HOSTILE = [
    {"tag": "script", "attributes": {"src": "https://evil.test/x.js"}, "children": ["window.ran = 1"]},
    {"tag": "img", "attributes": {"src": "x", "onerror": "window.ran = 1", "alt": "<img src=x onerror=window.ran=1>"}},
    {"tag": "a", "attributes": {"href": "javascript:window.ran=1", "onclick": "window.ran=1"}, "children": ["click"]},
    {"tag": "a", "attributes": {"href": "https://fine.test/", "target": "_top", "onclick": "window.ran=1"}, "children": ["fine"]},
    {"tag": "iframe", "attributes": {"srcdoc": "<script>top.ran=1</script>"}, "children": []},
    {"tag": "p", "attributes": {"style": "position:fixed;inset:0", "onclick": "window.ran=1", "id": "reader"}, "children": ["text"]},
    {"tag": "form", "attributes": {"action": "https://evil.test/"}, "children": [{"tag": "input", "attributes": {}}]},
    {"tag": {"x": 1}, "children": "no list"},
    None,
    7,
]  # fmt: skip


def test_a_hostile_hub_runs_nothing(connected: Any, wire: Any, badges: Any, maya: people.Person) -> None:
    mayas = connected(maya)
    page = mayas.new_tab()
    wait_for(page, lambda: mayas.kept("texts").get("texts"))
    wire.cut()
    hostile = {str(badges.id): {"version": 1, "words": 3, "body": HOSTILE}}

    def stays() -> bool:
        """Say it until nothing that was still on its way puts the true text back."""
        mayas.keep(texts=hostile)
        page.wait_for_timeout(500)
        return bool(mayas.kept("texts") == {"texts": hostile})

    wait_for(page, stays)

    page.get_by_role("link", name="New badges").click()

    body = page.locator("#reader .prose")
    expect(body.get_by_text("text")).to_be_visible()
    assert (
        body.evaluate(
            "it => it.querySelectorAll('script, img, iframe, form, input, [style], [onclick], [id], [target]').length"
        )
        == 0
    )
    assert body.locator("a").evaluate_all("all => all.map(({href}) => href)") == ["https://fine.test/"]
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    "way",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"viewport": {"width": 390, "height": 844}},
        {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2, "reduced_motion": "reduce"},
        {"rtl": True},
        {"text": "200%"},
    ],
    ids=["light", "dark", "phone", "zoomed, calm", "right to left", "text of 200 %"],
)
def test_it_is_accessible_and_leaves_the_focus_where_it_is(
    connected: Any,
    badges: Any,
    announce: Any,
    olga: people.Person,
    maya: people.Person,
    at: datetime,
    way: dict[str, Any],
) -> None:
    announce("The best month since 2022", ask=False)
    clocks = tuple(people.Clock(label, zone) for label, zone in (("Porto", "Europe/Lisbon"), ("Manila", "Asia/Manila")))
    links = (
        people.Link("Handbook", "https://handbook.test/", "book-open"),
        people.Link("Time off", "https://off.test/", "calendar-off"),
    )
    people.update_workspace(
        by=olga.id, changes=people.WorkspaceChanges(clocks=clocks, links=links, brand_hue=250), now=at
    )
    name = "-".join(str(value) for value in way)
    way = dict(way)
    rtl, text = way.pop("rtl", False), way.pop("text", "")
    mayas = connected(maya, **way)
    page = mayas.new_tab()
    if rtl:  # as a build in such a language has it
        page.evaluate("document.documentElement.dir = 'rtl'")
    page.evaluate(
        "text => document.documentElement.style.fontSize = text", text
    )  # as whoever wants larger letters has it
    expect(page.get_by_text("Manila")).to_be_visible()
    expect(page.get_by_role("link", name="Handbook")).to_be_visible()

    assert page.evaluate("document.activeElement === document.body")
    page.evaluate("document.fonts.ready")
    accessible(page)
    looked(page, f"-{name}")
    assert "reduced_motion" not in way or page.evaluate("document.getAnimations().length") == 0
    page.get_by_role("button", name="What this tab shows").click()
    accessible(page)
    looked(page, "-own")
    page.get_by_role("checkbox", name="News").uncheck()
    page.get_by_role("button", name="Add a link").click()
    page.get_by_label("Name").fill("Mine")
    page.get_by_label("Address", exact=True).fill("mine.test")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("link", name="Mine")).to_have_attribute("href", "https://mine.test/")
    expect(page.get_by_text("The best month since 2022")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("desk")
    expect(page.get_by_role("option", name="New badges")).to_be_visible()
    accessible(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="New badges")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="New badges")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts", exact=True)).to_be_visible()
    accessible(page)
