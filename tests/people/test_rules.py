"""A rule fills a group: whoever matches is in it, from the moment they do until they no longer do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from announcements.kernel import errors
from announcements.people import _filling, tasks
from announcements.people import services as people
from tests.conftest import join

DAY = timedelta(days=1)
DRIVERS = people.Rule((people.Condition("location", "is", "Porto"), people.Condition("title", "contains", "driver")))


def place(olga: people.Person, person: people.Person, now: datetime, **changes: Any) -> people.Person:
    given = people.PersonChanges(**changes)
    return people.update_person(by=olga.id, person_id=person.id, changes=given, now=now)


def inside(group: people.Group, at: datetime, by: people.Person) -> list[str]:
    return [person.name.split()[0] for person, _ in people.members(by=by.id, group_id=group.id, at=at)]


@pytest.fixture
def drivers(olga: people.Person, maya: people.Person, joao: people.Person, now: datetime) -> people.Group:
    """Return a group of those who drive in Porto; Joao does."""
    place(olga, joao, now, location="porto", title="Truck Driver")
    place(olga, maya, now, location="Porto", title="Dispatcher")
    return people.create_group(by=olga.id, name="Drivers in Porto", about=people.About(rule=DRIVERS), now=now)


def test_a_rule_fills_a_new_group(olga: people.Person, drivers: people.Group, now: datetime) -> None:
    assert (drivers.people, drivers.rule_in_words) == (1, "location is Porto and title contains driver")
    assert inside(drivers, now, olga) == ["Joao"]


def test_a_group_follows_the_people(
    olga: people.Person, maya: people.Person, joao: people.Person, drivers: people.Group, now: datetime
) -> None:
    place(olga, maya, now + DAY, title="DRIVER, nights")
    place(olga, joao, now + 2 * DAY, location="Rotterdam")
    people.update_profile(by=maya.id, changes=people.ProfileChanges(title="Dispatcher"), now=now + 3 * DAY)

    days = [inside(drivers, now + n * DAY, olga) for n in range(4)]
    assert days == [["Joao"], ["Joao", "Maya"], ["Maya"], []]


def test_who_is_invited_is_in_it_at_once_and_who_is_deactivated_no_longer(
    olga: people.Person, joao: people.Person, drivers: people.Group, now: datetime
) -> None:
    by_title = people.Rule((people.Condition("title", "starts_with", "truck"),))
    people.update_group(by=olga.id, group_id=drivers.id, changes=people.GroupChanges(rule=by_title), now=now)
    people.invite(by=olga.id, email="rui@northwind.test", name="Rui Pinto", title="Truck driver", now=now + DAY)
    people.deactivate(by=olga.id, person_id=joao.id, now=now + 2 * DAY)
    people.reactivate(by=olga.id, person_id=joao.id, now=now + 3 * DAY)

    days = [inside(drivers, now + n * DAY, olga) for n in range(4)]
    assert days == [["Joao"], ["Joao", "Rui"], ["Rui"], ["Joao", "Rui"]]


def test_any_of_several_conditions_is_enough(
    olga: people.Person, drivers: people.Group, maya: people.Person, now: datetime
) -> None:
    rule = people.Rule(
        (people.Condition("role", "is", "owner"), people.Condition("timezone", "is", "Europe/Lisbon")), match="any"
    )
    changed = people.update_group(
        by=olga.id, group_id=drivers.id, changes=people.GroupChanges(rule=rule), now=now + DAY
    )

    assert changed.rule_in_words == "role is owner or time zone is Europe/Lisbon"
    assert inside(drivers, now + DAY, olga) == ["Joao", "Olga"]
    people.change_role(by=olga.id, person_id=maya.id, role="owner", now=now + 2 * DAY)
    assert inside(drivers, now + 2 * DAY, olga) == ["Joao", "Maya", "Olga"]


def test_a_preview_tells_what_a_rule_would_do_and_does_nothing(
    olga: people.Person, drivers: people.Group, now: datetime
) -> None:
    people.invite(by=olga.id, email="rui@northwind.test", name="Rui Pinto", title="Dispatcher", now=now)
    rule = people.Rule((people.Condition("title", "contains", "dispatch"),))

    seen = people.preview_rule(by=olga.id, rule=rule, group_id=drivers.id, now=now)

    assert (seen.people, seen.starts, seen.ends) == (1, 2, 1)
    assert [person.name for person in seen.examples] == ["Maya Lindqvist"]
    assert seen.in_words == "title contains dispatch"
    assert inside(drivers, now, olga) == ["Joao"]


def test_members_by_rule_are_not_chosen_by_hand(
    olga: people.Person, maya: people.Person, joao: people.Person, drivers: people.Group, now: datetime
) -> None:
    for act in (
        lambda: people.add_member(by=olga.id, group_id=drivers.id, person_id=maya.id, now=now),
        lambda: people.end_membership(by=olga.id, group_id=drivers.id, person_id=joao.id, now=now + DAY),
    ):
        with pytest.raises(people.FilledByRule, match="Drivers in Porto is filled by a rule"):
            act()
    assert inside(drivers, now + DAY, olga) == ["Joao"]


def test_managers_of_a_rule_group_are_chosen_by_hand_and_stay(
    olga: people.Person, maya: people.Person, joao: people.Person, drivers: people.Group, now: datetime
) -> None:
    for person in (maya, joao):
        people.add_member(by=olga.id, group_id=drivers.id, person_id=person.id, role="manager", now=now + DAY)
    place(olga, joao, now + DAY, location="Chicago")
    assert inside(drivers, now + DAY, olga) == ["Joao", "Maya"]

    place(olga, joao, now + DAY, location="Porto")
    for person in (maya, joao):
        people.end_membership(by=olga.id, group_id=drivers.id, person_id=person.id, now=now + 2 * DAY)

    [(person, membership)] = people.members(by=olga.id, group_id=drivers.id, at=now + 2 * DAY)
    assert (person.id, membership.role) == (joao.id, "member")


def test_a_manager_until_a_date_is_a_member_by_rule_after_it(
    olga: people.Person, joao: people.Person, drivers: people.Group, now: datetime
) -> None:
    term = people.Term(now + 2 * DAY, now + 5 * DAY)
    people.add_member(by=olga.id, group_id=drivers.id, person_id=joao.id, role="manager", term=term, now=now)

    assert people.groups_to_fill(now=now + 4 * DAY) == []
    assert people.groups_to_fill(now=now + 5 * DAY) == [drivers.id]
    assert people.fill_group(group_id=drivers.id, now=now + 5 * DAY)

    roles = [
        [one.role for _, one in people.members(by=olga.id, group_id=drivers.id, at=now + n * DAY)] for n in (1, 3, 5)
    ]
    assert roles == [["member"], ["manager"], ["member"]]
    assert people.groups_to_fill(now=now + 9 * DAY) == []


def test_after_one_date_the_next_is_looked_for(
    olga: people.Person, maya: people.Person, joao: people.Person, drivers: people.Group, now: datetime
) -> None:
    for person, days in ((maya, 2), (joao, 5)):
        term = people.Term(ended_at=now + days * DAY)
        people.add_member(by=olga.id, group_id=drivers.id, person_id=person.id, role="manager", term=term, now=now)

    people.fill_group(group_id=drivers.id, now=now + 2 * DAY)

    assert people.groups_to_fill(now=now + 4 * DAY) == []
    assert people.groups_to_fill(now=now + 5 * DAY) == [drivers.id]


def test_without_its_rule_a_group_keeps_who_is_in_it_and_takes_others(
    olga: people.Person, maya: people.Person, joao: people.Person, drivers: people.Group, now: datetime
) -> None:
    by_hand = people.update_group(
        by=olga.id, group_id=drivers.id, changes=people.GroupChanges(rule=people.Rule()), now=now + DAY
    )
    people.add_member(by=olga.id, group_id=drivers.id, person_id=maya.id, now=now + DAY)
    place(olga, joao, now + 2 * DAY, location="Chicago")

    assert (by_hand.rule, by_hand.rule_in_words) == (None, "")
    assert inside(drivers, now + 2 * DAY, olga) == ["Joao", "Maya"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (people.Rule((people.Condition("shoe size", "is", "44"),)), "rule.conditions.0.field"),  # type: ignore[arg-type]
        (people.Rule((people.Condition("title", "like", "x"),)), "rule.conditions.0.test"),  # type: ignore[arg-type]
        (people.Rule((*DRIVERS.conditions, people.Condition("title", "is", " "))), "rule.conditions.2.value"),
        (people.Rule((people.Condition("title", "is", "x" * 81),)), "rule.conditions.0.value"),
        (people.Rule((people.Condition("role", "is", "boss"),)), "rule.conditions.0.value"),
        (people.Rule((people.Condition("timezone", "is", "Lisbon"),)), "rule.conditions.0.value"),
        (people.Rule(DRIVERS.conditions * 6), "rule.conditions"),
        (people.Rule(DRIVERS.conditions, match="some"), "rule.match"),  # type: ignore[arg-type]
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_field(
    olga: people.Person, rule: people.Rule, field: str, now: datetime
) -> None:
    for act in (
        lambda: people.create_group(by=olga.id, name="New", about=people.About(rule=rule), now=now),
        lambda: people.preview_rule(by=olga.id, rule=rule, now=now),
    ):
        with pytest.raises(errors.Invalid) as refusal:
            act()
        assert list(refusal.value.fields) == [field]
    assert people.groups(by=olga.id) == []


def test_only_admins_look_at_rules_before_they_hold(
    ines: people.Person, charlie: people.Person, drivers: people.Group, now: datetime
) -> None:
    with pytest.raises(errors.Forbidden):
        people.preview_rule(by=ines.id, rule=DRIVERS, now=now)
    with pytest.raises(errors.NotFound):
        people.preview_rule(by=charlie.id, rule=DRIVERS, group_id=drivers.id, now=now)
    assert people.preview_rule(by=charlie.id, rule=DRIVERS, now=now).people == 0


def test_a_large_workspace_is_filled_by_the_queue_and_a_lost_task_is_found(
    olga: people.Person, joao: people.Person, now: datetime, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(_filling, "AT_ONCE", 1)
    place(olga, joao, now, location="Porto", title="Driver")
    queued = list[int]()
    monkeypatch.setattr(tasks.fill, "delay", lambda *, group_id: queued.append(group_id))
    with django_capture_on_commit_callbacks(execute=True):
        group = people.create_group(by=olga.id, name="Drivers", about=people.About(rule=DRIVERS), now=now)

    assert (group.filling, group.people, queued) == (True, 0, [group.id])
    tasks.sweep()
    assert queued == [group.id, group.id]
    tasks.fill(group_id=group.id)
    tasks.fill(group_id=group.id)
    filled = people.group(by=olga.id, group_id=group.id, at=datetime.now(UTC))
    assert (filled.filling, filled.people) == (False, 1)
    tasks.sweep()
    assert queued == [group.id, group.id]


def test_a_change_of_many_people_goes_through_the_queue(
    olga: people.Person, drivers: people.Group, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_filling, "AT_ONCE", 2)

    people.follow(person_ids=[olga.id, 1, 2], now=now + DAY)

    assert people.groups_to_fill(now=now + DAY) == [drivers.id]


def test_a_rule_of_one_workspace_leaves_others_alone(
    charlie: people.Person, drivers: people.Group, olga: people.Person, now: datetime
) -> None:
    place(charlie, charlie, now, location="Porto", title="Driver")

    assert inside(drivers, now, olga) == ["Joao"]


def test_a_planned_closing_ends_what_the_rule_starts(olga: people.Person, drivers: people.Group, now: datetime) -> None:
    people.close_group(by=olga.id, group_id=drivers.id, at=now + 5 * DAY, now=now)
    nils = join(olga, "Nils Aune", "Europe/Oslo", now + DAY)

    place(olga, nils, now + DAY, location="Porto", title="Driver")

    days = [inside(drivers, now + n * DAY, olga) for n in (0, 1, 4, 5)]
    assert days == [["Joao"], ["Joao", "Nils"], ["Joao", "Nils"], []]
