"""Many people at once: the same rules as for one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import events
from announcements.people import services as people
from tests import meanwhile


def test_only_owners_make_owners_and_none_is_unmade(
    olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    new = people.Newcomer(email="ben@northwind.test", name="Ben", role="owner")
    with pytest.raises(errors.Forbidden):
        people.enter_many(by=maya.id, newcomers=[new], now=now)
    asked = {olga.id: {"role": ("owner", "member")}, joao.id: {"role": ("member", "owner"), "title": ("", "Cook")}}

    by_admin = people.update_many(by=maya.id, changes=asked, now=now)

    assert by_admin == people.Updated({joao.id: {"title": ("", "Cook")}}, frozenset({olga.id, joao.id}))
    by_owner = people.update_many(by=olga.id, changes=asked, now=now)
    assert by_owner == people.Updated({joao.id: {"role": ("member", "owner")}}, frozenset({olga.id}))
    people.update_many(by=olga.id, changes={joao.id: {"role": ("owner", "member")}}, now=now)
    assert people.person(person_id=joao.id).role == "member"


def test_who_is_otherwise_than_was_seen_is_left_as_they_are_whole_when_asked(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    asked = {maya.id: {"title": ("Cook", "Chef"), "location": ("", "Porto")}}

    whole = people.update_many(by=olga.id, changes=asked, whole=True, now=now)

    assert whole == people.Updated({}, frozenset({maya.id}))
    done = people.update_many(by=olga.id, changes=asked, now=now)
    assert done == people.Updated({maya.id: {"location": ("", "Porto")}}, frozenset({maya.id}))
    assert people.update_many(by=olga.id, changes={maya.id: {"location": ("Lisbon", "Porto")}}, now=now) == people.Updated({}, frozenset())  # fmt: skip


def test_two_owners_do_not_unmake_each_other(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="owner", now=now)

    def unmade() -> None:
        people.update_many(by=maya.id, changes={olga.id: {"role": ("owner", "member")}}, now=now)

    with meanwhile.after('FROM "people_person"', unmade), pytest.raises(errors.Forbidden):
        people.update_many(by=olga.id, changes={maya.id: {"role": ("owner", "member")}}, now=now)


def test_nothing_reaches_another_workspace(
    olga: people.Person, maya: people.Person, operations: people.Group, charlie: people.Person, now: datetime
) -> None:
    by = charlie.id
    assert people.listed(by=by, emails=[maya.email], now=now) == []
    assert people.update_many(by=by, changes={maya.id: {"title": ("", "x")}}, now=now).done == {}
    assert people.join_many(by=by, joins={operations.id: [charlie.id]}, now=now) == set()
    assert people.leave_many(by=by, leaves={(operations.id, maya.id)}, started_at=now, now=now) == set()
    assert people.end_many(by=by, person_ids=[maya.id], now=now) == set()
    assert people.withdraw_many(by=by, person_ids=[maya.id], now=now) == set()
    assert people.close_empty_groups(by=by, group_ids=[operations.id], now=now) == set()
    new = people.Newcomer(email=maya.email, name="Maya")
    added = people.enter_many(by=by, newcomers=[new], now=now)  # nothing tells that another company has this address
    assert people.person(person_id=added[maya.email]).workspace_id == charlie.workspace_id
    assert [one.id for one in people.listed(by=by, emails=[maya.email], now=now)] == [added[maya.email]]
    assert people.get_by_email(emails=[maya.email])[maya.email] == maya
    assert people.enter_many(by=by, newcomers=[new], now=now) == {}


def test_members_may_do_none_of_it(olga: people.Person, maya: people.Person, now: datetime) -> None:
    by = maya.id
    for refused in (
        lambda: people.listed(by=by, now=now),
        lambda: people.update_many(by=by, changes={}, now=now),
        lambda: people.enter_many(by=by, newcomers=[], now=now),
        lambda: people.join_many(by=by, joins={}, now=now),
        lambda: people.leave_many(by=by, leaves=set(), started_at=now, now=now),
        lambda: people.withdraw_many(by=by, person_ids=[], now=now),
        lambda: people.create_groups(by=by, names=["x"], now=now),
        lambda: people.close_empty_groups(by=by, group_ids=[], now=now),
        lambda: people.all_but_owners(by=by),
        lambda: people.zones_by_location(by=by),
    ):
        with pytest.raises(errors.Forbidden):
            refused()


def test_an_owner_is_never_deactivated_with_others(olga: people.Person, maya: people.Person, now: datetime) -> None:
    assert people.end_many(by=olga.id, person_ids=[olga.id, maya.id], now=now) == {maya.id}
    assert people.person(person_id=olga.id).state == "active"
    assert people.return_many(by=olga.id, person_ids=[maya.id], now=now) == {maya.id}


def test_who_joined_a_group_that_is_to_close_is_taken_out_again(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    group = people.create_group(by=olga.id, name="Move", kind="project", now=now)
    people.close_group(by=olga.id, group_id=group.id, at=now + timedelta(days=30), now=now)
    joined = people.join_many(by=olga.id, joins={group.id: [maya.id]}, now=now)

    assert people.leave_many(by=olga.id, leaves=joined, started_at=now, now=now + timedelta(hours=1)) == joined


def test_who_is_here_is_told_of_when_they_are_joined_and_who_has_yet_to_come_in_is_not(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    ben = people.Newcomer(email="ben@northwind.test", name="Ben")
    added = people.enter_many(by=olga.id, newcomers=[ben], now=now)
    drivers, guests = (people.create_group(by=olga.id, name=name, now=now).id for name in ("Drivers", "Guests"))
    told: list[int] = []

    def hear(person_ids: list[int], **_: object) -> None:
        told.extend(person_ids)

    events.standing_changed.connect(hear)
    try:
        everybody = [maya.id, *added.values()]
        people.join_many(by=olga.id, joins={drivers: everybody, guests: everybody}, now=now)
    finally:
        events.standing_changed.disconnect(hear)

    assert told == [maya.id]
