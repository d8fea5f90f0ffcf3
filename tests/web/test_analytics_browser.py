"""Analytics in a real Chromium: drawn, described, and readable as a table, for no people, one, and many."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.audit import services as audit
from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.conftest import join

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
HOUR = timedelta(hours=1)


@pytest.fixture
def landed(ines: people.Person, olga: people.Person, operations: people.Group) -> publishing.Announcement:
    """Return what Ines published fifty hours ago to 23 people; nine confirmed, three of them after a nudge."""
    at = (datetime.now(UTC) - 50 * HOUR).replace(microsecond=0)
    zones = ("Europe/Lisbon", "Asia/Manila", "America/Chicago")
    readers = [join(olga, f"N{n} Reader", zones[n % 3], at - 9 * HOUR) for n in range(20)]
    for reader in readers:
        people.add_member(by=olga.id, group_id=operations.id, person_id=reader.id, now=at - HOUR)
    audience = people.Audience(group_ids=(operations.id,))
    draft = publishing.Draft(
        title="From 1 December, no load leaves without a code", body="<p>x</p>", audience=audience, ask_acknowledge=True
    )
    made = publishing.create(by=ines.id, draft=draft, now=at)
    item = publishing.publish(announcement_id=made.id, by=ines.id, now=at)
    delivery.fan_out(announcement_id=item.id, now=at)
    step = models.Nudge.objects.filter(announcement_id=item.id, step=1)
    step.update(state="submitted", due_at=at + 24 * HOUR, submitted_at=at + 24 * HOUR)
    facts: tuple[delivery.Fact, ...] = ("displayed", "opened", "read", "acknowledged")
    for n, reader in enumerate(readers):
        when = at + (n * 2 + 1) * HOUR
        receipt = delivery.Receipt(str(n), item.id, facts[min(3, n % 6)], when, ("tab", "mail", "page")[n % 3], 1)  # type: ignore[arg-type]  # channels
        delivery.record(by=reader.id, receipts=[receipt], now=when)
    return item


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_what_landed_is_drawn_and_told(
    browse: Callable[..., Page], landed: publishing.Announcement, ines: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(ines, **scheme)
    page.goto(f"/a/{landed.id}/analytics")
    page.evaluate("document.fonts.ready")
    looked(page)
    accessible(page)

    curve = page.get_by_role("img", name="How many had opened and confirmed, over time")
    expect(curve).to_have_accessible_description(
        "Of 23 people 16 opened it and 9 confirmed. The table below says when."
    )
    phone = scheme.get("viewport") == PHONE
    expect(curve.get_by_text("Nudge 1" if phone else "Nudge 1 to 23", exact=True)).to_be_visible()
    for words in curve.locator("text").locator("visible=true").all():
        assert words.evaluate("word => parseFloat(getComputedStyle(word).fontSize) * word.getScreenCTM().a") > 10
    assert curve.locator(".curve-night").count() >= 2
    page.get_by_text("As a table").click()
    expect(page.get_by_role("region", name="The curve as a table").get_by_role("row").last).to_contain_text("169")
    expect(page.get_by_text("Half of the audience has yet to confirm.")).to_be_visible()
    expect(page.get_by_role("region", name="The curve as a table")).to_contain_text("Nudge 1 to 23")
    expect(page.get_by_text("3 of the 9 came after a nudge.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Nudge 1, from .*: sent to 23 people$"))).to_be_visible()


@pytest.mark.parametrize("scheme", [SCHEMES[0], SCHEMES[2]], ids=["desk", "phone"])
def test_the_words_of_nudges_that_land_close_together_stand_apart(
    browse: Callable[..., Page], landed: publishing.Announcement, ines: people.Person, scheme: dict[str, Any]
) -> None:
    first = models.Nudge.objects.filter(announcement_id=landed.id, step=1)
    for step, hours in ((2, 26), (3, 27)):
        late = {"step": step, "state": "submitted", "due_at": first[0].due_at + (hours - 24) * HOUR}
        models.Nudge.objects.filter(announcement_id=landed.id, step=step).update(**late)
    page = browse(ines, **scheme)
    page.goto(f"/a/{landed.id}/analytics")
    page.evaluate("document.fonts.ready")
    looked(page)

    boxes = [
        found.bounding_box()
        for found in page.locator(".curve-nudge text, .curve-nudge circle").locator("visible=true").all()
    ]
    assert len(boxes) == 6
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            assert one and other and not _meet(one, other), (one, other)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _meet(one: Any, other: Any) -> bool:
    return bool(
        one["x"] < other["x"] + other["width"] and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]
    )  # fmt: skip


def test_each_number_leads_to_what_it_means(
    browse: Callable[..., Page], landed: publishing.Announcement, ines: people.Person
) -> None:
    page = browse(ines)
    page.goto(f"/a/{landed.id}/analytics")
    for name, id in (("Read", "read"), ("Confirmed", "acknowledged"), ("By group", "groups"), ("Missing", "missing")):
        page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        expect(page.locator(f"#{id}")).to_be_visible()
        page.go_back()


def test_numbers_and_names_are_taken_along(
    browse: Callable[..., Page], landed: publishing.Announcement, ines: people.Person
) -> None:
    page = browse(ines)
    page.goto(f"/a/{landed.id}/analytics")
    for name, first in (("Export CSV", "of,name"), ("Names as CSV", "person_id,name")):
        with page.expect_download() as taken:
            page.get_by_role("link", name=name).click()
        assert taken.value.path().read_text("utf-8-sig").startswith(first)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_a_works_council_sees_no_reading_times(
    browse: Callable[..., Page],
    landed: publishing.Announcement,
    ines: people.Person,
    olga: people.Person,
    scheme: dict[str, Any],
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=datetime.now(UTC))
    page = browse(ines, **scheme)
    page.goto(f"/a/{landed.id}/analytics")
    looked(page)
    accessible(page)

    expect(page.locator("[data-slot=read]")).to_have_count(0)
    expect(page.locator("[data-slot=acknowledged]")).to_have_text("9")
    expect(page.get_by_role("columnheader", name="Got to")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_of_a_few_people_a_works_council_sees_only_who_confirmed(
    browse: Callable[..., Page], olga: people.Person, maya: people.Person, joao: people.Person, scheme: dict[str, Any]
) -> None:
    sent = datetime.now(UTC) - timedelta(hours=30)
    draft = publishing.Draft(
        title="Keys of dock 4",
        body="<p>x</p>",
        audience=people.Audience(person_ids=(olga.id, maya.id, joao.id)),
        ask_acknowledge=True,
    )
    made = publishing.create(by=olga.id, draft=draft, now=sent)
    item = publishing.publish(announcement_id=made.id, by=olga.id, now=sent)
    delivery.fan_out(announcement_id=item.id, now=sent)
    for person, fact in ((maya, "acknowledged"), (joao, "opened")):
        receipt = delivery.Receipt(f"r{person.id}", item.id, fact, sent + timedelta(hours=5), "tab", item.version)
        delivery.record(by=person.id, receipts=[receipt], now=sent + timedelta(hours=5))
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=datetime.now(UTC))

    page = browse(olga, **scheme)
    page.goto(f"/a/{item.id}/analytics")
    page.get_by_label("Read the curve off").focus()

    expect(page.get_by_text("So few people that only confirmations are told.")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(re.compile("opened", re.I))
    expect(page.get_by_label("Read the curve off")).to_have_attribute("aria-valuetext", re.compile("1 confirmed"))
    looked(page)
    accessible(page)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_alignment_is_told_by_group_and_week(
    browse: Callable[..., Page], landed: publishing.Announcement, olga: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(olga, **scheme)
    page.goto("/alignment")
    page.evaluate("document.fonts.ready")
    looked(page)
    accessible(page)

    table = page.get_by_role("region", name="Confirmed on time, by group and week")
    expect(table.get_by_role("row", name="Operations").get_by_role("link", name="23 not due yet").first).to_be_visible()
    expect(page.get_by_role("region", name="What is still open").get_by_role("row").last).to_contain_text("9 of 23")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing has come due yet")
    still_open = page.get_by_role("region", name="What is still open")
    assert still_open.evaluate("table => table.scrollWidth <= table.clientWidth"), "no number is cut off"
    times = page.get_by_role("region", name="Time until people read").get_by_role("row", name="Operations")
    expect(times).to_contain_text("over 40 h")
    expect(times).to_contain_text("nine of ten: over 40 h")
    health = page.get_by_role("region", name="Async health")
    expect(health.get_by_role("listitem").filter(has_text="Asks to be confirmed")).to_contain_text("1 of 1")
    expect(table.get_by_role("row", name="Operations")).to_contain_text("23 not due yet")
    expect(page.get_by_role("region", name="Async health").get_by_role("listitem")).to_have_count(5)
    expect(page.get_by_role("region", name="Reading per person and week")).to_contain_text("0.1")
    page.get_by_role("link", name="4 weeks").click()
    expect(table.get_by_role("columnheader")).to_have_count(6)  # a group, four weeks, all
    page.get_by_role("link", name="Topic").click()
    expect(table.get_by_role("row", name="Update").get_by_role("link", name="23 not due yet").first).to_be_visible()
    accessible(page)


def test_some_of_the_missing_are_chosen_and_nudged_and_nobody_by_mistake(
    browse: Callable[..., Page], landed: publishing.Announcement, ines: people.Person
) -> None:
    models.Nudge.objects.all().delete()
    page = browse(ines)
    page.goto(f"/a/{landed.id}/analytics")
    nudge = page.get_by_role("button", name="Nudge those chosen")
    nudge.click()
    expect(page.get_by_role("status").filter(has_text="Choose whom to nudge first.")).to_be_visible()
    assert not models.Nudge.objects.exists()

    for name in ("Choose Ines Carvalho", "Choose Maya Lindqvist"):
        page.get_by_role("checkbox", name=name).check()
    looked(page)
    accessible(page)
    nudge.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nudge the 2 chosen?")
    assert not models.Nudge.objects.exists()
    page.get_by_role("button", name="Nudge 2 people").click()

    expect(page.get_by_role("status").filter(has_text="2 people are nudged")).to_be_visible()
    assert models.Nudge.objects.count() == 2


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_who_writes_to_whom_is_a_table(
    browse: Callable[..., Page], landed: publishing.Announcement, olga: people.Person, scheme: dict[str, Any]
) -> None:
    before = datetime.now(UTC) - 60 * HOUR
    sales = people.create_group(by=olga.id, name="Sales", kind="function", now=before)
    people.add_member(by=olga.id, group_id=sales.id, person_id=olga.id, now=before)
    page = browse(olga, **scheme)
    page.goto("/alignment")
    page.get_by_role("link", name="Who writes to whom").click()
    page.evaluate("document.fonts.ready")
    looked(page)
    accessible(page)

    table = page.get_by_role("region", name="Announcements from group to group")
    expect(table.get_by_role("row").last).to_contain_text("read by 12 of 23")
    expect(page.get_by_role("region", name="Groups nobody writes to").get_by_role("listitem")).to_have_text(["Sales 1"])
    page.get_by_label("Download: From group to group").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Numbers (CSV)").click()
    assert "Operations" in taken.value.path().read_text("utf-8-sig")
    table.get_by_role("link", name="read by 12 of 23").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Operations to Operations")
    page.evaluate("document.fonts.ready")
    looked(page, "-cell")
    accessible(page)
    page.get_by_role("link", name=landed.title).click()
    expect(page).to_have_title(re.compile("^Analytics of"))


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_the_missing_are_looked_through(
    browse: Callable[..., Page], landed: publishing.Announcement, ines: people.Person, scheme: dict[str, Any]
) -> None:
    page = browse(ines, **scheme)
    page.goto(f"/a/{landed.id}/analytics")
    table = page.get_by_role("region", name="Table of who is missing")
    stuck = page.get_by_role("navigation", name="Where they are stuck")
    expect(table.get_by_role("row")).to_have_count(15)
    for name, many in (("not seen 3", 3), ("not opened 4", 4), ("opened, not read 4", 4), ("read, not confirmed 3", 3)):
        stuck.get_by_role("link", name=name, exact=True).click()
        expect(table.get_by_role("row")).to_have_count(many + 1)
        expect(stuck.locator("[aria-current]")).to_have_text(name)
    accessible(page)
    looked(page, "-stuck")

    page.get_by_role("searchbox", name="Find a person").fill("N8")
    page.keyboard.press("Enter")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table).to_contain_text("N8 Reader")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Names as CSV").click()
    assert len(taken.value.path().read_text("utf-8-sig").splitlines()) == 2
    stuck.get_by_role("link", name="no mail reaches").click()
    expect(page.get_by_text("Nobody who is missing is found so.")).to_be_visible()
    accessible(page)
    looked(page, "-nobody")


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_names_are_shown_anew_when_they_are_asked_for_and_that_is_one_look(
    browse: Callable[..., Page],
    landed: publishing.Announcement,
    ines: people.Person,
    scheme: dict[str, Any],
) -> None:
    emails = ["n0@northwind.test", "n1@northwind.test"]
    first, second = people.get_by_email(emails=emails, workspace_id=ines.workspace_id).values()
    page = browse(ines, **scheme)
    page.clock.install()
    page.goto(f"/a/{landed.id}/analytics")
    rows = page.get_by_role("region", name="Table of who is missing").get_by_role("row")
    expect(rows).to_have_count(15)
    page.get_by_role("checkbox", name=f"Choose {second.name}").check()
    looks = len(audit.stored(by=second.id).looks)

    delivery.acknowledge(by=first.id, announcement_id=landed.id, version=1, now=datetime.now(UTC))
    page.clock.run_for(10_000)

    told = page.get_by_text("One has confirmed since these names were shown.")
    expect(told).to_be_visible()
    expect(rows).to_have_count(15)
    assert len(audit.stored(by=second.id).looks) == looks, "nobody's name was looked at again"
    accessible(page)
    looked(page, "-since")
    page.get_by_role("button", name="Show the list anew").click()

    expect(rows).to_have_count(14)
    expect(told).to_be_hidden()
    expect(page.get_by_role("checkbox", name=f"Choose {second.name}")).to_be_checked()
    expect(page.get_by_role("main").get_by_role("link", name="Nudge 13 people…")).to_be_visible()
    assert len(audit.stored(by=second.id).looks) == looks + 1


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_before_nudging_the_button_says_how_many_it_nudges(
    browse: Callable[..., Page], landed: publishing.Announcement, ines: people.Person, scheme: dict[str, Any]
) -> None:
    models.Nudge.objects.filter(step=1, recipient_id=ines.id).update(submitted_at=datetime.now(UTC))
    page = browse(ines, **scheme)
    page.goto(f"/a/{landed.id}/analytics")
    page.get_by_role("link", name="Nudge 14 people…").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Nudge who is missing?")
    expect(page.get_by_role("button", name="Nudge 13 people")).to_be_visible()
    accessible(page)
    looked(page, "-asked")
    page.get_by_role("checkbox", name="One was nudged in the last 24 hours").check()
    expect(page.get_by_role("button", name="Nudge 14 people")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page).to_have_title(re.compile("^Analytics of"))
    assert not models.Nudge.objects.filter(step__gte=100).exists()
