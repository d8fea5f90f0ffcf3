"""Who may what: every address of the product, asked by everybody, about their own things and another company's.

The answers stand in tests/security/matrix/, one line for each operation of the API and for each page. A new address, or a
new method of an operation, fails until it has its line; so does a line whose address is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from announcements.people import services as people
from tests.security.matrix import accounts, announcements, company, keys, operators, pages
from tests.security.matrix import people as people_
from tests.security.matrix.addresses import API, METHODS, addresses, methods, operations
from tests.security.matrix.asking import ask
from tests.security.matrix.rows import CALLERS, Row, read
from tests.security.matrix.world import World, built

URLS = "tests.security.matrix.urls"
ROWS = [
    *(row for area in (keys, people_, company, announcements) for row in read(area.TABLE, API)),
    *(row for area in (pages, accounts, operators) for row in read(area.TABLE)),
]
# A path that names something of one company. Its other names are keys of links, which are for whoever has them.
OBJECT = re.compile(r"{(?!object_id)(?:\w+_id|digest|pk)\b")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return both companies, built once: every question is undone."""
    box: Path = tmp_path_factory.mktemp("mail") / "box"
    told = override_settings(
        ROOT_URLCONF=URLS,
        OPERATORS=["oda@northwind.test"],
        MATRIX_MAIL=str(box),
        ACCOUNT_REAUTHENTICATION_TIMEOUT=86_400,  # all signed in at the beginning, and a slow machine asks for long
    )
    with told, django_db_blocker.unblock(), transaction.atomic():
        yield built()
        transaction.set_rollback(True)


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    asked, lines = operations(URLS), {row.operation for row in ROWS}

    assert {"without a line": asked - lines, "without an address": lines - asked} == {
        "without a line": set(),
        "without an address": set(),
    }


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_the_answer_of_the_line(row: Row, db: None, world: World, settings: Any) -> None:
    if row.path.startswith("mail/"):
        settings.MAIL_CATCHER = settings.MATRIX_MAIL  # served only while it is set

    asked = {**_by_session(row, world), **_of_another_company(row, world), **_by_key(row, world)}

    assert {who: said for who, (said, _) in asked.items()} == {who: wanted for who, (_, wanted) in asked.items()}


Answers = dict[str, tuple[str, str]]


def _by_session(row: Row, world: World) -> Answers:
    """Ask as each caller; whoever was deactivated is nobody, and an operator is known on the admin pages alone."""
    answers = {who: (_status(row, world, session=who), row.answers[who]) for who in CALLERS}
    answers["deactivated"] = (_status(row, world, session="gone"), row.answers["nobody"])
    if row.path.startswith("admin/"):
        answers["operator"] = (_status(row, world, session="operator"), row.scope)
    return answers


def _of_another_company(row: Row, world: World) -> Answers:
    """Ask for the same thing of another company: whoever is signed in finds nothing, whatever they may do at home."""
    if row.path.startswith("admin/") or not OBJECT.search(row.path.partition("?")[0]):
        return {}
    who = ("member", "manager", "admin", "owner")
    return {f"{one}, abroad": (ask(row, world.foreign, session=world.sessions[one])[0], "404") for one in who}


def _by_key(row: Row, world: World) -> Answers:
    """Ask with tokens: of each scope, of a member, and of who was deactivated."""
    gone = _status(row, world, key="gone")
    nobodys = row.answers["nobody"]
    if not row.path.startswith(API):
        return {who: (_status(row, world, key=who), nobodys) for who in ("owner", "gone")}
    scopes = people.SCOPES if row.scope != "public" else {"feed:read"}  # any key is as good as none
    answers = {scope: (_status(row, world, key=scope), _opened(row, "owner", {scope})) for scope in scopes}
    answers["member's key"] = (_status(row, world, key="member"), _opened(row, "member", people.SCOPES))
    answers["deactivated's key"] = (gone, nobodys if gone == nobodys and row.scope == "public" else "401")
    return answers


def _opened(row: Row, who: str, scopes: set[str] | frozenset[str]) -> str:
    return row.answers[who] if row.scope == "public" or row.scope in scopes else "scope"


def _status(row: Row, world: World, *, session: str = "", key: str = "") -> str:
    status, said = ask(row, world.own, session=world.sessions.get(session, ""), key=world.keys.get(key, ""))
    return "scope" if status == "403" and '"scope_missing"' in said else status


def test_a_method_that_an_address_does_not_take_is_no_question_of_scopes(db: None, world: World) -> None:
    taken = {path: methods(path, view) for path, view in addresses(URLS) if path.startswith(API)}
    rows = {row.operation.partition(" ")[2]: row for row in ROWS if row.path.startswith(API)}
    wrong = {}
    for path in taken.keys() & rows.keys():
        for method in {name.upper() for name in METHODS} - taken[path]:
            row = Row(method, rows[path].path, {}, "")
            answers = {_status(row, world, session="owner"), _status(row, world, key="feed:read")}
            if answers != {"405"}:
                wrong[f"{method} {path}"] = answers

    assert wrong == {}
