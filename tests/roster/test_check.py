"""What a file would do, before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import services as roster
from tests.roster.conftest import everybody, worked

Bring = Callable[..., roster.Import]


def kinds(olga: people.Person, one: roster.Import) -> list[tuple[int, str]]:
    return [(row.number, row.kind) for row in roster.rows(by=olga.id, import_id=one.id) if row.kind != "missing"]


def row(olga: people.Person, one: roster.Import, number: int) -> roster.Row:
    return next(row for row in roster.rows(by=olga.id, import_id=one.id) if row.number == number)


def decide(by: people.Person, one: roster.Import, now: datetime, *about: Any) -> roster.Import:
    roster.decide(by=by.id, import_id=one.id, decision=roster.Decision(*about), now=now)
    worked(one.id, now)
    return roster.get(by=by.id, import_id=one.id)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_is_read_in_its_encoding_and_with_its_separator(
    bring: Bring, olga: people.Person, encoding: str, separator: str
) -> None:
    lines = ["Vorname,Nachname,E-Mail,Standort", '"Jürgen","Müßig",juergen@northwind.test,"Köln"']

    one = bring("\r\n".join(line.replace(",", separator) for line in lines).encode(encoding))

    assert one.columns == ("first_name", "last_name", "email", "location")
    assert row(olga, one, 2).values["name"] == "Jürgen Müßig"
    assert row(olga, one, 2).values["location"] == "Köln"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'name,email\nMaya,maya@northwind.test\n"Ben" K,ben@northwind.test\n', "Line 3"),
        (b'name,email\nMaya,"maya@northwind.test\nBen,ben@northwind.test\n', "Line 2"),
        (b'name,email\nMaya,"maya@x.test\n' + b"Ben,ben@northwind.test\n" * 200 + b'Eve,"e@x.test"\n', "Line 2"),
        (b"name,email\nMaya,maya@northwind.test,x,y\n", "Line 2 has 4 cells"),
        (b"name,email\n", "no rows"),
        (b"name,email\n" + b"a,a@b.test\n" * 60_001, "more than 60000 rows"),
    ],
)
def test_a_file_that_breaks_says_where(bring: Bring, content: bytes, said: str) -> None:
    one = bring(content)

    assert one.stage == "unreadable"
    assert said in one.fault


@pytest.mark.parametrize(("content", "said"), [(b"PK\x03\x04rest", "CSV UTF-8"), (b" \n", "is empty")])
def test_what_is_no_list_is_refused_at_once(olga: people.Person, now: datetime, content: bytes, said: str) -> None:
    with pytest.raises(roster.Unreadable, match=said):
        roster.upload(by=olga.id, file_name="x.xlsx", content=content, now=now)


def test_every_row_says_what_it_would_do(
    bring: Bring, olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    before = everybody(olga, now)
    one = bring(
        "Full name,E-mail,Job title,Team\nMaya Lindqvist,MAYA@northwind.test,,operations\nJoao M.,joao@northwind.test,Driver,\n"
        "Ben Kowalczyk,ben@northwind.test,Cook,Operations\n"
    )

    assert kinds(olga, one) == [(2, "unchanged"), (3, "updated"), (4, "new")]
    assert row(olga, one, 3).changes == {"name": ("Joao Matias", "Joao M."), "title": ("", "Driver")}
    assert row(olga, one, 4).groups == ("Operations",)
    assert (one.counts["missing"], one.stage) == (1, "checked")
    assert everybody(olga, now) == before


def test_an_unknown_time_zone_proposes_what_most_there_have(
    bring: Bring, olga: people.Person, joao: people.Person, maya: people.Person, now: datetime
) -> None:
    for person in (joao, maya):
        people.update_person(
            by=olga.id, person_id=person.id, changes=people.PersonChanges(location="Chicago", timezone="America/Chicago"), now=now
        )  # fmt: skip
    one = bring("name,email,office,tz\nBen K,ben@northwind.test,CHICAGO,CST6\nEve K,eve@northwind.test,,CST6\n")

    assert row(olga, one, 2).problems == (roster.Problem("timezone", "CST6", "America/Chicago", 2),)
    one = decide(olga, one, now, "timezone", "use", "", 2)
    assert (row(olga, one, 2).kind, row(olga, one, 2).values["timezone"]) == ("new", "America/Chicago")
    assert row(olga, one, 3).kind == "problem"
    with pytest.raises(errors.Invalid):
        decide(olga, one, now, "timezone", "choose", "Mars/Base", 3)
    one = decide(olga, one, now, "timezone", "choose", "Asia/Manila", 3)
    assert row(olga, one, 3).values["timezone"] == "Asia/Manila"
    one = decide(olga, one, now, "timezone", "skip", "", 3)
    assert row(olga, one, 3).kind == "skipped"


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("mailto:ben@northwind.test", "ben@northwind.test"),
        ("<Ben@Northwind.test>;", "ben@northwind.test"),
        ("ben (at) northwind,test", "ben@northwind.test"),
        ("ben@northwind.con", "ben@northwind.com"),
        ("bеn@northwind.test", "ben@northwind.test"),  # a Cyrillic е
        ("ben", None),
    ],
)
def test_a_mistyped_address_proposes_what_was_meant(bring: Bring, olga: people.Person, cell: str, meant: str) -> None:
    one = bring(f'name,email\nBen K,"{cell}"\n')

    assert [(said.kind, said.proposal) for said in row(olga, one, 2).problems] == [("address", meant)]


def test_two_spellings_of_one_address_are_one_person(bring: Bring, olga: people.Person, now: datetime) -> None:
    one = bring("name,email\nBen K,ben@northwind.test\nBenjamin K,ＢＥＮ@northwind.test\nEve,eve@northwind.test\n")

    assert kinds(olga, one) == [(2, "problem"), (3, "problem"), (4, "new")]
    assert [(one.kind, one.rows, one.proposed) for one in one.problems] == [("twice", 2, 2)]
    one = decide(olga, one, now, "twice", "use")
    assert kinds(olga, one) == [(2, "skipped"), (3, "new"), (4, "new")]


def test_a_name_that_is_too_long_is_one_problem_with_one_fix(bring: Bring, olga: people.Person, now: datetime) -> None:
    one = bring(f"name,email\n{'n' * 81},long@northwind.test\n")
    assert [problem.kind for problem in row(olga, one, 2).problems] == ["long"]

    decide(olga, one, now, "long", "use")

    assert (row(olga, one, 2).kind, row(olga, one, 2).values["name"]) == ("new", "n" * 80)


def test_groups_that_are_unknown_or_filled_by_a_rule_wait_for_a_decision(
    bring: Bring, olga: people.Person, now: datetime
) -> None:
    rule = people.Rule((people.Condition("location", "is", "Porto"),))
    people.create_group(by=olga.id, name="Porto", about=people.About(rule=rule), now=now)
    one = bring("name,email,groups\nBen K,ben@northwind.test,Customs | porto\n")

    assert [said.kind for said in row(olga, one, 2).problems] == ["group", "ruled"]
    decide(olga, one, now, "ruled", "use")
    one = decide(olga, one, now, "group", "use")
    assert (row(olga, one, 2).kind, row(olga, one, 2).groups) == ("new", ("Customs",))


def test_roles_that_the_one_who_imports_may_not_give_wait_for_a_decision(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    content = "name,email,role\nOlga Berg,olga@northwind.test,member\nBen K,ben@northwind.test,owner\nMaya Lindqvist,maya@northwind.test,member\nEve,eve@northwind.test,Admin\n"

    one = bring(content, by=maya)
    assert [kind for _number, kind in kinds(olga, one)] == ["problem", "problem", "problem", "new"]
    one = decide(maya, one, now, "role", "use")
    assert [kind for _number, kind in kinds(olga, one)] == ["unchanged", "new", "unchanged", "new"]
    assert kinds(olga, bring(content))[1] == (3, "new")


def test_columns_once_chosen_are_remembered(bring: Bring, olga: people.Person, now: datetime) -> None:
    content = b"Wer,Wohin\nBen K,ben@northwind.test\n"
    one = roster.upload(by=olga.id, file_name="x.csv", content=content, now=now)
    worked(one.id, now)
    assert roster.get(by=olga.id, import_id=one.id).columns == ("", "")
    for columns in (["name", ""], ["", "email"], ["email", "email"], ["name"], ["name", "shoe"]):
        with pytest.raises(errors.Invalid):
            roster.match(by=olga.id, import_id=one.id, columns=columns, now=now)
    roster.match(by=olga.id, import_id=one.id, columns=["name", "email"], now=now)

    assert bring(content).columns == ("name", "email")


def test_members_and_strangers_see_nothing(
    bring: Bring, maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    one = bring("name,email\nBen K,ben@northwind.test\n")

    with pytest.raises(errors.Forbidden):
        roster.get(by=maya.id, import_id=one.id)
    with pytest.raises(errors.Forbidden):
        roster.upload(by=maya.id, file_name="x", content=b"name,email\na,b\n", now=now)
    with pytest.raises(errors.NotFound):
        roster.rows(by=charlie.id, import_id=one.id)
