"""Asking in whom an import added: once all are in, in the name of who imports, once each; taken back by undoing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import services as roster
from tests.joining.conftest import arrival, key_in, nadia
from tests.roster.conftest import everybody, worked

Bring = Callable[..., roster.Import]
Post = Callable[..., Any]
FORTNIGHT = timedelta(days=14)
LIST = (
    "name,email,title,time zone\nMaya Lindqvist,maya@northwind.test,Planner,\n"
    "Ben K,ben@northwind.test,Cook,Europe/Lisbon\nEve K,eve@northwind.test,,America/Chicago\n"
)


@pytest.fixture
def checked(bring: Bring, maya: people.Person) -> roster.Import:
    """Return an import that is ready: it updates Maya, adds Ben in Lisbon and Eve in Chicago."""
    return bring(LIST)


def invited(by: people.Person, now: datetime) -> dict[str, joining.Invitation]:
    return {one.name: one for one in joining.invitations(by=by.id, now=now)}


def test_who_is_new_is_asked_in_at_work_in_the_importers_name_and_has_a_fortnight(
    olga: people.Person, checked: roster.Import, post: Post, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=checked.id, invite_new=True, now=now)
    worked(checked.id, now)

    (mail,) = post()
    assert mail["To"].addresses[0].addr_spec == "ben@northwind.test"
    assert mail["From"].addresses[0].display_name == "Olga Berg · Northwind"
    morning = datetime.fromisoformat("2026-11-16T09:00-06:00")
    (later,) = post(morning)
    assert later["To"].addresses[0].addr_spec == "eve@northwind.test"
    found = invited(olga, now)
    assert {name: one.expires_at for name, one in found.items()} == {"Ben K": now + FORTNIGHT, "Eve K": morning + FORTNIGHT}  # fmt: skip
    assert (found["Ben K"].invited_by, found["Ben K"].mail) == (olga.id, "submitted")
    joining.accept(token=key_in(mail), arrival=arrival("Ben K"), now=now)
    assert everybody(olga, now)["Ben K"].state == "active"


def test_nobody_is_asked_in_unless_it_was_chosen(
    olga: people.Person, checked: roster.Import, post: Post, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=checked.id, now=now)
    worked(checked.id, now)

    assert (post(), invited(olga, now)) == ([], {})


def test_nobody_is_asked_in_before_all_are_there_and_nobody_twice(
    olga: people.Person, checked: roster.Import, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=checked.id, invite_new=True, now=now)
    for _ in range(3):
        roster.work(import_id=checked.id, most=1, now=now)
    assert ({"Ben K", "Eve K"} <= set(everybody(olga, now)), invited(olga, now)) == (True, {})

    roster.work(import_id=checked.id, most=1, now=now)
    assert list(invited(olga, now)) == ["Ben K"]
    later = now + timedelta(minutes=5)
    assert roster.waiting(now=later) == [checked.id]  # whoever worked on it is gone
    worked(checked.id, later, most=1)

    assert [one.name for one in joining.invitations(by=olga.id, now=now)] == ["Eve K", "Ben K"]
    assert roster.get(by=olga.id, import_id=checked.id).stage == "imported"


def test_who_is_asked_by_a_colleague_meanwhile_or_has_come_is_left_alone(
    olga: people.Person, maya: people.Person, checked: roster.Import, post: Post, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    roster.start(by=olga.id, import_id=checked.id, invite_new=True, now=now)
    roster.work(import_id=checked.id, now=now)
    joining.invite(by=maya.id, who=nadia(email="ben@northwind.test", name="Ben K"), now=now)
    people.accept(person_id=everybody(olga, now)["Eve K"].id, password="a calm long password", now=now)
    worked(checked.id, now)

    assert {name: one.invited_by for name, one in invited(olga, now).items()} == {"Ben K": maya.id}
    assert len(post(now + timedelta(days=1))) == 1


def test_undoing_takes_back_what_was_not_accepted(
    olga: people.Person, checked: roster.Import, post: Post, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=checked.id, invite_new=True, now=now)
    worked(checked.id, now)
    (bens,) = post()
    joining.accept(token=key_in(bens), arrival=arrival("Ben K"), now=now)
    joining.invite(by=olga.id, who=nadia(), now=now)
    roster.undo(by=olga.id, import_id=checked.id, now=now)
    worked(checked.id, now)

    states = {name: one.state for name, one in invited(olga, now).items()}
    assert states == {"Ben K": "accepted", "Eve K": "revoked", "Nadia Okafor": "waiting"}
    assert [mail["To"].addresses[0].addr_spec for mail in post(now + timedelta(days=1))] == ["nadia@partner.test"]
    here = everybody(olga, now)
    assert (here["Ben K"].state, "Eve K" in here) == ("active", False)


def test_an_owner_is_asked_in_by_owners_only(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    one = bring("name,email,role\nBen K,ben@northwind.test,owner\nEve K,eve@northwind.test,member\n")
    roster.start(by=olga.id, import_id=one.id, invite_new=True, now=now)
    roster.work(import_id=one.id, now=now)
    persons = everybody(olga, now)

    joining.invite_people(by=maya.id, person_ids=[persons[name].id for name in ("Ben K", "Eve K", "Olga Berg")], now=now)  # fmt: skip

    assert list(invited(olga, now)) == ["Eve K"]
    worked(one.id, now)
    assert set(invited(olga, now)) == {"Ben K", "Eve K"}
    joining.revoke_people(by=maya.id, person_ids=[persons["Ben K"].id], now=now)
    assert invited(olga, now)["Ben K"].state == "waiting"


def test_who_may_not_manage_people_asks_nobody_in_and_strangers_reach_nobody(
    olga: people.Person, maya: people.Person, charlie: people.Person, checked: roster.Import, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=checked.id, invite_new=True, now=now)
    roster.work(import_id=checked.id, now=now)
    ids = [one.id for one in everybody(olga, now).values()]

    for act in (joining.invite_people, joining.revoke_people):
        with pytest.raises(errors.Forbidden):
            act(by=maya.id, person_ids=ids, now=now)
    joining.invite_people(by=charlie.id, person_ids=ids, now=now)
    assert (invited(olga, now), invited(charlie, now)) == ({}, {})
    worked(checked.id, now)
    joining.revoke_people(by=charlie.id, person_ids=ids, now=now)
    assert {one.state for one in invited(olga, now).values()} == {"waiting"}
