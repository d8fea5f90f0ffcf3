"""The report of an announcement: one sheet of paper, whatever it is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.conftest import join

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
LONG = (
    "From 1 December on no load that is bound for the European Union leaves any of our yards without a six-digit code"
)


@pytest.fixture
def landed(olga: people.Person) -> Callable[[int, int], publishing.Announcement]:
    """Return what publishes to so many groups of so many people each; every second one confirms."""

    def publish(groups: int, heads: int) -> publishing.Announcement:
        at = datetime.now(UTC) - timedelta(hours=50)
        made = [
            people.create_group(by=olga.id, name=f"Depot number {n} by the sea", kind="function", now=at)
            for n in range(groups)
        ]
        for n in range(heads):
            reader = join(olga, f"N{n} Reader", "Europe/Lisbon", at)
            for group in made:
                people.add_member(by=olga.id, group_id=group.id, person_id=reader.id, now=at)
        audience = people.Audience(group_ids=tuple(group.id for group in made))
        draft = publishing.Draft(title=LONG, body="<p>x</p>", audience=audience, ask_acknowledge=True)
        item = publishing.create(by=olga.id, draft=draft, now=at)
        item = publishing.publish(announcement_id=item.id, by=olga.id, now=at)
        delivery.fan_out(announcement_id=item.id, now=at)
        for n, one in enumerate(delivery.facts(announcement_id=item.id)[::2]):
            when = at + timedelta(hours=2 * n)
            receipt = delivery.Receipt(str(n), item.id, "acknowledged", when, "tab", item.version)
            delivery.record(by=one.recipient_id, receipts=[receipt], now=when)
        return item

    return publish


def sheets(page: Page) -> int:
    """Return on how many sheets of paper a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True, print_background=True)))


@pytest.mark.parametrize(("groups", "heads"), [(1, 1), (2, 5), (12, 14)])
@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
def test_a_report_is_one_sheet_of_paper(
    browse: Callable[..., Page],
    landed: Callable[[int, int], Any],
    olga: people.Person,
    groups: int,
    heads: int,
    scheme: dict[str, Any],
) -> None:
    item = landed(groups, heads)
    page = browse(olga, **scheme)
    page.goto(f"/a/{item.id}/report")
    page.evaluate("document.fonts.ready")
    accessible(page)

    expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
    expect(page.get_by_role("region", name="How far it got")).to_contain_text(f"{-(-heads // 2)}")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(1 + min(groups, 10))
    expect(page.get_by_text("and 2 more groups")).to_have_count(int(groups > 10))
    looked(page, f"-{groups}")
    assert sheets(page) == 1
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    looked(page, f"-{groups}-print")


def test_the_analytics_lead_to_the_report_which_prints_itself(
    browse: Callable[..., Page], landed: Callable[[int, int], Any], olga: people.Person
) -> None:
    page = browse(olga)
    page.goto(f"/a/{landed(1, 5).id}/analytics")
    page.get_by_role("link", name="Report").click()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()

    assert page.evaluate("window.printed")


def test_a_report_names_nobody_and_leaves_out_what_a_works_council_leaves_out(
    browse: Callable[..., Page], landed: Callable[[int, int], Any], olga: people.Person
) -> None:
    item = landed(1, 4)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=datetime.now(UTC))
    page = browse(olga)
    page.goto(f"/a/{item.id}/report")

    expect(page.get_by_text("One group is left out")).to_be_visible()
    expect(page.get_by_text("Depot number")).to_have_count(0)
    expect(page.get_by_role("region", name="How far it got")).not_to_contain_text("Read")
    expect(page.get_by_role("main").get_by_text("Reader")).to_have_count(0)
    assert sheets(page) == 1
