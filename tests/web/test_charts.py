"""Charts to take along: SVG that stands alone and says what the page says, for no people, one, five and many."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from announcements.analytics.models import Sum, Tally
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.api.conftest import api
from tests.conftest import join
from tests.web.conftest import signed_in

__all__ = ["api"]

OF_ONE = ("funnel", "curve", "groups", "channels")
OF_ALL = ("weeks", "times", "load", "flows")
SVG = "{http://www.w3.org/2000/svg}"
HOUR = timedelta(hours=1)


def drawn(by: people.Person, address: str) -> Xml.Element:
    answer = signed_in(by).get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"] == "image/svg+xml"
    return Xml.fromstring(answer.content)


def words(chart: Xml.Element) -> list[str]:
    return [text.text or "" for text in chart.iter(f"{SVG}text")]


@pytest.fixture
def landed(olga: people.Person, operations: people.Group, at: datetime) -> Callable[[int], publishing.Announcement]:
    """Return what publishes to so many readers of a group of their own, as Olga; every second one confirmed, by mail."""

    def publish(many: int, ask: bool = True) -> publishing.Announcement:
        before = at - 30 * HOUR
        group = people.create_group(by=olga.id, name="Night shift", kind="function", now=before - HOUR)
        readers = [join(olga, f"N{n} Reader", "Europe/Lisbon", before - HOUR) for n in range(many or 1)]
        for reader in readers:
            people.add_member(by=olga.id, group_id=group.id, person_id=reader.id, now=before - HOUR)
        audience = people.Audience(group_ids=(group.id,))
        draft = publishing.Draft(
            title="<Dock> & gate",
            body="<p>x</p>",
            audience=audience,
            ask_acknowledge=ask,
            deadline=before + 24 * HOUR if ask else None,
        )
        made = publishing.create(by=olga.id, draft=draft, now=before)
        item = publishing.publish(announcement_id=made.id, by=olga.id, now=before)
        delivery.fan_out(announcement_id=item.id, now=before)
        for n, reader in enumerate(readers[::2]):
            receipt = delivery.Receipt(
                str(n), item.id, "acknowledged" if ask else "read", before + n * HOUR, "mail", item.version
            )
            delivery.record(by=reader.id, receipts=[receipt], now=before + n * HOUR)
        if not many:
            people.deactivate(by=olga.id, person_id=readers[0].id, now=at)
        return item

    return publish


@pytest.mark.parametrize("many", [0, 1, 5, 12])
def test_a_chart_stands_alone_however_many_people_it_is_of(
    landed: Callable[..., Any], olga: people.Person, many: int
) -> None:
    item = landed(many)
    of_one = [f"/a/{item.id}/analytics/{chart}.svg" for chart in OF_ONE]
    of_all = [f"/alignment/{chart}.svg?weeks=4" for chart in OF_ALL]

    for address in (*of_one, *of_all):
        chart = drawn(olga, address)

        assert chart.find(f"{SVG}title") is not None, address
        assert re.fullmatch(r"Northwind · as of \d+ \w+ \d{4}, \d\d:\d\d", words(chart)[-1]), words(chart)
        named = {name: value for mark in chart.iter() for name, value in mark.attrib.items()}
        assert not {"class", "style"} & set(named), address
        assert all(re.fullmatch("none|#[0-9a-f]{6}", named[name]) for name in ("fill", "stroke") if name in named)
        assert float(chart.attrib["height"]) > 100


@pytest.mark.parametrize(("many", "part", "percent"), [(1, 1, 100), (5, 3, 60), (12, 6, 50)])
def test_a_chart_says_what_its_page_says(
    landed: Callable[..., Any], olga: people.Person, many: int, part: int, percent: int
) -> None:
    item = landed(many)
    said = f"{part} of {many}, {percent}%"

    assert words(drawn(olga, f"/a/{item.id}/analytics/funnel.svg"))[-2] == said
    assert said in words(drawn(olga, f"/a/{item.id}/analytics/groups.svg"))
    assert f"{part} of {part}, 100%" in words(drawn(olga, f"/a/{item.id}/analytics/channels.svg"))
    assert {f"{part} confirmed", f"{part} opened"} <= set(words(drawn(olga, f"/a/{item.id}/analytics/curve.svg")))
    weeks = words(drawn(olga, "/alignment/weeks.svg?weeks=4"))
    assert str(percent) in weeks[weeks.index("Night shift") :]
    assert "Night shift" in words(drawn(olga, "/alignment/times.svg"))
    assert "Night shift" in words(drawn(olga, "/alignment/flows.svg"))


def test_a_title_is_text_and_never_markup(landed: Callable[..., Any], olga: people.Person) -> None:
    chart = drawn(olga, f"/a/{landed(1).id}/analytics/funnel.svg")

    assert words(chart)[0] == "<Dock> & gate"
    assert {mark.tag.removeprefix(SVG) for mark in chart.iter()} <= {"svg", "title", "desc", "rect", "text"}


def test_what_asks_for_nothing_has_no_line_of_confirmations(landed: Callable[..., Any], olga: people.Person) -> None:
    item = landed(5, ask=False)

    assert "Confirmed" not in words(drawn(olga, f"/a/{item.id}/analytics/funnel.svg"))
    assert len(list(drawn(olga, f"/a/{item.id}/analytics/curve.svg").iter(f"{SVG}polyline"))) == 1
    assert words(drawn(olga, f"/a/{item.id}/analytics/channels.svg"))[1] == "Where people opened it"


def test_a_chart_leaves_out_what_a_works_council_leaves_out(
    landed: Callable[..., Any], olga: people.Person, at: datetime
) -> None:
    item = landed(4)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=at)

    groups = words(drawn(olga, f"/a/{item.id}/analytics/groups.svg"))
    assert "No group is shown." in groups
    assert "Night shift" not in groups
    assert "Read" not in words(drawn(olga, f"/a/{item.id}/analytics/funnel.svg"))
    assert "Night shift" not in words(drawn(olga, "/alignment/times.svg"))


@pytest.mark.parametrize("ask", [True, False], ids=["asked", "not asked"])
def test_of_a_few_people_a_works_council_is_told_only_who_confirmed(
    landed: Callable[..., Any], olga: people.Person, at: datetime, ask: bool
) -> None:
    item = landed(4, ask=ask)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=at)
    note = "So few people that only confirmations are told."

    funnel = words(drawn(olga, f"/a/{item.id}/analytics/funnel.svg"))
    curve = drawn(olga, f"/a/{item.id}/analytics/curve.svg")

    assert note in funnel
    assert not {"Displayed", "Opened", "Read"} & {*funnel, *words(curve)}
    assert len(list(curve.iter(f"{SVG}polyline"))) == ask
    assert ("2 confirmed" in words(curve)) == ask
    for address in (f"/a/{item.id}/analytics", f"/a/{item.id}/report", f"/a/{item.id}", "/announcements"):
        answer = signed_in(olga).get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert (note in page) == (address != "/announcements" and (ask is False or address != f"/a/{item.id}"))
        for told in (
            "curve-opened",
            "key-opened",
            'data-slot="opened"',
            'data-many="opened"',
            "% read",
            "opened&quot;",
        ):
            assert told not in page, (address, told)


def test_a_chart_that_is_not_there_is_not_found(landed: Callable[..., Any], olga: people.Person) -> None:
    assert signed_in(olga).get(f"/a/{landed(1).id}/analytics/pie.svg").status_code == 404
    assert signed_in(olga).get("/alignment/pie.svg").status_code == 404


def test_of_whom_all_have_left_nobody_is_counted_and_no_more_is_claimed(
    landed: Callable[..., Any], olga: people.Person
) -> None:
    item = landed(0)

    for address in (f"/a/{item.id}/analytics", f"/a/{item.id}"):
        page = signed_in(olga).get(address).content.decode()
        assert "All whom it reached have left, and nobody else is counted." in page
        assert "brought in" not in page
    report = signed_in(olga).get(f"/a/{item.id}/report").content.decode()
    assert "Nobody is counted here." in report
    assert "Nobody is counted here." in words(drawn(olga, f"/a/{item.id}/analytics/groups.svg"))
    assert "not sent to groups" not in report


def test_half_had_confirmed_within_the_hour_where_all_did(landed: Callable[..., Any], olga: people.Person) -> None:
    item = landed(1)

    page = signed_in(olga).get(f"/a/{item.id}/analytics").content.decode()

    assert "Half of the audience had confirmed after <strong>one hour</strong>" in page


def test_large_numbers_have_their_thousands_apart(landed: Callable[..., Any], olga: people.Person) -> None:
    item = landed(5)
    browser = signed_in(olga)
    for address in (f"/a/{item.id}/analytics", "/alignment?weeks=4"):
        browser.get(address)  # what is counted stands
    more = {"recipients": 12_345, "displayed": 9_876, "opened": 8_765, "read": 7_654, "acknowledged": 6_543}
    for rows, names in ((Tally, more), (Sum, {"asked": 12_345, "on_time": 6_543})):
        rows.objects.all().update(**names)

    funnel = words(drawn(olga, f"/a/{item.id}/analytics/funnel.svg"))
    assert {"12,345", "6,543 of 12,345, 53%"} <= {*funnel}
    shown = {
        f"/a/{item.id}/analytics": ("12,345", "8,765", "5,802", "6,543 of 12,345"),
        f"/a/{item.id}/report": ("12,345", "6,543 of 12,345"),
        f"/a/{item.id}": ("6,543 of 12,345", "Nudge 5,802 people"),
        "/announcements": ("5,802 missing",),
        "/alignment?weeks=4": ("6,543 of 12,345",),
    }
    for address, told in shown.items():
        page = browser.get(address).content.decode()
        for number in told:
            assert number in page, (address, number)


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("New badges", "new-badges"),
        ("Everything that is new in the warehouse - and at the docks", "everything-that-is-new-in-the-warehouse"),
        ("Новые пропуска", "announcement-{id}"),
    ],
)
@pytest.mark.parametrize(
    ("chart", "of", "shown"),
    [
        ("funnel", "everybody", "how-far"),
        ("curve", "until", "over-time"),
        ("groups", "group", "by-group"),
        ("channels", "channel", "by-channel"),
    ],
)
def test_a_drawing_and_its_numbers_are_called_the_same(
    api: Any, announce: Any, olga: people.Person, title: str, called: str, chart: str, of: str, shown: str
) -> None:
    item = announce(title)

    drawing = signed_in(olga).get(f"/a/{item.id}/analytics/{chart}.svg")["Content-Disposition"]
    numbers = api(olga).get(f"announcements/{item.id}/reach.csv?of={of}")["Content-Disposition"]

    begins = f'filename="{called.format(id=item.id)}-{shown}-'
    assert (begins in drawing, begins in numbers) == (True, True), (drawing, numbers)


@pytest.mark.parametrize("page", ["/alignment", "/alignment/flows", "/a/{id}/analytics"])
def test_each_chart_of_a_page_is_taken_along_as_files_of_its_own(
    landed: Callable[[int], publishing.Announcement], olga: people.Person, page: str
) -> None:
    browser = signed_in(olga)
    html = browser.get(page.format(id=landed(5).id)).content.decode()

    for kind in ("svg", "csv"):
        links = re.findall(rf'<a href="([^"]+[.]{kind}[^"]*)" download>', html)
        files = [browser.get(link.replace("&amp;", "&")) for link in links]
        assert links
        assert {file.status_code for file in files} == {200}
        assert len({file["Content-Disposition"] for file in files}) == len(links)
        assert len({file.content for file in files}) == len(links)
