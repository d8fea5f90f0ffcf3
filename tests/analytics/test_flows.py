"""Who writes to whom, as authors and readers belonged when it was published."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from announcements.analytics import _flow_cell
from announcements.analytics import services as analytics
from announcements.kernel import errors
from announcements.people import services as people
from tests.analytics.conftest import Does, publish
from tests.analytics.pages import rows, words
from tests.api.conftest import api
from tests.web.conftest import signed_in

__all__ = ["api"]

DAY = timedelta(days=1)


@pytest.fixture
def sales(olga: people.Person, now: datetime) -> people.Group:
    """Return the group Sales, which Olga and nobody else is in."""
    made = people.create_group(by=olga.id, name="Sales", kind="function", now=now)
    people.add_member(by=olga.id, group_id=made.id, person_id=olga.id, now=now)
    return people.group(by=olga.id, group_id=made.id)


def told(by: people.Person, at: datetime) -> analytics.Flows:
    return analytics.flows(by=by.id, weeks=4, kind="function", now=at)


def between(found: analytics.Flows) -> list[tuple[int, int, int, int]]:
    return [(flow.from_id, flow.to_id, flow.announcements, flow.recipients) for flow in found.flows]


def test_each_flow_has_its_volume_and_its_reach(
    olga: people.Person, ines: people.Person, maya: people.Person, joao: people.Person,
    operations: people.Group, sales: people.Group, does: Does, now: datetime,
) -> None:  # fmt: skip
    team = people.Audience(group_ids=(operations.id,))
    first = publish(by=olga, audience=team, now=now)
    publish(by=olga, audience=team, now=now)
    publish(by=ines, audience=team, now=now)
    does(maya, "read", first)
    does(joao, "opened", first)

    found = told(olga, now + DAY)

    assert [group.name for group in found.groups] == ["Operations", "Sales"]
    assert found.flows == (
        analytics.Flow(sales.id, operations.id, announcements=2, recipients=6, opened=2, read=1, minutes=6),
        analytics.Flow(operations.id, operations.id, announcements=1, recipients=3, opened=0, read=0, minutes=3),
    )
    assert found.unaddressed == (sales.id,)


def test_what_goes_to_everyone_is_no_flow_to_each_group(
    olga: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    publish(by=olga, audience=people.Audience(everyone=True), now=now)

    found = told(olga, now + DAY)

    assert between(found) == [(sales.id, 0, 1, 4)]
    assert set(found.unaddressed) == {operations.id, sales.id}


def test_one_person_of_a_group_is_somebody_of_it(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    publish(by=olga, audience=people.Audience(person_ids=(maya.id,)), now=now)

    assert between(told(olga, now + DAY)) == [(0, operations.id, 1, 1)]


def test_who_moves_on_leaves_their_flows_where_they_were(
    olga: people.Person, ines: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    publish(by=ines, audience=people.Audience(group_ids=(operations.id,)), now=now)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=now + DAY)
    people.add_member(by=olga.id, group_id=sales.id, person_id=ines.id, now=now + DAY)

    assert between(told(olga, now + 2 * DAY)) == [(operations.id, operations.id, 1, 3)]


def test_what_is_older_than_the_weeks_asked_for_is_left_out(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)

    assert told(olga, now + 21 * DAY).flows
    assert not told(olga, now + 28 * DAY).flows


def test_managers_see_what_reaches_their_groups_and_members_nothing(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:  # fmt: skip
    publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)
    publish(by=olga, audience=people.Audience(group_ids=(sales.id,)), now=now)
    publish(by=olga, audience=people.Audience(everyone=True), now=now)

    assert between(told(ines, now + DAY)) == [(sales.id, operations.id, 1, 3)]
    with pytest.raises(analytics.AlignmentNotYours):
        told(maya, now + DAY)


def test_a_works_council_sees_no_flow_to_a_small_group(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)

    found = told(olga, now + DAY)

    assert (found.flows, found.unaddressed) == ((), ())


def written(by: people.Person, from_id: int, to_id: int, at: datetime, **more: Any) -> analytics.FlowCell:
    return analytics.flow_cell(by=by.id, ends=analytics.Ends(from_id, to_id, 4), now=at, **more)


def test_each_cell_leads_to_the_announcements_it_counts(
    olga: people.Person, ines: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    team = people.Audience(group_ids=(operations.id,))
    publish(by=olga, audience=team, now=now)  # weeks before those asked for
    now += 40 * DAY
    made = [publish(by=olga, audience=team, now=now + n * DAY / 24) for n in range(3)]
    publish(by=ines, audience=team, now=now)
    publish(by=olga, audience=people.Audience(everyone=True), now=now)

    table = told(olga, now + DAY)

    assert len(table.flows) == 3
    for flow in table.flows:
        cell = written(olga, flow.from_id, flow.to_id, now + DAY)
        assert cell.announcements == len(cell.written) == flow.announcements
    cell = written(olga, sales.id, operations.id, now + DAY)
    assert (cell.from_name, cell.to_name) == ("Sales", "Operations")
    assert [one.announcement_id for one in cell.written] == [one.id for one in reversed(made)]
    first = written(olga, sales.id, operations.id, now + DAY, limit=2).written
    rest = written(olga, sales.id, operations.id, now + DAY, before=(first[-1].published_at, first[-1].announcement_id))
    assert [*first, *rest.written] == [*cell.written]
    assert not written(olga, 0, sales.id, now + DAY).announcements


def test_who_may_not_read_an_announcement_is_told_nothing_of_it_by_a_cell(
    olga: people.Person, ines: people.Person, maya: people.Person,
    operations: people.Group, sales: people.Group, now: datetime,
) -> None:  # fmt: skip
    publish(by=olga, audience=people.Audience(person_ids=(maya.id,)), now=now, title="About your contract")
    publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now, title="Dock 4 closes")

    cell = written(ines, sales.id, operations.id, now + DAY)

    assert (cell.announcements, [one.title for one in cell.written]) == (2, ["Dock 4 closes"])
    assert len(written(olga, sales.id, operations.id, now + DAY).written) == 2
    for to_id in (sales.id, 0):
        with pytest.raises(errors.NotFound):
            written(ines, sales.id, to_id, now + DAY)
    with pytest.raises(errors.NotFound):
        written(olga, 10**9, operations.id, now + DAY)
    with pytest.raises(analytics.AlignmentNotYours):
        written(maya, sales.id, operations.id, now + DAY)


def test_what_may_be_read_is_found_however_much_that_may_not_is_newer(
    api: Any, olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group,
    sales: people.Group, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(_flow_cell, "AT_ONCE", 2)
    monkeypatch.setattr(_flow_cell, "LOOKED_THROUGH", 4)
    for n in range(13):
        whom: dict[str, Any] = {"group_ids": (operations.id,)} if n in (0, 2, 6) else {"person_ids": (maya.id,)}
        publish(by=olga, audience=people.Audience(**whom), now=now + n * DAY / 24, title=f"Number {n}")
    cell = f"from_id={sales.id}&to_id={operations.id}"

    with time_machine.travel(now + DAY):
        pages, query = list[list[str]](), ""
        while len(pages) < 9:
            answer = api(ines).get(f"flows/cell?{cell}{query}").json()
            assert answer["announcements"] == 13
            pages.append([one["title"] for one in answer["results"]])
            if answer["next"] is None:
                break
            query = f"&cursor={answer['next']}"
        first = opened(ines, f"/alignment/flows/cell?{cell}")
        second = opened(ines, older(first))
        last = opened(ines, older(opened(ines, older(second))))

    assert pages == [[], ["Number 6"], ["Number 2"], ["Number 0"]]
    assert "None of the newest of these is for you to read." in words(first)
    assert [row[0] for row in rows(second, "table")] == ["Number 6"]
    assert [row[0] for row in rows(last, "table")] == ["Number 0"]
    assert "Show older" not in last


def opened(by: people.Person, address: str) -> str:
    answer = signed_in(by).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def older(page: str) -> str:
    """Return where "Show older" leads."""
    [query] = re.findall(r'href="([^"]+)">Show older<', page)
    return "/alignment/flows/cell" + query.replace("&amp;", "&")


def test_what_a_works_council_hides_a_cell_does_not_list(
    olga: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    publish(by=olga, audience=people.Audience(group_ids=(operations.id,)), now=now)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)

    assert not told(olga, now + DAY).flows
    cell = written(olga, sales.id, operations.id, now + DAY)
    assert (cell.announcements, cell.written) == (0, ())
