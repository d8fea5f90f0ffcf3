"""Where a group hangs is history too: moving it changes no earlier answer, and no move closes a circle."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from announcements.kernel import errors
from announcements.people import services as people

DAY = timedelta(days=1)


def meant(group: people.Group, at: datetime) -> int:
    audience = people.Audience(group_ids=(group.id,))
    return len(people.resolve(workspace_id=group.workspace_id, audience=audience, at=at))


def move(by: people.Person, group: people.Group, below: people.Group | None, now: datetime) -> people.Group:
    changes = people.GroupChanges(parent_id=below.id if below else 0)
    return people.update_group(by=by.id, group_id=group.id, changes=changes, now=now)


@pytest.fixture
def europe(olga: people.Person, now: datetime) -> people.Group:
    return people.create_group(by=olga.id, name="Europe", kind="division", now=now)


@pytest.fixture
def asia(olga: people.Person, now: datetime) -> people.Group:
    return people.create_group(by=olga.id, name="Asia", kind="division", now=now)


def test_moving_a_group_changes_no_earlier_answer(
    olga: people.Person, maya: people.Person, operations: people.Group, europe: people.Group, asia: people.Group,
    now: datetime,
) -> None:  # fmt: skip
    move(olga, operations, europe, now)
    people.add_member(by=olga.id, group_id=europe.id, person_id=olga.id, role="manager", now=now)

    move(olga, operations, asia, now + 7 * DAY)

    assert [meant(europe, now + n * DAY) for n in (0, 6, 7)] == [4, 4, 1]
    assert [meant(asia, now + n * DAY) for n in (0, 6, 7)] == [0, 0, 3]
    assert europe.id in people.groups_of(person_ids=[maya.id], at=now + 6 * DAY)[maya.id]
    assert asia.id in people.groups_of(person_ids=[maya.id], at=now + 7 * DAY)[maya.id]
    assert people.manages(person_id=olga.id, group_ids=[operations.id], at=now + 6 * DAY) == {operations.id}
    assert people.manages(person_id=olga.id, group_ids=[operations.id], at=now + 7 * DAY) == set()
    then = {group.id: group for group in people.groups(by=olga.id, at=now + 6 * DAY)}
    assert (then[operations.id].parent_id, then[europe.id].people, then[asia.id].people) == (europe.id, 4, 0)


def test_a_group_tells_where_it_hung(
    olga: people.Person, operations: people.Group, europe: people.Group, asia: people.Group, now: datetime
) -> None:
    for day, below in enumerate((europe, None, asia, asia), start=1):
        moved = move(olga, operations, below, now + day * DAY)

    assert [(one.parent_id, one.started_at, one.ended_at) for one in moved.placements] == [
        (europe.id, now + DAY, now + 2 * DAY),
        (asia.id, now + 3 * DAY, None),
    ]


def test_a_group_does_not_become_its_own_grandparent(
    olga: people.Person, operations: people.Group, europe: people.Group, asia: people.Group, now: datetime
) -> None:
    move(olga, operations, europe, now)
    move(olga, europe, asia, now)

    with pytest.raises(errors.Invalid) as refusal:
        move(olga, asia, operations, now)

    assert refusal.value.fields == {"parent_id": ["A group cannot be part of itself or of its own sub-groups."]}
    assert people.group(by=olga.id, group_id=asia.id).parent_id is None


def test_a_move_planned_for_later_closes_no_circle_either(
    olga: people.Person, europe: people.Group, asia: people.Group, now: datetime
) -> None:
    people.reorganize(by=olga.id, changes=[people.Move(europe.id, asia.id)], at=now + 7 * DAY, now=now)

    with pytest.raises(errors.Invalid):
        move(olga, asia, europe, now)
    with pytest.raises(errors.Invalid):
        people.reorganize(by=olga.id, changes=[people.Move(asia.id, europe.id)], at=now + 9 * DAY, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_close_no_circle(
    olga: people.Person, europe: people.Group, asia: people.Group, now: datetime
) -> None:
    start, refused = threading.Barrier(2), list[int]()

    def swap(group: people.Group, below: people.Group) -> None:
        start.wait()
        try:
            move(olga, group, below, now + DAY)
        except errors.Invalid:
            refused.append(group.id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=swap, args=pair) for pair in ((europe, asia), (asia, europe))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    parents = [group.parent_id for group in people.groups(by=olga.id, at=now + DAY)]
    assert len(refused) == 1
    assert sorted(parents, key=bool) == [None, next(parent for parent in parents if parent)]


@pytest.mark.parametrize("name", ["ASIA", "asia ", "Ａｓｉａ", "as​ia"])
def test_a_name_is_one_open_groups_however_it_is_written(
    olga: people.Person, asia: people.Group, europe: people.Group, name: str, now: datetime
) -> None:
    for act in (
        lambda: people.create_group(by=olga.id, name=name, now=now),
        lambda: people.update_group(by=olga.id, group_id=europe.id, changes=people.GroupChanges(name=name), now=now),
    ):
        with pytest.raises(errors.Invalid) as refusal:
            act()
        assert refusal.value.fields == {"name": ["There is a group of this name already."]}
    assert people.update_group(
        by=olga.id, group_id=asia.id, changes=people.GroupChanges(name=name), now=now
    ).name == " ".join(name.split())


def test_case_means_the_same_beyond_plain_letters(olga: people.Person, now: datetime) -> None:
    people.create_group(by=olga.id, name="Évora Straße", now=now)

    with pytest.raises(errors.Invalid):
        people.create_group(by=olga.id, name="ÉVORA STRASSE", now=now)


def test_a_closed_group_is_history(
    olga: people.Person, maya: people.Person, operations: people.Group, europe: people.Group, now: datetime
) -> None:
    move(olga, operations, europe, now)
    later = now + 7 * DAY
    with pytest.raises(people.HasSubGroups):
        people.close_group(by=olga.id, group_id=europe.id, now=later)

    closed = people.close_group(by=olga.id, group_id=operations.id, now=later)

    assert (closed.ended_at, closed.people, closed.parent_id) == (later, 0, None)
    assert [meant(operations, now + n * DAY) for n in (0, 6, 7)] == [3, 3, 0]
    assert [meant(europe, now + n * DAY) for n in (0, 6, 7)] == [3, 3, 0]
    assert [group.name for group in people.groups(by=olga.id, at=later)] == ["Europe"]
    assert len(people.groups(by=olga.id, at=later - DAY)) == len(people.groups(by=olga.id, at=later, closed=True)) == 2
    past = people.other_members(by=maya.id, group_id=operations.id, when="past", now=later)
    assert {person.name.split()[0] for person, _ in past} == {"Ines", "Maya", "Joao"}
    same = {"by": olga.id, "group_id": operations.id, "now": later}
    for act in (
        lambda: people.update_group(**same, changes=people.GroupChanges(name="Other")),
        lambda: people.add_member(**same, person_id=maya.id),
        lambda: people.end_membership(**same, person_id=maya.id),
        lambda: people.close_group(**same),
    ):
        with pytest.raises(people.GroupClosed):
            act()
    with pytest.raises(errors.Invalid):
        move(olga, europe, operations, later)
    with pytest.raises(errors.Invalid) as refusal:
        people.check_audience(by=olga.id, audience=people.Audience(group_ids=(operations.id,)), at=later)
    assert refusal.value.fields == {"audience": ["Operations is closed. Choose another group."]}
    people.close_group(by=olga.id, group_id=europe.id, now=later)
    assert people.create_group(by=olga.id, name="operations", now=later).id != operations.id


def test_a_plan_to_close_can_be_changed_and_dropped(
    olga: people.Person, operations: people.Group, europe: people.Group, now: datetime
) -> None:
    move(olga, operations, europe, now)
    closing = people.close_group(by=olga.id, group_id=operations.id, at=now + 5 * DAY, now=now)
    assert (closing.ended_at, closing.people) == (now + 5 * DAY, 3)
    with pytest.raises(errors.Invalid):
        people.create_group(by=olga.id, name="Operations", now=now)
    people.close_group(by=olga.id, group_id=operations.id, at=now + 9 * DAY, now=now)
    assert [meant(europe, now + n * DAY) for n in (4, 8, 9)] == [3, 3, 0]

    kept = people.keep_group(by=olga.id, group_id=operations.id, now=now + DAY)

    assert (kept.ended_at, kept.parent_id, meant(europe, now + 99 * DAY)) == (None, europe.id, 3)
    with pytest.raises(errors.Conflict, match="Nobody plans to close Operations"):
        people.keep_group(by=olga.id, group_id=operations.id, now=now + DAY)
    people.close_group(by=olga.id, group_id=operations.id, now=now + DAY)
    with pytest.raises(people.GroupClosed):
        people.keep_group(by=olga.id, group_id=operations.id, now=now + 2 * DAY)


@pytest.mark.django_db(transaction=True)
def test_what_hung_below_what_is_carried_over_and_back(transactional_db: None, now: datetime) -> None:
    def at(name: str) -> MigrationExecutor:
        executor = MigrationExecutor(connection)
        executor.migrate([("people", name)])
        return MigrationExecutor(connection)

    leaf = MigrationExecutor(connection).loader.graph.leaf_nodes("people")[0][1]
    try:
        apps = at("0001_initial").loader.project_state([("people", "0001_initial")]).apps
        workspace = apps.get_model("people", "Workspace").objects.create(name="Old", created_at=now)
        groups = apps.get_model("people", "Group").objects
        top = groups.create(workspace=workspace, name="Asia", created_at=now)
        below = groups.create(workspace=workspace, name="Ａｓｉａ", parent=top, created_at=now + DAY)

        apps = at(leaf).loader.project_state([("people", leaf)]).apps
        placements = apps.get_model("people", "Placement").objects.values_list("group_id", "parent_id", "started_at")
        assert list(placements) == [(below.pk, top.pk, now + DAY)]
        names = apps.get_model("people", "Group").objects.order_by("id").values_list("name", flat=True)
        assert list(names) == ["Asia", "Ａｓｉａ (2)"]
        apps = at("0001_initial").loader.project_state([("people", "0001_initial")]).apps
        assert apps.get_model("people", "Group").objects.get(pk=below.pk).parent_id == top.pk
    finally:
        at(leaf)
