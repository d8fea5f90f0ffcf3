"""Many at once, by paste or table: an answer for each line, and nothing half done."""

from __future__ import annotations

from datetime import datetime

import pytest

from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people


def read(by: people.Person, source: str, **defaults: object) -> list[tuple[str, str]]:
    found = joining.read(by=by.id, source=source, defaults=joining.Defaults(**defaults))  # type: ignore[arg-type]
    return [(entry.who.name, entry.who.email) for entry in found]


def ask(by: people.Person, source: str, now: datetime, **defaults: object) -> list[joining.Line]:
    entries = joining.read(by=by.id, source=source, defaults=joining.Defaults(**defaults))  # type: ignore[arg-type]
    return joining.invite_many(by=by.id, entries=entries, now=now)


def test_a_paste_names_people_in_every_usual_way(olga: people.Person) -> None:
    source = 'Nadia Okafor <nadia@partner.test>, lee.van-dam@partner.test; "Cruz, Rafael" <rafael@partner.test>\n\nKim Ito kim@partner.test\n'

    assert read(olga, source) == [
        ("Nadia Okafor", "nadia@partner.test"),
        ("Lee Van Dam", "lee.van-dam@partner.test"),
        ("Cruz, Rafael", "rafael@partner.test"),
        ("Kim Ito", "kim@partner.test"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Nadia Okafor, nadia@partner.test",
        "Nadia Okafor\tnadia@partner.test",
        "Nadia\tOkafor\tnadia@partner.test",
        "nadia@partner.test\tNadia Okafor",
        "Okafor, Nadia <nadia@partner.test>",
        "Okafor, Nadia <nadia@partner.test>;",
    ],
)
def test_cells_beside_an_address_are_its_name(olga: people.Person, line: str) -> None:
    assert read(olga, f"{line}\nlee@partner.test") == [
        ("Nadia Okafor", "nadia@partner.test"),
        ("Lee", "lee@partner.test"),
    ]


def test_words_between_several_addresses_are_nobodys_name(olga: people.Person) -> None:
    read_as = read(olga, "nadia@partner.test, Kim, lee@partner.test")

    assert [address for _name, address in read_as] == ["nadia@partner.test", "Kim", "lee@partner.test"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_by_its_heading(olga: people.Person, operations: people.Group, separator: str) -> None:
    lines = [
        ["\ufeffEmail", "Name", "Title", "Groups", "Role"],
        ["nadia@partner.test", "Nadia Okafor", "Clerk", '"operations"', "Admin"],
    ]
    source = "\r\n".join(separator.join(line) for line in lines)

    (entry,) = joining.read(by=olga.id, source=source, defaults=joining.Defaults())

    assert entry == joining.Entry(
        2, people.Invitee("nadia@partner.test", "Nadia Okafor", "Clerk", "admin", (operations.id,))
    )


def test_every_line_gets_its_answer(
    olga: people.Person, maya: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:
    ask(olga, "old@partner.test", now)
    source = f"""email,name,groups,role
nadia@partner.test,Nadia Okafor,Operations,member
MAYA@northwind.test,Maya,,
old@partner.test,Old,,
not an address,Nobody,,
lee@partner.test,Lee,Finance,
kim@partner.test,Kim,,boss
nadia@partner.test,Nadia again,,
{charlie.email},Charlie,,
"""

    answers = ask(olga, source, now)

    assert [(one.line, one.answer) for one in answers] == [
        (2, "invited"), (3, "here"), (4, "invited_before"), (5, "problem"), (6, "problem"), (7, "problem"),
        (8, "invited_before"), (9, "invited"),
    ]  # fmt: skip
    assert "maya@example.com" in answers[3].problem
    assert "Finance" in answers[4].problem
    assert "member, admin, owner" in answers[5].problem
    waiting = {one.email for one in joining.invitations(by=olga.id, state="waiting", now=now)}
    assert waiting == {"nadia@partner.test", "old@partner.test", charlie.email}
    assert set(people.get_by_email(emails=["lee@partner.test", "kim@partner.test"])) == set()


def test_a_line_asks_nobody_into_what_is_not_the_managers(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    source = "email,role,groups\na@partner.test,admin,Operations\nb@partner.test,,\nc@partner.test,,Operations"

    assert [one.answer for one in ask(ines, source, now)] == ["problem", "problem", "invited"]


def test_a_quote_left_open_is_told_with_its_line_and_nobody_is_asked(olga: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        ask(olga, 'email,name\na@partner.test,Al\nb@partner.test,"Bo\nc@partner.test,Cy', now)

    assert "quote" in str(refusal.value)
    assert joining.invitations(by=olga.id, now=now) == []


@pytest.mark.parametrize("sign", ["(", "<", "\\", "x@y.test<"])
def test_what_no_address_can_be_is_a_problem_however_long_it_is(olga: people.Person, sign: str, now: datetime) -> None:
    (line,) = ask(olga, sign * 20_000, now)

    assert (line.answer, len(line.email) <= 400) == ("problem", True)


def test_an_unknown_column_is_told(olga: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Invalid, match="shoe size"):
        ask(olga, "email,shoe size\na@partner.test,43", now)


def test_five_hundred_at_once_and_no_more(olga: people.Person, now: datetime) -> None:
    many = [f"person{n}@partner.test" for n in range(501)]

    with pytest.raises(errors.Invalid, match="import"):
        ask(olga, "\n".join(many), now)
    assert joining.invitations(by=olga.id, now=now) == []
    assert {one.answer for one in ask(olga, "\n".join(many[:500]), now)} == {"invited"}


def test_nobody_at_all_is_told(olga: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Invalid):
        ask(olga, " \n , ; \n", now)
