"""Who may do what: the table of the product, row by row; and that a workspace keeps an owner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from announcements.kernel import errors
from announcements.people import events
from announcements.people import services as people
from tests.conftest import join
from tests.meanwhile import after

CAST = ["member", "manager", "admin", "owner"]


@pytest.fixture
def cast(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> dict[str, people.Person]:
    """Return somebody for each column: Ines manages Operations."""
    admin = join(olga, "Adam Ferreira", "Europe/Lisbon", now)
    people.change_role(by=olga.id, person_id=admin.id, role="admin", now=now)
    return {"member": maya, "manager": ines, "admin": admin, "owner": olga}


@pytest.fixture
def sales(olga: people.Person, now: datetime) -> people.Group:
    return people.create_group(by=olga.id, name="Sales", now=now)


def may(act: Callable[[], object]) -> bool:
    try:
        act()
    except errors.Forbidden:
        return False
    return True


def allowed(cast: dict[str, people.Person], act: Callable[[int], object]) -> list[str]:
    """Return which columns of the table may."""
    return [column for column in CAST if may(lambda column=column: act(cast[column].id))]  # type: ignore[misc]  # a lambda's default


def test_managers_publish_to_their_own_groups(
    cast: dict[str, people.Person], operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))

    assert allowed(cast, lambda by: people.check_audience(by=by, audience=audience, at=now)) == CAST[1:]


@pytest.mark.parametrize("whom", ["everyone", "group", "person"])
def test_only_admins_and_owners_publish_to_others(
    cast: dict[str, people.Person], sales: people.Group, whom: str, now: datetime
) -> None:
    audience = {
        "everyone": people.Audience(everyone=True),
        "group": people.Audience(group_ids=(sales.id,)),
        "person": people.Audience(person_ids=(cast["owner"].id,)),  # who is in no group that Ines manages
    }[whom]

    assert allowed(cast, lambda by: people.check_audience(by=by, audience=audience, at=now)) == ["admin", "owner"]


def test_who_can_reach_somebody_may_draft(cast: dict[str, people.Person], now: datetime) -> None:
    assert [c for c in CAST if people.may_publish(person_id=cast[c].id, at=now)] == CAST[1:]


def test_admins_and_owners_invite(cast: dict[str, people.Person], now: datetime) -> None:
    def invite(by: int) -> object:
        return people.invite(by=by, email=f"guest{by}@northwind.test", name="A guest", now=now)

    assert allowed(cast, invite) == ["admin", "owner"]


def test_admins_and_owners_make_and_change_groups(
    cast: dict[str, people.Person], operations: people.Group, now: datetime
) -> None:
    def rename(by: int) -> object:
        changes = people.GroupChanges(name=f"Operations {by}")
        return people.update_group(by=by, group_id=operations.id, changes=changes, now=now)

    assert allowed(cast, lambda by: people.create_group(by=by, name=f"Group {by}", now=now)) == ["admin", "owner"]
    assert allowed(cast, rename) == ["admin", "owner"]


def test_managers_choose_the_members_of_their_own_groups(
    cast: dict[str, people.Person], operations: people.Group, sales: people.Group, joao: people.Person, now: datetime
) -> None:
    def add_to(group: people.Group) -> list[str]:
        return allowed(cast, lambda by: people.add_member(by=by, group_id=group.id, person_id=joao.id, now=now))

    assert add_to(operations) == CAST[1:]
    assert add_to(sales) == ["admin", "owner"]


def test_admins_and_owners_change_the_workspace(cast: dict[str, people.Person], now: datetime) -> None:
    changes = people.WorkspaceChanges(name="Northwind Freight")

    assert allowed(cast, lambda by: people.update_workspace(by=by, changes=changes, now=now)) == ["admin", "owner"]


def test_only_owners_deactivate_and_reactivate(
    cast: dict[str, people.Person], joao: people.Person, now: datetime
) -> None:
    assert allowed(cast, lambda by: people.deactivate(by=by, person_id=joao.id, now=now)) == ["owner"]
    assert allowed(cast, lambda by: people.reactivate(by=by, person_id=joao.id, now=now)) == ["owner"]


def test_only_owners_make_owners(cast: dict[str, people.Person], joao: people.Person, now: datetime) -> None:
    def make(role: people.Role) -> list[str]:
        return allowed(cast, lambda by: people.change_role(by=by, person_id=joao.id, role=role, now=now))

    assert make("admin") == ["admin", "owner"]
    assert make("owner") == ["owner"]
    assert not may(lambda: people.change_role(by=cast["admin"].id, person_id=joao.id, role="member", now=now))


def test_nobody_gives_themselves_more_and_anybody_may_step_down(cast: dict[str, people.Person], now: datetime) -> None:
    def become(who: str, role: people.Role) -> object:
        return people.change_role(by=cast[who].id, person_id=cast[who].id, role=role, now=now)

    assert not may(lambda: become("member", "admin"))
    assert not may(lambda: become("manager", "owner"))
    assert not may(lambda: become("admin", "owner"))
    assert may(lambda: become("admin", "member"))
    assert not may(lambda: become("admin", "admin"))


def test_the_last_owner_cannot_leave(olga: people.Person, now: datetime) -> None:
    with pytest.raises(people.LastOwner):
        people.change_role(by=olga.id, person_id=olga.id, role="admin", now=now)
    with pytest.raises(people.LastOwner):
        people.deactivate(by=olga.id, person_id=olga.id, now=now)


def test_an_owner_who_is_not_active_does_not_count(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="owner", now=now)
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    with pytest.raises(people.LastOwner):
        people.change_role(by=olga.id, person_id=olga.id, role="member", now=now)


def test_of_two_owners_one_may_go(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="owner", now=now)

    assert people.change_role(by=olga.id, person_id=olga.id, role="member", now=now).role == "member"
    with pytest.raises(people.LastOwner):
        people.change_role(by=maya.id, person_id=maya.id, role="member", now=now)


@pytest.mark.django_db(transaction=True)
def test_two_owners_leaving_at_once_leave_one_behind(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="owner", now=now)
    start, refused = threading.Barrier(2), list[int]()

    def leave(person: people.Person) -> None:
        start.wait()
        try:
            people.change_role(by=person.id, person_id=person.id, role="member", now=now)
        except people.LastOwner:
            refused.append(person.id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=leave, args=(person,)) for person in (olga, maya)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    roles = {people.person(person_id=person.id).role for person in (olga, maya)}
    assert len(refused) == 1
    assert roles == {"owner", "member"}


@contextmanager
def once_both_are_read(act: Callable[[], object]) -> Iterator[None]:
    """Act right after who acts and whom they act on were read, the two first reads of a person."""
    read = 'FROM "people_person"'
    with after(read, lambda: inner.enter_context(after(read, act))), ExitStack() as inner:
        yield


def test_an_admin_does_not_unmake_somebody_who_became_an_owner_at_this_moment(
    cast: dict[str, people.Person], joao: people.Person, now: datetime
) -> None:
    def make_owner() -> object:
        return people.change_role(by=cast["owner"].id, person_id=joao.id, role="owner", now=now)

    with once_both_are_read(make_owner), pytest.raises(errors.Conflict):
        people.change_role(by=cast["admin"].id, person_id=joao.id, role="admin", now=now)


def test_who_became_the_last_owner_at_this_moment_is_not_deactivated(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    def hand_over() -> None:
        people.change_role(by=olga.id, person_id=maya.id, role="owner", now=now)
        people.change_role(by=olga.id, person_id=olga.id, role="member", now=now)

    with once_both_are_read(hand_over), pytest.raises(errors.Conflict):
        people.deactivate(by=olga.id, person_id=maya.id, now=now)


def test_deactivation_ends_every_key(olga: people.Person, maya: people.Person, now: datetime) -> None:
    session = get_user_model().objects.get(pk=maya.id).get_session_auth_hash()
    key = people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], now=now).key

    gone = people.deactivate(by=olga.id, person_id=maya.id, now=now)

    row = get_user_model().objects.get(pk=maya.id)
    assert (gone.state, gone.epoch, row.is_active) == ("deactivated", maya.epoch + 1, False)
    assert row.get_session_auth_hash() != session
    assert people.authenticate(key=key, now=now) is None


def test_who_comes_back_gets_no_old_key_back(olga: people.Person, maya: people.Person, now: datetime) -> None:
    key = people.issue_token(by=maya.id, name="Script", scopes=["feed:read"], now=now).key
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    back = people.reactivate(by=olga.id, person_id=maya.id, now=now)

    assert (back.state, back.epoch) == ("active", maya.epoch + 1)
    assert people.authenticate(key=key, now=now) is None


def test_who_was_deactivated_can_do_nothing(olga: people.Person, maya: people.Person, now: datetime) -> None:
    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    with pytest.raises(errors.NotFound):
        people.people(by=maya.id)
    assert maya.id in {person.id for person in people.people(by=olga.id)}


def test_those_above_hear_of_a_change_of_standing_once(olga: people.Person, maya: people.Person, now: datetime) -> None:
    heard: list[list[int]] = []

    def hear(person_ids: list[int], **_: object) -> None:
        heard.append(person_ids)

    events.standing_changed.connect(hear)
    try:
        people.deactivate(by=olga.id, person_id=maya.id, now=now)
        people.deactivate(by=olga.id, person_id=maya.id, now=now)
    finally:
        events.standing_changed.disconnect(hear)
    assert heard == [[maya.id]]


@pytest.mark.parametrize("do", [people.deactivate, people.reactivate, people.admit, people.turn_away])
def test_who_is_of_another_company_is_not_there_whatever_one_may_do(
    do: Callable[..., object], maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    with pytest.raises(errors.NotFound):
        do(by=maya.id, person_id=charlie.id, now=now)
