"""A reorganization happens on one date, whole or not at all; until then nothing is different."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import services as people

DAY = timedelta(days=1)


@pytest.fixture
def sales(olga: people.Person, now: datetime) -> people.Group:
    return people.create_group(by=olga.id, name="Sales", kind="function", now=now)


def names(group: people.Group, at: datetime, by: people.Person) -> list[str]:
    return [person.name.split()[0] for person, _ in people.members(by=by.id, group_id=group.id, at=at)]


def test_everything_changes_on_the_date(
    olga: people.Person, maya: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    desk = people.create_group(by=olga.id, name="Help desk", parent_id=operations.id, now=now)
    monday = now + 7 * DAY

    touched = people.reorganize(
        by=olga.id,
        changes=[
            people.End(operations.id, maya.id),
            people.Start(sales.id, maya.id, "manager"),
            people.Move(operations.id, sales.id),
            people.Close(desk.id),
        ],
        at=monday,
        now=now,
    )

    assert [(group.name, group.parent_id, group.ended_at) for group in touched] == [
        ("Operations", sales.id, None),
        ("Sales", None, None),
        ("Help desk", None, monday),
    ]
    for at, members, managed in (
        (monday - DAY, ["Ines", "Joao", "Maya"], set()),
        (monday, ["Ines", "Joao"], {operations.id}),
    ):
        assert names(operations, at, olga) == members
        assert people.manages(person_id=maya.id, group_ids=[operations.id], at=at) == managed
    assert "Help desk" in [group.name for group in people.groups(by=olga.id, at=monday - DAY)]
    assert "Help desk" not in [group.name for group in people.groups(by=olga.id, at=monday)]


def test_it_happens_whole_or_not_at_all(
    olga: people.Person, maya: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    before = people.groups(by=olga.id)
    changes: list[people.Change] = [
        people.End(operations.id, maya.id),
        people.Move(operations.id, sales.id),
        people.Move(sales.id, operations.id),
    ]

    with pytest.raises(errors.Invalid) as refusal:
        people.reorganize(by=olga.id, changes=changes, now=now + DAY)

    assert list(refusal.value.fields) == ["changes.2.parent_id"]
    assert people.groups(by=olga.id) == before
    assert names(operations, now + DAY, olga) == ["Ines", "Joao", "Maya"]


def test_the_last_word_counts(
    olga: people.Person, maya: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    people.reorganize(
        by=olga.id,
        changes=[people.Move(operations.id, sales.id), people.Start(sales.id, maya.id)],
        at=now + 7 * DAY,
        now=now,
    )
    top = people.update_group(
        by=olga.id, group_id=operations.id, changes=people.GroupChanges(parent_id=0), now=now + DAY
    )
    people.end_membership(by=olga.id, group_id=sales.id, person_id=maya.id, now=now + DAY)

    assert top.placements == ()
    assert people.group(by=olga.id, group_id=operations.id, at=now + 9 * DAY).parent_id is None
    assert names(sales, now + 9 * DAY, olga) == []


def test_a_membership_may_be_planned_from_and_until_a_date(
    olga: people.Person, maya: people.Person, sales: people.Group, now: datetime
) -> None:
    term = people.Term(now + 2 * DAY, now + 5 * DAY)

    people.add_member(by=olga.id, group_id=sales.id, person_id=maya.id, term=term, now=now)

    assert [bool(names(sales, now + n * DAY, olga)) for n in (0, 2, 4, 5)] == [False, True, True, False]
    [(person, planned)] = people.other_members(by=olga.id, group_id=sales.id, when="planned", now=now)
    assert (person.id, planned.started_at, planned.ended_at) == (maya.id, now + 2 * DAY, now + 5 * DAY)
    assert people.other_members(by=olga.id, group_id=sales.id, when="past", now=now) == []
    assert people.group(by=olga.id, group_id=sales.id, at=now).people == 0
    assert people.people(by=olga.id, group_id=sales.id, at=now) == []
    people.add_member(by=olga.id, group_id=sales.id, person_id=maya.id, now=now + 3 * DAY)
    assert names(sales, now + 9 * DAY, olga) == ["Maya"]


def test_those_who_were_there_come_in_pages_the_last_gone_first(
    olga: people.Person, operations: people.Group, now: datetime
) -> None:
    everyone = [person for person, _ in people.members(by=olga.id, group_id=operations.id)]
    for day, person in enumerate(everyone, start=1):
        people.end_membership(by=olga.id, group_id=operations.id, person_id=person.id, now=now + day * DAY)
    past = {"by": olga.id, "group_id": operations.id, "when": "past", "now": now + 9 * DAY}

    [(first, membership)] = people.other_members(**past, limit=1)  # type: ignore[arg-type]
    assert membership.ended_at is not None
    rest = people.other_members(**past, after=(membership.ended_at, first.id))  # type: ignore[arg-type]

    assert [first.id, *(person.id for person, _ in rest)] == [person.id for person in reversed(everyone)]


@pytest.mark.parametrize(
    ("term", "field"),
    [
        (people.Term(started_at=datetime.fromisoformat("2020-01-01T00:00:00Z")), "started_at"),
        (people.Term(ended_at=datetime.fromisoformat("2020-01-01T00:00:00Z")), "ended_at"),
        (people.Term(started_at=datetime.fromisoformat("9999-12-31T00:00:00Z")), "started_at"),
        (
            people.Term(datetime.fromisoformat("2026-12-02T00:00:00Z"), datetime.fromisoformat("2026-12-01T00:00:00Z")),
            "ended_at",
        ),
    ],
)
def test_what_was_is_not_planned(
    olga: people.Person, maya: people.Person, sales: people.Group, term: people.Term, field: str, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.add_member(by=olga.id, group_id=sales.id, person_id=maya.id, term=term, now=now)
    assert list(refusal.value.fields) == [field]


def test_history_is_not_reorganized(
    olga: people.Person, operations: people.Group, sales: people.Group, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.reorganize(by=olga.id, changes=[people.Move(operations.id, sales.id)], at=now - DAY, now=now)
    assert list(refusal.value.fields) == ["at"]


def test_a_manager_reorganizes_the_members_of_their_groups_and_no_more(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, sales: people.Group,
    now: datetime,
) -> None:  # fmt: skip
    desk = people.create_group(by=olga.id, name="Help desk", parent_id=operations.id, now=now)
    own: list[people.Change] = [people.End(operations.id, maya.id), people.Start(desk.id, maya.id)]
    people.reorganize(by=ines.id, changes=own, at=now + DAY, now=now)
    assert names(desk, now + DAY, ines) == ["Maya"]

    for change in (
        people.Start(sales.id, maya.id), people.Move(desk.id, None), people.Close(desk.id), people.End(sales.id, maya.id),
    ):  # fmt: skip
        with pytest.raises(errors.Forbidden):
            people.reorganize(by=ines.id, changes=[change], now=now)


def test_what_is_another_workspaces_does_not_exist(
    olga: people.Person, charlie: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    ours = people.create_group(by=charlie.id, name="Ours", now=now)
    attempts: list[tuple[people.Change, str]] = [
        (people.Move(operations.id, None), "changes.0.group_id"),
        (people.Move(ours.id, operations.id), "changes.0.parent_id"),
        (people.Start(ours.id, maya.id), "changes.0.person_id"),
        (people.End(ours.id, maya.id), "changes.0.person_id"),
        (people.Close(999_999), "changes.0.group_id"),
    ]
    for change, field in attempts:
        with pytest.raises(errors.Invalid) as refusal:
            people.reorganize(by=charlie.id, changes=[change], now=now)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(errors.NotFound):
        people.close_group(by=charlie.id, group_id=operations.id, now=now)


def test_between_one_and_five_hundred_changes(olga: people.Person, sales: people.Group, now: datetime) -> None:
    for changes in ([], [people.Move(sales.id, None)] * 501):
        with pytest.raises(errors.Invalid) as refusal:
            people.reorganize(by=olga.id, changes=changes, now=now)
        assert list(refusal.value.fields) == ["changes"]
