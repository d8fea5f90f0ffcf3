"""No two numbers of the works council's profile, of whatever door, let somebody solve for fewer than five people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

import pytest

from announcements.analytics import services as analytics
from announcements.analytics._privacy import SMALLEST
from announcements.people import services as people
from tests.analytics.conftest import Does, publish
from tests.conftest import join

HOUR = timedelta(hours=1)


@pytest.fixture(params=range(6))
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


@pytest.fixture
def staff(olga: people.Person, now: datetime, chance: random.Random) -> list[people.Person]:
    return [join(olga, f"N{n} Person", "Europe/Lisbon", now - HOUR) for n in range(chance.randint(12, 20))]


@pytest.fixture
def inside(
    olga: people.Person, staff: list[people.Person], now: datetime, chance: random.Random
) -> dict[int, set[int]]:
    """Return who is in each function, and in each group below one, of a company made at random."""
    found: dict[int, set[int]] = {}
    before = now - HOUR
    tops = [
        people.create_group(by=olga.id, name=f"F{n}", kind="function", now=before) for n in range(chance.randint(2, 3))
    ]
    for person in staff[chance.randint(0, 3) :]:
        found.setdefault(chance.choice(tops).id, set()).add(person.id)
    below = people.create_group(by=olga.id, name="Below", kind="function", parent_id=tops[0].id, now=before)
    some = sorted(found.get(tops[0].id, ()))
    found[below.id] = set(chance.sample(some, chance.randint(0, len(some))))
    for group_id, persons in found.items():
        for person_id in sorted(persons - (found[below.id] if group_id == tops[0].id else set())):
            people.add_member(by=olga.id, group_id=group_id, person_id=person_id, now=before)
    return found


def solved(everybody: set[int], shown: list[set[int]]) -> Iterator[set[int]]:
    """Return whom numbers can be solved for: each that is shown, one less those inside it that lie side by side."""
    whole = [*shown, everybody]
    for one in whole:
        within = [other for other in shown if other < one]
        for size in range(len(within) + 1):
            for some in combinations(within, size):
                together: set[int] = set().union(*some)
                if len(together) == sum(map(len, some)):
                    yield one - together


def told(olga: people.Person, about: int, now: datetime) -> dict[str, set[int]]:
    """Return which groups each door tells numbers of."""
    reach = analytics.reach(by=olga.id, announcement_id=about, now=now)
    aligned = analytics.alignment(by=olga.id, weeks=4, kind="function", now=now)
    flows = analytics.flows(by=olga.id, weeks=4, kind="function", now=now)
    return {
        "reach": {group.group_id for group in reach.by_group},
        "alignment": {group.group_id for group in aligned.groups if any(week.asked for week in group.weeks)},
        "flows": {flow.to_id for flow in flows.flows} - {0},
    }


@pytest.mark.parametrize("everyone", [True, False], ids=["everyone", "functions"])
def test_nothing_follows_of_fewer_than_five(
    everyone: bool, olga: people.Person, staff: list[people.Person], inside: dict[int, set[int]], does: Does,
    now: datetime, chance: random.Random,
) -> None:  # fmt: skip
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    audience = people.Audience(everyone=True) if everyone else people.Audience(group_ids=tuple(sorted(inside)))
    notice = publish(by=olga, audience=audience, now=now)
    for person in chance.sample(staff, len(staff) // 2):
        does(person, chance.choice(["displayed", "opened", "acknowledged"]), notice)
    reached = {olga.id, *(person.id for person in staff)} if everyone else set().union(*inside.values())

    doors = told(olga, notice.id, now + 9 * timedelta(days=1))

    for shown in (*doors.values(), set().union(*doors.values())):
        for persons in solved(reached, [inside[group_id] for group_id in shown]):
            assert not persons or len(persons) >= SMALLEST, (doors, inside)


def test_a_manager_of_groups_that_nest_sees_of_no_two_what_lies_between(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    before = now - HOUR
    whole = people.create_group(by=olga.id, name="Whole", kind="function", now=before)
    part = people.create_group(by=olga.id, name="Part", kind="function", parent_id=whole.id, now=before)
    people.add_member(by=olga.id, group_id=whole.id, person_id=maya.id, role="manager", now=before)
    for n in range(9):
        person = join(olga, f"N{n} Person", "Europe/Lisbon", before)
        people.add_member(by=olga.id, group_id=(part if n else whole).id, person_id=person.id, now=before)
    for n in range(5):
        join(olga, f"E{n} Elsewhere", "Europe/Lisbon", before)
    publish(by=olga, audience=people.Audience(everyone=True), now=now)

    def asked() -> dict[str, int]:
        found = analytics.alignment(by=maya.id, weeks=4, kind="function", now=now + HOUR)
        return {group.name: group.whole.asked for group in found.groups}

    assert asked() == {"Whole": 10, "Part": 8}
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    assert asked() == {"Whole": 10, "Part": 0}
