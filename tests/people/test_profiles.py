"""Looking people up, and what they and their admins may set."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import join


def test_people_come_by_name_in_pages(olga: people.Person, operations: people.Group) -> None:
    first = people.people(by=olga.id, limit=2)

    rest = people.people(by=olga.id, after=(first[-1].name, first[-1].id))

    assert [person.name for person in first + rest] == ["Ines Carvalho", "Joao Matias", "Maya Lindqvist", "Olga Berg"]


def test_two_of_one_name_both_appear(olga: people.Person, now: datetime) -> None:
    twins = [people.invite(by=olga.id, email=f"a{n}@northwind.test", name="Ada Moe", now=now) for n in range(2)]

    [first] = people.people(by=olga.id, limit=1)
    [second] = people.people(by=olga.id, after=(first.name, first.id), limit=1)

    assert [first.id, second.id] == [twin.id for twin in twins]


@pytest.mark.parametrize("search", ["lindq", "MAYA@", "planner"])
def test_a_search_looks_at_name_title_and_address(maya: people.Person, search: str, now: datetime) -> None:
    people.update_profile(by=maya.id, changes=people.ProfileChanges(title="Route planner"), now=now)

    assert [person.id for person in people.people(by=maya.id, search=search)] == [maya.id]


def test_a_group_narrows_the_list(olga: people.Person, operations: people.Group) -> None:
    names = [person.name for person in people.people(by=olga.id, group_id=operations.id)]

    assert names == ["Ines Carvalho", "Joao Matias", "Maya Lindqvist"]


def test_many_are_fetched_at_once_and_unknown_ids_are_left_out(olga: people.Person, maya: people.Person) -> None:
    assert people.get_many(ids=[maya.id, olga.id, 999_999]) == {maya.id: maya, olga.id: olga}


def test_a_person_says_when_they_work(joao: people.Person, now: datetime) -> None:
    changes = people.ProfileChanges(
        timezone="America/Sao_Paulo",
        work_days=(2, 1, 1),
        work_starts=time(7, 30),
        work_ends=time(15),
        away=((date(2026, 12, 21), date(2026, 12, 31)),),
    )

    people.update_profile(by=joao.id, changes=changes, now=now)

    working = people.person(person_id=joao.id).working_time
    assert (working.timezone, working.days) == ("America/Sao_Paulo", (1, 2))
    assert (working.starts, working.ends) == (time(7, 30), time(15))
    assert working.away == ((date(2026, 12, 21), date(2026, 12, 31)),)


def test_a_shift_may_end_on_the_next_day(joao: people.Person, now: datetime) -> None:
    night = people.ProfileChanges(work_starts=time(22), work_ends=time(6))

    working = people.update_profile(by=joao.id, changes=night, now=now).working_time

    begins = datetime(2026, 11, 16, 22, tzinfo=UTC)  # a Monday, in Lisbon
    assert [working.next_moment(begins + timedelta(hours=h)) - begins for h in (-1, 7, 9)] == [
        timedelta(0), timedelta(hours=7), timedelta(days=1)
    ]  # fmt: skip


def test_what_is_not_given_stays(joao: people.Person, now: datetime) -> None:
    changed = people.update_profile(by=joao.id, changes=people.ProfileChanges(theme="dark"), now=now)

    assert changed.theme == "dark"
    assert (changed.name, changed.timezone, changed.working_time) == (joao.name, joao.timezone, joao.working_time)


def test_what_somebody_says_of_themselves_is_kept_tidy(joao: people.Person, now: datetime) -> None:
    said = people.ProfileChanges(pronouns=" he/him\u202e ", about="Drives.\r\n\r\n\r\n\r\nSings \x00 too. \n")

    saved = people.update_profile(by=joao.id, changes=said, now=now)

    assert (saved.pronouns, saved.about) == ("he/him", "Drives.\n\nSings too.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "\u200b\u2060"),
        ("name", "\u3164"),
        ("title", "x" * 81),
        ("pronouns", "x" * 41),
        ("about", "x" * 501),
        ("timezone", "Nowhere/Land"),
        ("locale", "../../etc"),
        ("locale", "English"),
        ("work_days", (7,)),
        ("work_starts", time(18)),  # as they end already
        ("work_ends", time(9)),
        ("away", ((date(2026, 12, 2), date(2026, 12, 1)),)),
        ("theme", "neon"),
    ],
)
def test_a_profile_says_which_field_is_wrong(joao: people.Person, field: str, value: Any, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.update_profile(by=joao.id, changes=people.ProfileChanges(**{field: value}), now=now)
    assert list(refusal.value.fields) == [field]
    assert people.person(person_id=joao.id) == joao


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "\u200b"),
        ("join_policy", "anybody"),
        ("brand_hue", 360),
        ("work_starts", time(18)),  # as they end already
        ("work_ends", time(9)),
        ("nudge_hours", (24, 48, 72, 96)),
        ("nudge_hours", (48, 24)),
        ("nudge_hours", (24, 24)),
        ("nudge_hours", (0,)),
        ("nudge_hours", (721,)),
        ("nudge_hours", (math.nan,)),
    ],
)
def test_a_workspace_says_which_field_is_wrong(olga: people.Person, field: str, value: Any, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(**{field: value}), now=now)
    assert list(refusal.value.fields) == [field]


def test_a_workspace_may_never_nudge(olga: people.Person, now: datetime) -> None:
    assert (
        people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(nudge_hours=()), now=now).nudge_hours == ()
    )


def test_new_people_work_as_the_workspace_does(olga: people.Person, now: datetime) -> None:
    people.update_workspace(
        by=olga.id, changes=people.WorkspaceChanges(work_days=(0, 1, 2), work_ends=time(17)), now=now
    )

    nadia = join(olga, "Nadia Okafor", "Africa/Lagos", now)

    assert (nadia.working_time.days, nadia.working_time.ends) == ((0, 1, 2), time(17))


def test_last_seen_only_moves_forward(maya: people.Person) -> None:
    for day in (20, 16):
        people.seen(person_id=maya.id, on=date(2026, 11, day))

    assert people.person(person_id=maya.id).last_seen_on == date(2026, 11, 20)
