"""Groups nest, memberships are dated, and an audience means the same people however often it is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import join

DAY = timedelta(days=1)


@pytest.fixture
def company(olga: people.Person, operations: people.Group, now: datetime) -> people.Group:
    """Return the group that Operations is part of; Nils alone is in it directly."""
    top = people.create_group(by=olga.id, name="Freight", kind="division", now=now)
    people.update_group(by=olga.id, group_id=operations.id, changes=people.GroupChanges(parent_id=top.id), now=now)
    nils = join(olga, "Nils Aune", "Europe/Oslo", now)
    people.add_member(by=olga.id, group_id=top.id, person_id=nils.id, now=now)
    return people.group(by=olga.id, group_id=top.id)


def meant(group: people.Group, at: datetime) -> set[str]:
    audience = people.Audience(group_ids=(group.id,))
    ids = people.resolve(workspace_id=group.workspace_id, audience=audience, at=at)
    return {person.name.split()[0] for person in people.get_many(ids=ids).values()}


def test_a_group_means_its_members(operations: people.Group, now: datetime) -> None:
    assert meant(operations, now) == {"Ines", "Maya", "Joao"}


def test_a_group_means_those_of_its_sub_groups_too(
    company: people.Group, operations: people.Group, now: datetime
) -> None:
    assert meant(company, now) == {"Nils", "Ines", "Maya", "Joao"}
    assert meant(operations, now) == {"Ines", "Maya", "Joao"}
    assert company.people == 4


def test_everyone_is_who_is_active(
    olga: people.Person, maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    people.invite(by=olga.id, email="nadia@northwind.test", name="Nadia", now=now)
    everyone = people.Audience(everyone=True)

    assert people.resolve(workspace_id=olga.workspace_id, audience=everyone, at=now) == [olga.id, maya.id]


def test_somebody_chosen_twice_is_meant_once_and_ids_ascend(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,), person_ids=(olga.id, maya.id))

    ids = people.resolve(workspace_id=olga.workspace_id, audience=audience, at=now)

    assert ids == sorted(set(ids))
    assert {olga.id, maya.id} < set(ids)


def test_a_reorganisation_does_not_rewrite_history(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    later = now + 7 * DAY
    sales = people.create_group(by=olga.id, name="Sales", now=later)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=later)
    people.add_member(by=olga.id, group_id=sales.id, person_id=maya.id, now=later)

    assert meant(operations, now) == meant(operations, later - DAY) == {"Ines", "Maya", "Joao"}
    assert meant(operations, later) == {"Ines", "Joao"}
    assert meant(sales, later - DAY) == set()
    assert people.groups_of(person_ids=[maya.id], at=now) == {maya.id: (operations.id,)}
    assert people.groups_of(person_ids=[maya.id], at=later) == {maya.id: (sales.id,)}


def test_leaving_the_company_later_changes_no_earlier_answer(
    olga: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    people.deactivate(by=olga.id, person_id=joao.id, now=now + DAY)

    assert "Joao" in meant(operations, now)
    assert "Joao" not in meant(operations, now + DAY)
    assert people.group(by=olga.id, group_id=operations.id).people == 2


def test_joining_later_changes_no_earlier_answer(olga: people.Person, operations: people.Group, now: datetime) -> None:
    nadia = join(olga, "Nadia Okafor", "Africa/Lagos", now + DAY)
    people.add_member(by=olga.id, group_id=operations.id, person_id=nadia.id, now=now + DAY)

    assert "Nadia" not in meant(operations, now)
    assert "Nadia" in meant(operations, now + DAY)


def test_who_comes_back_to_a_group_was_away_in_between(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=now + DAY)
    people.add_member(by=olga.id, group_id=operations.id, person_id=maya.id, now=now + 3 * DAY)

    there = [n for n in range(5) if "Maya" in meant(operations, now + n * DAY)]
    assert there == [0, 3, 4]


def test_a_new_role_in_a_group_is_dated(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    people.add_member(by=olga.id, group_id=operations.id, person_id=maya.id, role="manager", now=now + DAY)

    assert people.manages(person_id=maya.id, group_ids=[operations.id], at=now) == set()
    assert people.manages(person_id=maya.id, group_ids=[operations.id], at=now + DAY) == {operations.id}
    assert meant(operations, now + DAY) == {"Ines", "Maya", "Joao"}


def test_adding_somebody_twice_changes_nothing(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    again = people.add_member(by=olga.id, group_id=operations.id, person_id=maya.id, now=now + DAY)

    assert again.started_at == now
    assert [p.name for p, _ in people.members(by=maya.id, group_id=operations.id)] == [
        "Ines Carvalho",
        "Joao Matias",
        "Maya Lindqvist",
    ]


def test_members_come_in_pages(maya: people.Person, operations: people.Group) -> None:
    [(first, _)] = people.members(by=maya.id, group_id=operations.id, limit=1)

    rest = people.members(by=maya.id, group_id=operations.id, after=(first.name, first.id))

    assert [person.name for person, _ in rest] == ["Joao Matias", "Maya Lindqvist"]


def test_a_manager_manages_what_is_part_of_their_group(
    olga: people.Person, maya: people.Person, company: people.Group, operations: people.Group, now: datetime
) -> None:
    people.add_member(by=olga.id, group_id=company.id, person_id=maya.id, role="manager", now=now)

    both = people.manages(person_id=maya.id, group_ids=[company.id, operations.id], at=now)

    assert both == {company.id, operations.id}
    people.check_audience(by=maya.id, audience=people.Audience(group_ids=(company.id, operations.id)), at=now)


def test_a_manager_does_not_manage_what_their_group_is_part_of(
    ines: people.Person, company: people.Group, operations: people.Group, now: datetime
) -> None:
    with pytest.raises(people.AudienceNotYours):
        people.check_audience(by=ines.id, audience=people.Audience(group_ids=(company.id, operations.id)), at=now)


def test_a_person_belongs_to_what_their_groups_are_part_of(
    olga: people.Person, maya: people.Person, company: people.Group, operations: people.Group, now: datetime
) -> None:
    groups = people.groups_of(person_ids=[maya.id, olga.id], at=now)

    assert groups == {maya.id: tuple(sorted((company.id, operations.id))), olga.id: ()}


def test_a_group_cannot_be_part_of_itself(
    olga: people.Person, company: people.Group, operations: people.Group, now: datetime
) -> None:
    for parent in (company, operations):
        with pytest.raises(errors.Invalid) as refusal:
            people.update_group(
                by=olga.id, group_id=company.id, changes=people.GroupChanges(parent_id=parent.id), now=now
            )
        assert list(refusal.value.fields) == ["parent_id"]
    assert people.group(by=olga.id, group_id=company.id).parent_id is None


def test_a_group_can_be_taken_to_the_top(
    olga: people.Person, company: people.Group, operations: people.Group, now: datetime
) -> None:
    moved = people.update_group(by=olga.id, group_id=operations.id, changes=people.GroupChanges(parent_id=0), now=now)

    assert moved.parent_id is None
    assert meant(company, now) == {"Nils"}


def test_a_name_is_given_once_in_a_workspace(
    olga: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.create_group(by=olga.id, name=" OPERATIONS ", now=now)
    assert list(refusal.value.fields) == ["name"]
    assert people.create_group(by=charlie.id, name="Operations", now=now).name == "Operations"


@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        (people.Audience(), "Choose at least one group or person, or everyone."),
        (people.Audience(group_ids=(999_999,)), "There is no group 999999."),
        (people.Audience(person_ids=(999_999,)), "There is no person 999999."),
        (people.Audience(person_ids=tuple(range(501))), "At most 500 groups and people. Make a group for more."),
    ],
)
def test_an_audience_of_nobody_or_of_unknown_ids_is_refused(
    olga: people.Person, audience: people.Audience, sentence: str, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.check_audience(by=olga.id, audience=audience, at=now)
    assert refusal.value.fields == {"audience": [sentence]}


def test_nobody_finds_another_workspaces_things(
    charlie: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    theirs = {"by": charlie.id, "group_id": operations.id}
    refused = [
        lambda: people.find(by=charlie.id, person_id=maya.id),
        lambda: people.group(**theirs),
        lambda: people.members(**theirs),
        lambda: people.people(**theirs),
        lambda: people.update_group(**theirs, changes=people.GroupChanges(name="Mine"), now=now),
        lambda: people.add_member(**theirs, person_id=charlie.id, now=now),
        lambda: people.end_membership(**theirs, person_id=maya.id, now=now),
        lambda: people.change_role(by=charlie.id, person_id=maya.id, role="owner", now=now),
        lambda: people.deactivate(by=charlie.id, person_id=maya.id, now=now),
        lambda: people.admit(by=charlie.id, person_id=maya.id, now=now),
    ]
    for act in refused:
        with pytest.raises(errors.NotFound):
            act()
    assert people.person(person_id=maya.id) == maya
    assert people.groups(by=charlie.id) == []
    assert [person.id for person in people.people(by=charlie.id)] == [charlie.id]


def test_a_foreign_id_is_not_told_from_an_unknown_one(
    charlie: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    mine = people.create_group(by=charlie.id, name="Ours", now=now)
    with pytest.raises(errors.NotFound):
        people.add_member(by=charlie.id, group_id=mine.id, person_id=maya.id, now=now)
    with pytest.raises(errors.Invalid):
        people.create_group(by=charlie.id, name="Below theirs", parent_id=operations.id, now=now)
    for audience in (people.Audience(group_ids=(operations.id,)), people.Audience(person_ids=(maya.id,))):
        with pytest.raises(errors.Invalid):
            people.check_audience(by=charlie.id, audience=audience, at=now)
        assert people.resolve(workspace_id=charlie.workspace_id, audience=audience, at=now) == []
