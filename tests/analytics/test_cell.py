"""What a cell of the heat map leads to: the announcements it counts, adding up to it, and telling nothing that it hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.analytics import services as analytics
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.analytics.conftest import Does, publish
from tests.analytics.pages import rows, words
from tests.api.conftest import api
from tests.conftest import join

__all__ = ["api"]

DAY = timedelta(days=1)
EVERYONE = people.Audience(everyone=True)


@pytest.fixture(autouse=True)
def _nine_days_later(now: datetime) -> Iterator[None]:
    """Let pages be opened in the week after."""
    with time_machine.travel(now + 9 * DAY):
        yield


def asked(by: people.Person, whose: int | str, at: datetime, weeks: int = 1, **more: Any) -> analytics.Cell:
    """Return what a cell of the week of `at`, or of so many weeks up to it, counts eight days later."""
    span = analytics.Span((at - (weeks - 1) * 7 * DAY).date(), weeks)
    return analytics.cell(by=by.id, whose=whose, span=span, now=at + 8 * DAY, **more)


def opened(by: people.Person, address: str) -> str:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=by.id))
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_cell_leads_to_the_announcements_it_counts(
    olga: people.Person, maya: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    first = publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)
    second = publish(by=olga, audience=EVERYONE, now=now + timedelta(hours=1))
    publish(by=olga, audience=EVERYONE, now=now, ask=False)
    publish(by=olga, audience=EVERYONE, now=now + 7 * DAY)  # of the week after
    taken_back = publish(by=olga, audience=EVERYONE, now=now)
    publishing.withdraw(announcement_id=taken_back.id, by=olga.id, reason="Wrong dock.", now=now)
    does(maya, "acknowledged", first)

    found = asked(olga, operations.id, now)

    assert [(ask.announcement_id, ask.share.asked, ask.share.on_time) for ask in found.asks] == [
        (second.id, 3, 0),
        (first.id, 3, 1),
    ]

    def told(at: datetime) -> analytics.GroupAlignment:
        seen = analytics.alignment(by=olga.id, weeks=4, kind="function", now=at)
        return next(group for group in seen.groups if group.group_id == operations.id)

    assert (found.name, found.whole) == ("Operations", told(now + 8 * DAY).weeks[-2])
    assert asked(olga, operations.id, now + 7 * DAY, weeks=4).whole == told(now + 15 * DAY).whole


def test_a_cell_of_a_topic_counts_everybody(
    olga: people.Person, maya: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=EVERYONE, now=now)
    does(maya, "acknowledged", notice)

    [ask] = asked(olga, "update", now).asks

    assert (ask.share.asked, ask.share.on_time) == (4, 1)
    assert not asked(olga, "policy", now).asks


def test_what_is_not_due_yet_is_led_to_and_does_not_count(
    api: Any, olga: people.Person, maya: people.Person, operations: people.Group, does: Does, now: datetime
) -> None:
    notice = publish(by=olga, audience=EVERYONE, now=now + 3 * DAY)
    does(maya, "acknowledged", notice, minutes=60 * 24 * 3 + 5)

    page = opened(olga, "/alignment?weeks=4")
    [cell, whole] = re.findall(r'<td[^>]*><a href="([^"]+)">(.*?)</a>', page[: page.index("</table>")])
    html = opened(olga, cell[0].replace("&amp;", "&"))
    found = api(olga).get(f"alignment/cell?since={now:%Y-%m-%d}&group_id={operations.id}").json()
    csv = api(olga).get("alignment.csv?weeks=4&of=whole").content.decode().splitlines()

    assert (words(cell[1]), words(whole[1])) == ("… 3 not due yet", "3 not due yet")
    assert "Nothing is due yet: 3 are asked for." in words(html)
    assert rows(html, "table")[0][2:4] == ["Thu 26 Nov, 10:00 not due yet", "1 of 3"]
    assert "Nothing has come due yet" in words(page)
    assert found["whole"] == {"asked": 0, "on_time": 0, "confirmed": 0, "unprompted": 0, "not_due": 3}
    assert [(ask["due"], ask["asked"], ask["confirmed"]) for ask in found["results"]] == [(False, 3, 1)]
    assert csv[0].endswith(",not_due")
    assert csv[1].endswith(",3")


def test_a_long_list_goes_on(olga: people.Person, operations: people.Group, now: datetime) -> None:
    made = [publish(by=olga, audience=EVERYONE, now=now + timedelta(minutes=n // 2)).id for n in range(5)]

    first = asked(olga, operations.id, now, limit=2)
    last = first.asks[-1]
    rest = asked(olga, operations.id, now, before=(last.published_at, last.announcement_id))

    assert [ask.announcement_id for ask in (*first.asks, *rest.asks)] == made[::-1]
    assert first.whole == rest.whole


def test_managers_are_led_to_what_their_own_groups_were_asked(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    sales = people.create_group(by=olga.id, name="Sales", kind="function", now=now - DAY)
    publish(by=olga, audience=EVERYONE, now=now)

    assert asked(ines, operations.id, now).whole.asked == 3
    with pytest.raises(errors.NotFound):
        asked(ines, sales.id, now)
    with pytest.raises(analytics.AlignmentNotYours):
        asked(ines, "update", now)
    with pytest.raises(analytics.AlignmentNotYours):
        asked(maya, operations.id, now)


def test_a_manager_reads_no_title_that_was_meant_for_others(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    publish(by=olga, audience=people.Audience(person_ids=(maya.id,)), now=now, title="About your contract")
    publish(by=olga, audience=EVERYONE, now=now, title="Dock 4 closes")
    address = f"/alignment/cell?since={now:%Y-%m-%d}&group={operations.id}"

    assert [row[0] for row in rows(opened(olga, address), "table")] == ["Dock 4 closes", "About your contract"]
    assert [row[0] for row in rows(opened(ines, address), "table")] == [
        "Dock 4 closes",
        "Meant for others, and not for you to read",
    ]


def test_the_answer_tells_title_and_author_to_who_may_read_it(
    api: Any, olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    publish(by=olga, audience=people.Audience(person_ids=(maya.id,)), now=now, title="About your contract")
    publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now, title="Dock 4 closes")
    publish(by=olga, audience=EVERYONE, now=now, title="New badges")

    def told(by: people.Person) -> list[tuple[object, ...]]:
        answer = api(by).get(f"alignment/cell?since={now:%Y-%m-%d}&group_id={operations.id}")
        return [
            tuple(ask[name] for name in ("title", "author_id", "author_name", "manages"))
            for ask in answer.json()["results"]
        ]

    author = (olga.id, olga.name)
    assert told(ines) == [
        ("New badges", *author, False),
        ("Dock 4 closes", *author, True),
        (None, None, None, False),
    ]
    assert told(olga)[2] == ("About your contract", *author, True)


@pytest.fixture
def council(olga: people.Person, now: datetime) -> tuple[people.Group, people.Group]:
    """Return a large and a small group of a company with a works council."""
    before = now - DAY
    large = people.create_group(by=olga.id, name="Drivers", kind="function", now=before)
    small = people.create_group(by=olga.id, name="Legal", kind="function", now=before)
    for n in range(14):
        person = join(olga, f"N{n} Person", "Europe/Lisbon", before)
        group = small if n < 4 else large
        people.add_member(by=olga.id, group_id=group.id, person_id=person.id, now=before)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=before)
    return large, small


def test_what_a_cell_hides_its_list_does_not_tell(
    olga: people.Person, council: tuple[people.Group, people.Group], now: datetime
) -> None:
    large, small = council
    both = publish(by=olga, audience=people.Audience(group_ids=(large.id, small.id)), now=now, title="For both")
    alone = publish(by=olga, audience=people.Audience(group_ids=(large.id,)), now=now, title="For drivers")

    seen = analytics.alignment(by=olga.id, weeks=4, kind="function", now=now + 8 * DAY)
    shown = {group.group_id: group.whole for group in seen.groups}

    # Whoever is told of ten among fourteen knows of the four.
    assert asked(olga, large.id, now).whole == shown[large.id]
    assert [ask.announcement_id for ask in asked(olga, large.id, now).asks] == [alone.id]
    assert (asked(olga, small.id, now).asks, asked(olga, small.id, now).whole.asked) == ((), 0)
    assert asked(olga, "update", now).whole.asked == shown[large.id].asked + 14  # of everybody both are told
    assert both.id in {ask.announcement_id for ask in asked(olga, "update", now).asks}
    for group in council:
        page = opened(olga, f"/alignment/cell?since={now:%Y-%m-%d}&group={group.id}")
        assert "For both" not in page
    assert "Nothing was asked here, or of too few people to be told." in words(page)


def test_each_cell_of_the_page_leads_to_what_it_says(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    notice = publish(by=olga, audience=EVERYONE, now=now)

    page = opened(olga, "/alignment?weeks=4")
    table = page[page.index('<table class="heat">') : page.index("</table>")]
    told = [
        (words(said), address.replace("&amp;", "&"))
        for address, said in re.findall(r'<td[^>]*><a href="([^"]+)">(.*?)</a>', table)
    ]

    assert [said for said, _address in told] == ["0 % (0 of 3)", "0% 0 of 3"]
    for _said, address in told:
        html = opened(olga, address)
        assert "0% confirmed on time: 0 of 3." in words(html)
        assert [row[0] for row in rows(html, "table")] == [notice.title]


def test_a_group_is_no_topic_where_an_empty_one_is_named(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    page = opened(olga, f"/alignment/cell?since={now:%Y-%m-%d}&group={operations.id}&topic=")

    assert "<h1>Operations</h1>" in page
    assert "Counted is who was in the group" in words(page)


@pytest.mark.parametrize("since", ["0001-01-01", "1999-12-31", "9000-01-01", "9999-12-31", "2026-13-40", "soon"])
def test_a_week_too_far_away_to_be_counted_is_refused(
    api: Any, olga: people.Person, operations: people.Group, since: str
) -> None:
    browser = Client()
    browser.force_login(get_user_model().objects.get(pk=olga.id))

    answer = api(olga).get(f"alignment/cell?since={since}&group_id={operations.id}")
    page = browser.get(f"/alignment/cell?since={since}&group={operations.id}")

    assert (answer.status_code, page.status_code) == (422, 422)
    assert [problem["field"] for problem in answer.json()["errors"]] == ["since"]


@pytest.mark.parametrize("since", ["2000-01-01", "8999-12-31"])
def test_a_far_week_counts_nothing(api: Any, olga: people.Person, operations: people.Group, since: str) -> None:
    answer = api(olga).get(f"alignment/cell?since={since}&weeks=52&group_id={operations.id}")

    assert answer.json()["results"] == []


def test_a_week_is_named_by_its_day_in_the_company_wherever_one_looks(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    abroad = join(olga, "Cai Admin", "America/Chicago", now)
    people.change_role(by=olga.id, person_id=abroad.id, role="admin", now=now)

    here, there = (re.findall("Week of </span>([^<]+)<", opened(by, "/alignment?weeks=4")) for by in (olga, abroad))

    assert len(here) == 4
    assert there == here
