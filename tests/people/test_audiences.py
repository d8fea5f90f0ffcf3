"""Whom an audience means: what is chosen adds, what is excepted takes away, and nobody reaches further than they may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from announcements.kernel import errors
from announcements.people import models
from announcements.people import services as people
from tests.conftest import join

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PLACES, TITLES = ("Porto", "porto", "Łódź", ""), ("Driver", "Cook")


def porto(field: str = "location", value: str = "Porto") -> people.Attribute:
    return people.Attribute(field, value)  # type: ignore[arg-type]  # some are wrong on purpose


def place(olga: people.Person, person: people.Person, now: datetime, **changes: Any) -> None:
    people.update_person(by=olga.id, person_id=person.id, changes=people.PersonChanges(**changes), now=now)


def meant(olga: people.Person, audience: people.Audience, now: datetime) -> list[int]:
    return people.resolve(workspace_id=olga.workspace_id, audience=audience, at=now)


# -- against an oracle that fits on a page -----------------------------------------------------------------------------


@st.composite
def worlds(draw: Any) -> dict[str, Any]:
    groups, persons = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    some = lambda many, most=2: st.sets(st.integers(0, many - 1), max_size=most)  # noqa: E731  shorter than a def
    values = st.sets(
        st.tuples(st.just("location"), st.sampled_from(["PORTO", "łódź"]))
        | st.tuples(st.just("title"), st.just("cook")),
        max_size=2,
    )
    return {
        "parents": [draw(st.none() | st.integers(0, n - 1)) if n else None for n in range(groups)],
        "people": [(draw(st.sampled_from(PLACES)), draw(st.sampled_from(TITLES))) for _ in range(persons)],
        "active": [draw(st.integers(0, 4)) > 0 for _ in range(persons)],
        "inside": draw(st.sets(st.tuples(st.integers(0, persons - 1), st.integers(0, groups - 1)), max_size=8)),
        "manages": draw(st.sets(st.integers(0, groups - 1), max_size=2)),
        "everyone": draw(st.integers(0, 4)) == 0,
        "chosen": (draw(some(groups)), draw(some(persons)), draw(values)),
        "excepted": (draw(some(groups)), draw(some(persons)), draw(values)),
    }


class Oracle:
    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world

    def above(self, group: int | None) -> set[int]:
        return set() if group is None else {group} | self.above(self.world["parents"][group])

    def fits(self, person: int, part: tuple[set[int], set[int], set[tuple[str, str]]]) -> bool:
        place, title = self.world["people"][person]
        facts = {("location", place.casefold()), ("title", title.casefold())}
        inside = any(self.above(group) & part[0] for who, group in self.world["inside"] if who == person)
        return inside or person in part[1] or any((f, v.casefold()) in facts for f, v in part[2])

    def meant(self) -> set[int]:
        return {
            person
            for person, active in enumerate(self.world["active"])
            if active
            and (self.world["everyone"] or self.fits(person, self.world["chosen"]))
            and not self.fits(person, self.world["excepted"])
        }

    def manager_may(self) -> bool:
        groups, persons, values = self.world["chosen"]
        theirs = {
            person
            for person, group in self.world["inside"]
            if self.above(group) & self.world["manages"] and self.world["active"][person]
        }
        managed = all(self.above(group) & self.world["manages"] for group in groups)
        return not self.world["everyone"] and not values and managed and persons <= theirs and bool(groups or persons)


class Made:
    """The same world, written as rows."""

    def __init__(self, world: dict[str, Any]) -> None:
        owner = people.NewPerson(email="o@here.test", name="O", password="-")
        self.owner = people.found(name="Here", owner=owner, now=NOON - DAY)
        workspace = {"workspace_id": self.owner.workspace_id}
        self.groups = [
            models.Group.objects.create(name=f"G{n}", compared=f"g{n}", created_at=NOON - DAY, **workspace).pk
            for n in range(len(world["parents"]))
        ]
        for child, parent in enumerate(world["parents"]):
            if parent is not None:
                models.Placement.objects.create(
                    group_id=self.groups[child], parent_id=self.groups[parent], started_at=NOON - DAY
                )
        self.persons = [
            models.Person.objects.create(
                email=f"p{n}@here.test", name=f"P{n}", location=where, title=title, password="!", invited_at=NOON - DAY,
                joined_at=NOON - DAY if world["active"][n] else None, **workspace,
            ).pk
            for n, (where, title) in enumerate(world["people"])
        ]  # fmt: skip
        self.manager = models.Person.objects.create(
            email="m@here.test", name="M", password="!", invited_at=NOON - DAY, joined_at=NOON - DAY, **workspace
        ).pk
        inside = [(self.persons[who], self.groups[group], "member") for who, group in world["inside"]]
        inside += [(self.manager, self.groups[group], "manager") for group in world["manages"]]
        for who, group, role in inside:
            models.Membership.objects.create(person_id=who, group_id=group, role=role, started_at=NOON - DAY)

    def part(self, given: tuple[set[int], set[int], set[tuple[str, str]]]) -> dict[str, Any]:
        return {
            "group_ids": tuple(self.groups[n] for n in given[0]),
            "person_ids": tuple(self.persons[n] for n in given[1]),
            "attributes": tuple(porto(*pair) for pair in given[2]),
        }


@pytest.mark.django_db
@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(worlds())
def test_it_is_who_the_oracle_says_for_all_and_for_each(world: dict[str, Any]) -> None:
    oracle = Oracle(world)
    with transaction.atomic():
        made = Made(world)
        audience = people.Audience(
            everyone=world["everyone"],
            **made.part(world["chosen"]),
            except_=people.Except(**made.part(world["excepted"])),
        )
        resolved = people.resolve(workspace_id=made.owner.workspace_id, audience=audience, at=NOON)
        each = [pk for pk in made.persons if people.is_meant(person_id=pk, audience=audience, at=NOON)]
        zones = people.audience_zones(workspace_id=made.owner.workspace_id, audience=audience, at=NOON)
        try:
            people.check_audience(by=made.manager, audience=audience, at=NOON)
            may = True
        except (people.AudienceNotYours, errors.Invalid):
            may = False
        transaction.set_rollback(True)

    expected = [made.persons[person] for person in sorted(oracle.meant())]
    assert [pk for pk in resolved if pk in made.persons] == expected == each
    assert sum(zone.people for zone in zones) == len(resolved) == len(set(resolved))
    assert may == oracle.manager_may()
    if may:  # never further than their groups
        theirs = {made.persons[who] for who, group in world["inside"] if oracle.above(group) & world["manages"]}
        assert set(resolved) <= theirs | {made.manager}


# -- by example --------------------------------------------------------------------------------------------------------


def test_values_add_up_and_exceptions_win(
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    joao: people.Person,
    operations: people.Group,
    now: datetime,
) -> None:
    place(olga, joao, now, location="Porto")
    place(olga, maya, now, location="Gdańsk", title="Cook")
    chosen = (porto(), porto("title", "cook"))

    assert meant(olga, people.Audience(attributes=chosen), now) == sorted([maya.id, joao.id])
    without = people.Except(attributes=(porto("location", "GDAŃSK"),))
    assert meant(olga, people.Audience(person_ids=(maya.id,), attributes=chosen, except_=without), now) == [joao.id]
    company = people.Except(group_ids=(operations.id,))
    assert meant(olga, people.Audience(everyone=True, except_=company), now) == [olga.id]


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"except_": people.Except(attributes=(porto(),))}, "Choose at least one"),
        ({"attributes": (porto("shoe"),)}, "Use one of"),
        ({"attributes": (porto("timezone", "Mars/Base"),)}, "Unknown time zone"),
        ({"attributes": (porto("location", " "),)}, "cannot be empty"),
        ({"everyone": True, "except_": people.Except(group_ids=(99_999,))}, "There is no group 99999"),
        ({"everyone": True, "except_": people.Except(person_ids=tuple(range(1, 502)))}, "At most 500"),
    ],
)
def test_what_cannot_be_an_audience_is_refused(
    olga: people.Person, now: datetime, chosen: dict[str, Any], why: str
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        people.check_audience(by=olga.id, audience=people.Audience(**chosen), at=now)

    assert why in refused.value.fields["audience"][0]


def test_a_closed_group_or_a_foreign_person_is_no_exception(
    olga: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:
    people.close_group(by=olga.id, group_id=operations.id, now=now)
    for left_out, why in (
        (people.Except(group_ids=(operations.id,)), "Operations is closed"),
        (people.Except(person_ids=(charlie.id,)), f"There is no person {charlie.id}"),
    ):
        with pytest.raises(errors.Invalid) as refused:
            people.check_audience(by=olga.id, audience=people.Audience(everyone=True, except_=left_out), at=now)
        assert why in refused.value.fields["audience"][0]


def test_a_manager_may_name_people_of_their_groups_and_except_whom_they_like(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    sales = people.create_group(by=olga.id, name="Sales", now=now)
    left_out = people.Except(group_ids=(sales.id,), attributes=(porto(),))
    people.check_audience(by=ines.id, audience=people.Audience(person_ids=(maya.id,), except_=left_out), at=now)

    for audience in (people.Audience(person_ids=(olga.id,)), people.Audience(attributes=(porto(),))):
        with pytest.raises(people.AudienceNotYours):
            people.check_audience(by=ines.id, audience=audience, at=now)


def test_one_person_is_looked_up_without_the_others(
    olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(
        group_ids=(operations.id,), attributes=(porto(),), except_=people.Except(attributes=(porto("title", "Cook"),))
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert people.is_meant(person_id=maya.id, audience=audience, at=now)

    assert len(asked) <= 6
    assert all(f"= {maya.id}" in one["sql"] for one in asked if '"people_person"' in one["sql"])


# -- in words ----------------------------------------------------------------------------------------------------------


def test_it_is_told_in_words_to_readers_without_exceptions(
    olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    audiences = [
        people.Audience(),
        people.Audience(everyone=True, except_=people.Except(group_ids=(operations.id,), person_ids=(maya.id,))),
        people.Audience(
            group_ids=(operations.id,), person_ids=(maya.id, joao.id),
            attributes=(porto("locale", "de"), porto("timezone", "America/New_York"), porto()),
        ),
    ]  # fmt: skip
    say = people.audiences_in_words

    assert say(workspace_id=olga.workspace_id, audiences=audiences, whole=True) == [
        "",
        "Everyone except Operations; 1 person",
        "Operations; Porto, New York time, Deutsch; 2 people",
    ]
    assert say(workspace_id=olga.workspace_id, audiences=audiences, whole=False)[1] == "Everyone"
    assert say(workspace_id=olga.workspace_id + 1, audiences=audiences, whole=True)[1] == "Everyone except 1 person"


# -- what to choose from -----------------------------------------------------------------------------------------------


@pytest.fixture
def company(
    olga: people.Person, joao: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    place(olga, joao, now, location="Porto", title="Operator")
    place(olga, maya, now, location="porto")
    people.create_group(by=olga.id, name="Port operations", kind="project", parent_id=operations.id, now=now)
    people.create_group(by=olga.id, name="Sales", now=now)


def labels(person: people.Person, search: str, now: datetime, **more: Any) -> list[tuple[str, str, int]]:
    found = people.audience_options(by=person.id, search=search, now=now, **more)
    return [(one.type, one.label, one.people) for one in found]


@pytest.mark.usefixtures("company")
def test_options_are_ranked_and_counted(olga: people.Person, now: datetime) -> None:
    assert labels(olga, "PORTO", now) == [("attribute", "Porto", 2)]
    assert labels(olga, "oper", now) == [
        ("group", "Operations", 3), ("attribute", "Operator", 1), ("group", "Port operations", 0),
    ]  # fmt: skip
    assert labels(olga, "joao@", now) == [("person", "Joao Matias", 1)]
    assert labels(olga, "", now)[0] == ("everyone", "Everyone", 4)
    assert "person" not in {one for one, _label, _many in labels(olga, "", now)}
    assert len(labels(olga, "", now, limit=2)) == 2
    [nested] = people.audience_options(by=olga.id, search="Port op", now=now)
    assert (nested.detail, nested.kind) == ("Operations", "project")


@pytest.mark.usefixtures("company")
def test_a_manager_is_offered_what_they_may_address_and_may_leave_out_more(
    olga: people.Person, ines: people.Person, now: datetime
) -> None:
    assert [label for _type, label, _many in labels(ines, "", now)] == ["Operations", "Port operations"]
    assert labels(ines, "olga", now) == []
    assert labels(ines, "sales", now, excepting=True) == [("group", "Sales", 0)]
    assert labels(ines, "porto", now, excepting=True) == [("attribute", "Porto", 2)]
    assert "everyone" not in {one for one, _label, _many in labels(olga, "", now, excepting=True)}


def test_who_may_address_nobody_is_offered_nothing(maya: people.Person, charlie: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Forbidden):
        people.audience_options(by=maya.id, now=now)
    assert [one.label for one in people.audience_options(by=charlie.id, search="o", now=now)][:1] != ["Maya Lindqvist"]


# -- who that is -------------------------------------------------------------------------------------------------------


def test_the_list_has_everybody_once_by_name_in_parts(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(everyone=True, person_ids=(maya.id,), except_=people.Except(person_ids=(ines.id,)))

    def names(**more: Any) -> list[str]:
        found = people.audience_people(by=olga.id, audience=audience, now=now, **more)
        return [one.person.name for one in found]

    assert names() == ["Joao Matias", "Maya Lindqvist", "Olga Berg"]
    assert names(after=("Maya Lindqvist", maya.id)) == ["Olga Berg"]
    assert names(limit=1, search="may") == ["Maya Lindqvist"]
    with pytest.raises(people.AudienceNotYours):
        people.audience_people(by=ines.id, audience=audience, now=now)


def test_the_list_leaves_as_csv_and_that_is_noted(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    join(olga, "=Evil Formula", "UTC", now)
    audience = people.Audience(everyone=True, except_=people.Except(group_ids=(operations.id,)))

    lines = list(people.export_audience(by=olga.id, audience=audience, now=now))

    assert lines[0] == "\ufeffName,Email,Title,Location,Time zone,Groups\r\n"
    assert [line.split(",")[0] for line in lines[1:]] == ["'=Evil Formula", "Olga Berg"]
    with pytest.raises(people.AudienceNotYours):
        people.export_audience(by=ines.id, audience=audience, now=now)
