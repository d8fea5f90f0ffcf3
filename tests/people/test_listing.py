"""The list of people: what it is filtered and sorted by, everybody exactly once, and how many there are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import get_args

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import PASSWORD, join
from tests.entering import signed_up

DAY = timedelta(days=1)


@pytest.fixture
def company(olga: people.Person, operations: people.Group, now: datetime) -> list[int]:
    """Return the ids of eleven people: of every state and role, some never seen, several alike in all they are sorted by."""
    ids = [olga.id]
    for number, name in enumerate(("Ana Sousa", "Ana Sousa", "Ben Ito", "Cho Park", "Dora Weiss")):
        invited = people.invite(by=olga.id, email=f"p{number}@northwind.test", name=name, now=now + number * DAY)
        if number > 1:
            people.accept(person_id=invited.id, password=PASSWORD, now=now + (number // 2) * DAY)
        if number > 2:
            people.seen(person_id=invited.id, on=date(2026, 11, 10 + number // 4))
        ids.append(invited.id)
    people.change_role(by=olga.id, person_id=ids[3], role="admin", now=now)
    people.change_role(by=olga.id, person_id=ids[4], role="admin", now=now)
    people.deactivate(by=olga.id, person_id=ids[5], now=now + 9 * DAY)
    people.claim_domain(person_id=olga.id, now=now)
    signed_up(people.NewPerson("per@northwind.test", "Per Dahl", PASSWORD, "Europe/Oslo"), now)
    people.seen(person_id=olga.id, on=date(2026, 11, 16))
    return sorted(person.id for person in people.people(by=olga.id, limit=100))


def walk(by: people.Person, order: people.Order, size: int, now: datetime) -> list[people.Profile]:
    """Return the list, part by part."""
    found: list[people.Profile] = []
    after = None
    while True:
        part = people.listing(by=by.id, order=order, after=after, limit=size, now=now)
        found += part.people
        if (after := part.following) is None:
            return found


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("sort", get_args(people.Sort))
def test_everybody_comes_exactly_once_however_it_is_sorted(
    olga: people.Person, company: list[int], sort: people.Sort, size: int, down: bool, now: datetime
) -> None:
    found = [one.person.id for one in walk(olga, people.Order(sort, down), size, now)]

    assert sorted(found) == company
    assert found == [one.person.id for one in walk(olga, people.Order(sort, down), 100, now)]
    assert found == [one.person.id for one in walk(olga, people.Order(sort, not down), size, now)][::-1]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("sort", get_args(people.Sort))
@pytest.mark.usefixtures("company")
def test_the_way_back_is_the_way_there(olga: people.Person, sort: people.Sort, down: bool, now: datetime) -> None:
    def part(after: people.Place | None) -> people.Listing:
        return people.listing(by=olga.id, order=people.Order(sort, down), after=after, limit=3, now=now)

    there = [part(None)]
    while there[-1].following:
        there.append(part(there[-1].following))
    back = [there[-1]]
    while back[-1].preceding:
        back.append(part(back[-1].preceding))

    assert [one.people for one in back[::-1]] == [one.people for one in there]
    assert len(there) == 4


def test_each_sort_means_what_it_says(olga: people.Person, company: list[int], now: datetime) -> None:
    def sorted_by(sort: people.Sort) -> list[people.Profile]:
        return walk(olga, people.Order(sort), 100, now)

    names = [one.person.name for one in sorted_by("name")]
    seen = [one.person.last_seen_on or date.min for one in sorted_by("last_seen_on")]
    joined = [one.joined_at.isoformat() if one.joined_at else "" for one in sorted_by("joined")]
    roles = [one.person.role for one in sorted_by("role")]

    assert names == sorted(names)
    assert seen == sorted(seen)
    assert date.min in seen
    assert seen[-1] == date(2026, 11, 16)
    assert joined == sorted(joined)
    assert "" in joined
    assert roles == ["owner", "admin", "admin", *["member"] * 7]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (people.Wanted(search="sousa"), ["Ana Sousa", "Ana Sousa"]),
        (people.Wanted(search="p3@"), ["Cho Park"]),
        (people.Wanted(search="porto"), ["Joao Matias"]),
        (people.Wanted(role="admin"), ["Ben Ito", "Cho Park"]),
        (people.Wanted(state="invited"), ["Ana Sousa", "Ana Sousa"]),
        (people.Wanted(state="waiting"), ["Per Dahl"]),
        (people.Wanted(state="deactivated"), ["Dora Weiss"]),
        (people.Wanted(state="active", role="owner"), ["Olga Berg"]),
        (people.Wanted(timezone="Europe/Lisbon"), ["Joao Matias"]),
        (people.Wanted(location="PORTO"), ["Joao Matias"]),
        (people.Wanted(state="active", not_seen_since=date(2026, 11, 11), search="a"), ["Cho Park", "Ines Carvalho", "Joao Matias", "Maya Lindqvist"]),
        (people.Wanted(search="nobody at all"), []),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("company")
def test_each_filter_keeps_those_it_names(
    olga: people.Person, joao: people.Person, wanted: people.Wanted, names: list[str], now: datetime
) -> None:
    people.update_person(by=olga.id, person_id=joao.id, changes=people.PersonChanges(location="Porto"), now=now)

    found = people.listing(by=olga.id, wanted=wanted, now=now)

    assert [one.person.name for one in found.people] == names
    assert found.total == len(names)


def test_a_group_keeps_its_own_or_those_of_its_sub_groups_too(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    freight = people.create_group(by=olga.id, name="Freight", kind="division", now=now)
    nils = join(olga, "Nils Aune", "Europe/Oslo", now)
    people.add_member(by=olga.id, group_id=freight.id, person_id=nils.id, now=now)
    people.update_group(by=olga.id, group_id=operations.id, changes=people.GroupChanges(parent_id=freight.id), now=now)

    def inside(sub_groups: bool) -> int:
        wanted = people.Wanted(group_id=freight.id, sub_groups=sub_groups)
        return people.listing(by=olga.id, wanted=wanted, now=now).total

    assert (inside(False), inside(True)) == (1, 4)
    assert people.counts(by=olga.id, now=now).groups == {freight.id: 4, operations.id: 3}


def test_who_is_in_several_groups_that_nest_counts_once(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    top = people.create_group(by=olga.id, name="Freight", now=now)
    docks = people.create_group(by=olga.id, name="Docks", parent_id=top.id, now=now)
    night = people.create_group(by=olga.id, name="Night", parent_id=docks.id, now=now)
    for group, ids in ((top, [maya.id]), (docks, [maya.id, joao.id]), (night, [maya.id, joao.id, olga.id])):
        people.add_many(by=olga.id, group_id=group.id, person_ids=ids, now=now)

    found = people.counts(by=olga.id, now=now).groups
    assert found == {top.id: 3, docks.id: 3, night.id: 3, operations.id: 3}
    assert people.group(by=olga.id, group_id=top.id, at=now).people == 3


def test_the_list_says_which_groups_each_is_in_now(
    olga: people.Person, maya: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=now + DAY)

    def groups(at: datetime) -> dict[str, list[str]]:
        found = people.listing(by=olga.id, now=at).people
        return {one.person.name: [f"{group.name} {group.role}" for group in one.groups] for one in found}

    assert groups(now)["Maya Lindqvist"] == ["Operations member"]
    assert groups(now + DAY)["Maya Lindqvist"] == []
    assert groups(now + DAY)["Ines Carvalho"] == ["Operations manager"]


def test_the_counts_add_up(olga: people.Person, joao: people.Person, company: list[int], now: datetime) -> None:
    people.update_person(by=olga.id, person_id=joao.id, changes=people.PersonChanges(location="Porto"), now=now)

    found = people.counts(by=olga.id, now=now)

    assert found.total == len(company) == people.company(workspace_id=olga.workspace_id).people
    assert found.states == {"active": 6, "invited": 2, "waiting": 1, "deactivated": 1}
    assert found.locations == (("Porto", 1),)
    assert sum(many for _zone, many in found.timezones) == len(company)


@pytest.mark.usefixtures("company")
def test_the_number_of_queries_is_the_same_however_many_there_are(
    olga: people.Person, now: datetime, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # a pytest-django context manager
        people.listing(by=olga.id, order=people.Order("role"), now=now)
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # the same
        people.counts(by=olga.id, now=now)


def test_a_profile_tells_when_somebody_was_invited_to_admins_only(
    olga: people.Person, maya: people.Person, joao: people.Person, charlie: people.Person, now: datetime
) -> None:
    assert people.profile(by=olga.id, person_id=joao.id, now=now).invited_at == now
    assert people.profile(by=maya.id, person_id=joao.id, now=now).invited_at is None
    with pytest.raises(errors.NotFound):
        people.profile(by=charlie.id, person_id=joao.id, now=now)
    with pytest.raises(errors.NotFound):
        people.listing(by=charlie.id, wanted=people.Wanted(group_id=10**6), now=now)
