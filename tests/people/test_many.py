"""Changing many people at once: each is done, or refused with why, and nobody may more than one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.audit import services as audit
from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import join

Outcomes = list[people.Outcome]


@pytest.fixture
def ada(olga: people.Person, now: datetime) -> people.Person:
    """Return an admin."""
    person = join(olga, "Ada Lund", "Europe/Oslo", now)
    return people.change_role(by=olga.id, person_id=person.id, role="admin", now=now)


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(minutes=5)


def told(outcomes: Outcomes) -> dict[int, str]:
    return {one.person_id: "done" if one.done else one.code for one in outcomes}


def test_many_are_added_and_taken_out_again(
    olga: people.Person, ada: people.Person, maya: people.Person, ines: people.Person, charlie: people.Person,
    operations: people.Group, later: datetime,
) -> None:  # fmt: skip
    ids = [olga.id, ada.id, ines.id, charlie.id, ada.id]
    added = people.add_many(by=ada.id, group_id=operations.id, person_ids=ids, now=later)

    assert told(added) == {olga.id: "done", ada.id: "done", ines.id: "already", charlie.id: "not_found"}
    assert all(one.why for one in added if not one.done)
    assert not any(
        group.name == "Operations" for group in people.profile(by=charlie.id, person_id=charlie.id, now=later).groups
    )

    gone = people.remove_many(
        by=ada.id, group_id=operations.id, person_ids=[olga.id, ines.id, charlie.id], now=later + timedelta(minutes=1)
    )
    assert [(one.done, one.was) for one in gone] == [(True, "member"), (True, "manager"), (False, None)]


def test_who_manages_a_group_stays_its_manager_when_added_with_others(
    olga: people.Person, ines: people.Person, operations: people.Group, later: datetime
) -> None:
    people.add_many(by=olga.id, group_id=operations.id, person_ids=[ines.id], now=later)

    [group] = people.profile(by=olga.id, person_id=ines.id, now=later).groups
    assert group.role == "manager"


def test_a_rule_is_not_overruled_by_many_either(olga: people.Person, joao: people.Person, later: datetime) -> None:
    about = people.About(rule=people.Rule((people.Condition("location", "is", "Porto"),)))
    porto = people.create_group(by=olga.id, name="Porto", about=about, now=later)

    assert told(people.add_many(by=olga.id, group_id=porto.id, person_ids=[joao.id], now=later)) == {
        joao.id: "filled_by_rule"
    }


def test_a_closed_group_takes_nobody(
    olga: people.Person, joao: people.Person, operations: people.Group, later: datetime
) -> None:
    people.close_group(by=olga.id, group_id=operations.id, now=later)

    with pytest.raises(people.GroupClosed):
        people.add_many(by=olga.id, group_id=operations.id, person_ids=[joao.id], now=later)


ACTS: dict[str, Callable[[int, int, list[int], datetime], Outcomes]] = {
    "add": lambda by, group, ids, at: people.add_many(by=by, group_id=group, person_ids=ids, now=at),
    "remove": lambda by, group, ids, at: people.remove_many(by=by, group_id=group, person_ids=ids, now=at),
    "deactivate": lambda by, group, ids, at: people.deactivate_many(by=by, person_ids=ids, now=at),
    "reactivate": lambda by, group, ids, at: people.reactivate_many(by=by, person_ids=ids, now=at),
    "to admin": lambda by, group, ids, at: people.change_roles(by=by, person_ids=ids, role="admin", now=at),
    "to owner": lambda by, group, ids, at: people.change_roles(by=by, person_ids=ids, role="owner", now=at),
}
# What becomes of Joao, a member of Operations, at the hands of each; "no" is a refusal of the whole.
MATRIX = {
    "add": {"owner": "already", "admin": "already", "manager": "already", "member": "no", "stranger": "no"},
    "remove": {"owner": "done", "admin": "done", "manager": "done", "member": "no", "stranger": "no"},
    "deactivate": {"owner": "done", "admin": "no", "manager": "no", "member": "no", "stranger": "not_found"},
    "reactivate": {"owner": "already", "admin": "no", "manager": "no", "member": "no", "stranger": "not_found"},
    "to admin": {"owner": "done", "admin": "done", "manager": "no", "member": "no", "stranger": "not_found"},
    "to owner": {"owner": "done", "admin": "forbidden", "manager": "no", "member": "no", "stranger": "not_found"},
}


@pytest.mark.parametrize("who", ["owner", "admin", "manager", "member", "stranger"])
@pytest.mark.parametrize("act", ACTS)
def test_nobody_may_more_with_many_than_with_one(
    act: str, who: str, olga: people.Person, ada: people.Person, ines: people.Person, maya: people.Person,
    charlie: people.Person, joao: people.Person, operations: people.Group, later: datetime,
) -> None:  # fmt: skip
    by = {"owner": olga, "admin": ada, "manager": ines, "member": maya, "stranger": charlie}[who]
    before = people.profile(by=olga.id, person_id=joao.id, now=later)
    try:
        found = told(ACTS[act](by.id, operations.id, [joao.id], later))[joao.id]
    except (errors.Forbidden, errors.NotFound):
        found = "no"

    assert found == MATRIX[act][who]
    if found != "done":
        assert people.profile(by=olga.id, person_id=joao.id, now=later) == before


def test_nobody_changes_themselves_along_with_others_and_an_owner_stays(
    olga: people.Person, joao: people.Person, later: datetime
) -> None:
    ids = [olga.id, joao.id]

    assert told(people.change_roles(by=olga.id, person_ids=ids, role="admin", now=later)) == {
        olga.id: "yourself", joao.id: "done",
    }  # fmt: skip
    assert told(people.deactivate_many(by=olga.id, person_ids=ids, now=later)) == {
        olga.id: "yourself", joao.id: "done",
    }  # fmt: skip
    assert people.person(person_id=olga.id).role == "owner"
    assert people.person(person_id=joao.id).state == "deactivated"
    assert told(people.reactivate_many(by=olga.id, person_ids=[joao.id], now=later)) == {joao.id: "done"}
    assert people.person(person_id=joao.id).state == "active"


def test_each_change_is_noted_as_if_it_were_made_alone(
    olga: people.Person, maya: people.Person, joao: people.Person, later: datetime
) -> None:
    people.deactivate_many(by=olga.id, person_ids=[maya.id, joao.id], now=later)

    found = [entry.subject_id for entry in audit.entries(by=olga.id, asked=audit.Asked(verb="deactivated"))]
    assert set(found) == {maya.id, joao.id}


@pytest.mark.parametrize("ids", [[], list(range(1, 502))])
def test_many_are_at_least_one_and_at_most_five_hundred(olga: people.Person, ids: list[int], later: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.deactivate_many(by=olga.id, person_ids=ids, now=later)
    assert set(refusal.value.fields) == {"person_ids"}
