"""What an import leaves in the trail: each change under its person's name, and that it was an import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.audit import services as audit
from announcements.people import services as people
from announcements.roster import services as roster
from tests.roster.conftest import worked

Bring = Callable[..., roster.Import]
Told = list[tuple[str, str, Mapping[str, Any]]]


def told(olga: people.Person, person_id: int, through: str) -> Told:
    """Return what the trail says of somebody that came through this, the oldest first."""
    found = audit.entries(by=olga.id, asked=audit.Asked(person_id=person_id))
    return [
        (one.by_name, one.verb, {name: said for name, said in one.details.items() if name != "through"})
        for one in reversed(found)
        if one.details.get("through") == through
    ]


def begun(person: people.Person, since: datetime, until: datetime | None = None) -> Mapping[str, Any]:
    ended = until.isoformat() if until else None
    return {"person_id": person.id, "role": "member", "started_at": since.isoformat(), "ended_at": ended}


@pytest.fixture
def imported(
    bring: Bring, olga: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> roster.Import:
    """Return an import that is done: Maya is an admin with a title, in Customs; Ben is new there; Joao was missing."""
    people.create_group(by=olga.id, name="Customs", kind="function", now=now)
    one = bring(
        "name,email,title,role,team\nMaya L,maya@northwind.test,Planner,admin,Customs\n"
        "Ines Carvalho,ines@northwind.test,,,\nBen K,ben@northwind.test,Cook,,Customs\n"
    )
    roster.start(by=olga.id, import_id=one.id, deactivate_missing=True, now=now)
    worked(one.id, now)
    return one


def test_each_change_of_an_import_stands_under_its_persons_name(
    olga: people.Person, maya: people.Person, joao: people.Person, imported: roster.Import, now: datetime
) -> None:
    through = f"import:{imported.id}"
    ben = people.get_by_email(emails=["ben@northwind.test"])["ben@northwind.test"]

    assert told(olga, maya.id, through) == [
        ("Olga Berg", "role_changed", {"from": "member", "to": "admin"}),
        ("Olga Berg", "person_changed", {"fields": ["name", "title"]}),
        ("Olga Berg", "membership_started", begun(maya, now)),
    ]
    assert told(olga, ben.id, through) == [
        ("Olga Berg", "person_added", {"email": "ben@northwind.test", "role": "member"}),
        ("Olga Berg", "membership_started", begun(ben, now)),
    ]
    assert told(olga, joao.id, through) == [("Olga Berg", "deactivated", {})]


def test_so_does_each_change_of_undoing_it(
    olga: people.Person, maya: people.Person, joao: people.Person, imported: roster.Import, now: datetime
) -> None:
    ben = people.get_by_email(emails=["ben@northwind.test"])["ben@northwind.test"]
    later, through = now + timedelta(hours=1), f"import_undone:{imported.id}"
    roster.undo(by=olga.id, import_id=imported.id, now=later)
    worked(imported.id, later)

    assert told(olga, maya.id, through) == [
        ("Olga Berg", "role_changed", {"from": "admin", "to": "member"}),
        ("Olga Berg", "person_changed", {"fields": ["name", "title"]}),
        ("Olga Berg", "membership_ended", begun(maya, now, later)),
    ]
    assert told(olga, joao.id, through) == [("Olga Berg", "reactivated", {})]
    assert told(olga, ben.id, through) == [
        ("Olga Berg", "person_removed", {"name": "Ben K", "email": "ben@northwind.test"})
    ]


def test_who_is_asked_in_by_an_import_stands_there_too(bring: Bring, olga: people.Person, now: datetime) -> None:
    one = bring("name,email\nBen K,ben@northwind.test\n")
    roster.start(by=olga.id, import_id=one.id, invite_new=True, now=now)
    worked(one.id, now)

    ben = people.get_by_email(emails=["ben@northwind.test"])["ben@northwind.test"]
    assert [verb for _by, verb, _said in told(olga, ben.id, f"import:{one.id}")] == ["person_added", "invited"]


def test_an_import_and_its_undoing_ask_the_database_no_oftener_for_more_people(
    bring: Bring, olga: people.Person, operations: people.Group, now: datetime
) -> None:
    asked = {many: _queries(bring, olga, many, now) for many in (3, 20)}

    assert asked[3] == asked[20]


def _queries(bring: Bring, olga: people.Person, many: int, now: datetime) -> tuple[int, int]:
    rows = "".join(f"Person {n},p{n}-{many}@northwind.test,Operations,admin\n" for n in range(many))
    one = bring("name,email,team,role\n" + rows)
    roster.start(by=olga.id, import_id=one.id, now=now)
    with CaptureQueriesContext(connection) as forth:
        worked(one.id, now)
    roster.undo(by=olga.id, import_id=one.id, now=now)
    with CaptureQueriesContext(connection) as back:
        worked(one.id, now)
    return len(forth), len(back)
