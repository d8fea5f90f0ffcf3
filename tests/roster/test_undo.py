"""Undoing an import: who was added goes, who came in stays, and nothing is taken back from under somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from announcements.joining import services as joining
from announcements.people import services as people
from announcements.roster import services as roster
from tests.joining.conftest import nadia
from tests.roster.conftest import everybody, worked

Bring = Callable[..., roster.Import]


def imported(bring: Bring, by: people.Person, content: str, now: datetime) -> roster.Import:
    """Return an import of a list that is done."""
    one = bring(content, by=by)
    roster.start(by=by.id, import_id=one.id, now=now)
    worked(one.id, now)
    return one


def undone(by: people.Person, import_id: int, now: datetime) -> dict[int, str]:
    """Undo an import; return why what stays does, by row."""
    roster.undo(by=by.id, import_id=import_id, now=now)
    worked(import_id, now)
    return {row.number: row.fault for row in roster.rows(by=by.id, import_id=import_id) if row.fault}


def test_whom_it_added_is_gone_and_their_address_free(
    bring: Bring, olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    address = "nadia@partner.test"
    one = imported(bring, olga, f"name,email\nNadia O,{address}\n", now)
    there = joining.invite(by=charlie.id, who=nadia(email=address), now=now)

    assert undone(olga, one.id, now) == {}

    assert set(everybody(olga, now)) == {"Olga Berg"}
    assert people.get_by_email(emails=[address])[address].id == there.person_id


def test_whom_an_owner_deactivated_since_stays_deactivated(bring: Bring, olga: people.Person, now: datetime) -> None:
    one = imported(bring, olga, "name,email\nBen K,ben@northwind.test\n", now)
    people.deactivate(by=olga.id, person_id=everybody(olga, now)["Ben K"].id, now=now)

    assert undone(olga, one.id, now) == {2: "changed"}
    assert everybody(olga, now)["Ben K"].state == "deactivated"


def test_whom_a_colleague_removed_since_is_no_obstacle(bring: Bring, olga: people.Person, now: datetime) -> None:
    one = imported(bring, olga, "name,email\nBen K,ben@northwind.test\n", now)
    people.uninvite(person_id=everybody(olga, now)["Ben K"].id, now=now)

    assert undone(olga, one.id, now) == {}


def test_an_owner_takes_back_that_it_made_owners(
    bring: Bring, olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    one = imported(
        bring, olga, "name,email,role\nMaya L,maya@northwind.test,owner\nJ M,joao@northwind.test,owner\n", now
    )
    assert {person.role for person in everybody(olga, now).values()} == {"owner"}

    assert undone(olga, one.id, now) == {}
    assert [person.name for person in everybody(olga, now).values() if person.role == "owner"] == ["Olga Berg"]


def test_nobody_unmakes_themselves_and_so_the_last_owner_stays(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    one = imported(bring, olga, "name,email,role\nMaya Lindqvist,maya@northwind.test,owner\n", now)
    people.deactivate(by=maya.id, person_id=olga.id, now=now)

    assert undone(maya, one.id, now) == {2: "changed"}
    assert people.person(person_id=maya.id).role == "owner"


def test_an_admin_unmakes_no_owner(
    bring: Bring, olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=joao.id, role="admin", now=now)
    one = imported(bring, olga, "name,email,role\nMaya Lindqvist,maya@northwind.test,owner\n", now)

    assert undone(joao, one.id, now) == {2: "changed"}
    assert people.person(person_id=maya.id).role == "owner"


def test_who_comes_back_gets_the_address_that_is_free_by_now(
    bring: Bring, olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    there = joining.invite(by=charlie.id, who=nadia(), now=now)
    here = joining.invite(by=olga.id, who=nadia(), now=now)
    people.deactivate(by=olga.id, person_id=here.person_id, now=now)
    joining.revoke(by=charlie.id, invitation_id=there.id, now=now)
    assert people.get_by_email(emails=[there.email]) == {}
    one = bring(f"name,email\nNadia Okafor,{there.email}\n")
    roster.decide(by=olga.id, import_id=one.id, decision=roster.Decision("deactivated", "use"), now=now)
    worked(one.id, now)

    roster.start(by=olga.id, import_id=one.id, now=now + timedelta(hours=1))
    worked(one.id, now + timedelta(hours=1))

    assert people.get_by_email(emails=[there.email])[there.email].id == here.person_id
