"""No two numbers of the works council's profile, of whatever door, let somebody solve for fewer than five people."""

from __future__ import annotations

import random
from collections import Counter
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


@pytest.fixture(params=range(8))
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


@pytest.fixture
def staff(olga: people.Person, now: datetime, chance: random.Random) -> list[people.Person]:
    return [join(olga, f"N{n} Person", "Europe/Lisbon", now - HOUR) for n in range(chance.randint(12, 20))]


@pytest.fixture
def inside(
    olga: people.Person, staff: list[people.Person], now: datetime, chance: random.Random
) -> dict[int, set[int]]:
    """Return who is in each group of a company made at random: functions, one in a division, one with a group below it; and
    locations that run across them."""
    found: dict[int, set[int]] = {}

    def group(name: str, kind: people.GroupKind, parent_id: int | None = None) -> int:
        made = people.create_group(by=olga.id, name=name, kind=kind, parent_id=parent_id, now=now - HOUR)
        found[made.id] = set()
        return made.id

    def join_in(group_id: int, persons: set[int]) -> None:
        found[group_id] |= persons
        for person_id in sorted(persons):
            people.add_member(by=olga.id, group_id=group_id, person_id=person_id, now=now - HOUR)

    division = group("Division", "division")
    tops = [group("F0", "function", division), *(group(f"F{n}", "function") for n in range(1, chance.randint(2, 3)))]
    below = group("Below", "function", tops[0])
    places = [group(f"L{n}", "location") for n in range(2)]
    for person in staff:
        at = chance.choice([None, division, below, *tops, *tops])
        if at is not None:
            join_in(at, {person.id})
        if chance.random() < 0.7:
            join_in(chance.choice(places), {person.id})
    found[tops[0]] |= found[below]
    found[division] |= found[tops[0]]
    return found


def solved(everybody: set[int], shown: list[set[int]]) -> Iterator[set[int]]:
    """Return whom numbers can be solved for: each that is shown, or everybody, less some of the others or these less it, where that
    counts nobody twice and nobody as less than nothing."""
    for one in [*shown, everybody]:
        for size in range(len(shown) + 1):
            for some in combinations([other for other in shown if other != one], size):
                left = Counter(one)
                for other in some:
                    left.subtract(other)
                if set(left.values()) - {0} in ({1}, {-1}):
                    yield {person for person, many in left.items() if many}


def told(olga: people.Person, about: int, now: datetime) -> dict[str, set[int]]:
    """Return which groups each door tells numbers of, by each kind."""
    reach = analytics.reach(by=olga.id, announcement_id=about, now=now)
    found = {"reach": {group.group_id for group in reach.by_group}}
    kinds: tuple[people.GroupKind, ...] = ("function", "division", "location")
    for kind in kinds:
        aligned = analytics.alignment(by=olga.id, weeks=4, kind=kind, now=now)
        flows = analytics.flows(by=olga.id, weeks=4, kind=kind, now=now)
        asked = {group.group_id for group in aligned.groups if any(week.asked or week.not_due for week in group.weeks)}
        found |= {f"alignment by {kind}": asked, f"flows by {kind}": {flow.to_id for flow in flows.flows} - {0}}
    return found


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

    assert set().union(*doors.values()), "something is told"
    for persons in solved(reached, [inside[group_id] for group_id in set().union(*doors.values())]):
        assert len(persons) >= SMALLEST, (doors, inside)


def test_by_no_two_kinds_is_told_what_lies_between(olga: people.Person, now: datetime) -> None:
    before = now - HOUR
    division = people.create_group(by=olga.id, name="Division", kind="division", now=before)
    function = people.create_group(by=olga.id, name="Function", kind="function", parent_id=division.id, now=before)
    for n in range(20):
        person = join(olga, f"N{n} Person", "Europe/Lisbon", before)
        if n < 10:
            group = function if n < 7 else division
            people.add_member(by=olga.id, group_id=group.id, person_id=person.id, now=before)
    publish(by=olga, audience=people.Audience(everyone=True), now=now)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)

    def asked(kind: people.GroupKind) -> list[tuple[str, int]]:
        found = analytics.alignment(by=olga.id, weeks=4, kind=kind, now=now + HOUR)
        return [(group.name, group.whole.asked + group.whole.not_due) for group in found.groups]

    assert asked("function") == [("Function", 7)]
    assert asked("division") == [("Division", 0)]


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
        return {group.name: group.whole.not_due for group in found.groups}

    assert asked() == {"Whole": 10, "Part": 8}
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(privacy="works_council"), now=now)
    assert asked() == {"Whole": 10, "Part": 0}
