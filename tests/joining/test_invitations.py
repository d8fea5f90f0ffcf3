"""Asking somebody in: who may, what they get, how long it holds, and what takes it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.joining import events
from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import PASSWORD, join
from tests.joining.conftest import arrival, key_in, nadia

Post = Callable[..., Any]
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def ethan(olga: people.Person, now: datetime) -> people.Person:
    """Return an admin."""
    person = join(olga, "Ethan Brooks", "America/Chicago", now)
    return people.change_role(by=olga.id, person_id=person.id, role="admin", now=now)


@pytest.fixture
def trail() -> Any:
    """Return what was noted."""
    found: list[dict[str, Any]] = []

    def keep(**said: Any) -> None:
        found.append({name: said[name] for name in ("workspace_id", "by", "verb", "subject", "details", "at")})

    events.noted.connect(keep)
    yield found
    events.noted.disconnect(keep)


def test_an_invitation_is_accepted_with_a_name_a_password_and_a_zone_of_ones_own(
    olga: people.Person, operations: people.Group, post: Post, now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(role="admin", title="Clerk", group_ids=(operations.id,)), now=now)
    (mail,) = post()

    person = joining.accept(token=key_in(mail), arrival=arrival("Nadia O."), now=now)

    assert (person.state, person.name, person.role, person.timezone) == (
        "active",
        "Nadia O.",
        "admin",
        "America/Chicago",
    )
    assert people.groups_of(person_ids=[person.id], at=now)[person.id] == (operations.id,)
    (listed,) = joining.invitations(by=olga.id, now=now)
    assert (listed.state, listed.accepted_at, listed.mail) == ("accepted", now, "submitted")


def test_looking_at_a_link_changes_nothing(olga: people.Person, post: Post, now: datetime) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])

    seen = [joining.way_in(token=token, now=now) for _ in range(3)]

    assert {(way.kind, way.state, way.workspace_name, way.inviter_name, way.email) for way in seen} == {
        ("invitation", "open", "Northwind", "Olga Berg", "nadia@partner.test")
    }
    assert joining.invitations(by=olga.id, now=now)[0].state == "waiting"


@pytest.mark.parametrize("token", ["", "i1-1", "i1-1.x", "l1-1.abc", "x", "i", "i1-1." + "A" * 27, "\u202e", "i99999999999999999999-1.a"])  # fmt: skip
def test_a_tampered_link_opens_nothing(db: None, token: str, now: datetime) -> None:
    with pytest.raises(joining.LinkDead):
        joining.way_in(token=token, now=now)
    with pytest.raises(joining.LinkDead):
        joining.accept(token=token, arrival=arrival(), now=now)


def test_a_link_is_good_for_one_purpose(olga: people.Person, post: Post, now: datetime) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])

    for other in ("c", "l"):
        with pytest.raises(joining.LinkDead):
            joining.accept(token=other + token[1:], arrival=arrival(), now=now)
    with pytest.raises(joining.LinkDead):
        joining.ask(token=token, email="eve@partner.test", now=now)


@pytest.mark.parametrize(
    ("after", "holds"), [(FORTNIGHT - timedelta(seconds=1), True), (FORTNIGHT, False)], ids=["the last second", "too late"]
)  # fmt: skip
def test_an_invitation_holds_for_fourteen_days(
    olga: people.Person, post: Post, now: datetime, after: timedelta, holds: bool
) -> None:
    invited = joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])

    assert joining.invitation(by=olga.id, invitation_id=invited.id, now=now + after).state == (
        "waiting" if holds else "expired"
    )
    if holds:
        assert joining.accept(token=token, arrival=arrival(), now=now + after).state == "active"
    else:
        with pytest.raises(joining.LinkExpired):
            joining.accept(token=token, arrival=arrival(), now=now + after)


def test_an_expired_invitation_is_sent_anew_and_its_first_link_works_again(
    olga: people.Person, post: Post, now: datetime
) -> None:
    invited = joining.invite(by=olga.id, who=nadia(), now=now)
    first = key_in(post()[0])
    later = now + FORTNIGHT + timedelta(days=1)

    again = joining.resend(by=olga.id, invitation_id=invited.id, now=later)

    assert (again.state, again.expires_at) == ("waiting", later + FORTNIGHT)
    assert key_in(post(later)[0]) == first
    assert joining.accept(token=first, arrival=arrival(), now=later).state == "active"


def test_an_invitation_that_is_on_its_way_is_not_sent_twice(olga: people.Person, now: datetime) -> None:
    invited = joining.invite(by=olga.id, who=nadia(), now=now)

    with pytest.raises(errors.Conflict):
        joining.resend(by=olga.id, invitation_id=invited.id, now=now)


def test_who_was_made_an_owner_since_is_sent_away_by_owners_alone(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    invited = joining.invite(by=maya.id, who=nadia(), now=now)
    people.change_role(by=olga.id, person_id=invited.person_id, role="owner", now=now)

    for act in (joining.revoke, joining.resend):
        with pytest.raises(errors.Forbidden):
            act(by=maya.id, invitation_id=invited.id, now=now)

    assert joining.revoke(by=olga.id, invitation_id=invited.id, now=now).state == "revoked"


def test_a_revoked_invitation_opens_nothing_and_leaves_nobody_behind(
    olga: people.Person, post: Post, now: datetime
) -> None:
    invited = joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])

    assert joining.revoke(by=olga.id, invitation_id=invited.id, now=now).state == "revoked"

    with pytest.raises(joining.LinkDead):
        joining.way_in(token=token, now=now)
    with pytest.raises(joining.LinkDead):
        joining.accept(token=token, arrival=arrival(), now=now)
    assert [person.name for person in people.people(by=olga.id)] == ["Olga Berg"]
    for done in (joining.revoke, joining.resend):
        with pytest.raises(errors.Conflict):
            done(by=olga.id, invitation_id=invited.id, now=now)
    assert joining.invite(by=olga.id, who=nadia(), now=now).state == "waiting"


def test_revoking_before_the_mail_is_out_keeps_it_in(olga: people.Person, post: Post, now: datetime) -> None:
    invited = joining.invite(by=olga.id, who=nadia(), now=now)
    joining.revoke(by=olga.id, invitation_id=invited.id, now=now)

    assert post() == []
    assert joining.invitation(by=olga.id, invitation_id=invited.id, now=now).mail == "skipped"


def test_revoking_keeps_a_person_whom_somebody_else_had_added(olga: people.Person, now: datetime) -> None:
    added = people.invite(by=olga.id, email="nadia@partner.test", name="Nadia Okafor", now=now)
    invited = joining.invite(by=olga.id, who=nadia(), now=now)

    joining.revoke(by=olga.id, invitation_id=invited.id, now=now)

    assert people.person(person_id=added.id).state == "invited"


ROLES = [
    ("olga", "owner", True), ("olga", "admin", True), ("olga", "member", True),
    ("ethan", "owner", False), ("ethan", "admin", True), ("ethan", "member", True),
    ("ines", "owner", False), ("ines", "admin", False), ("ines", "member", True),
    ("maya", "member", False),
]  # fmt: skip


@pytest.mark.parametrize(("who", "role", "may"), ROLES, ids=[f"{who}-{role}" for who, role, _may in ROLES])
def test_each_gives_the_roles_that_are_theirs_to_give(
    request: Any, operations: people.Group, ethan: people.Person, now: datetime, who: str, role: str, may: bool
) -> None:
    by = request.getfixturevalue(who)
    asked = nadia(role=role, group_ids=(operations.id,))

    if may:
        assert joining.invite(by=by.id, who=asked, now=now).role == role
    else:
        with pytest.raises(errors.Forbidden):
            joining.invite(by=by.id, who=asked, now=now)
        assert "nadia@partner.test" not in people.get_by_email(emails=["nadia@partner.test"])


def test_a_manager_invites_into_groups_they_manage_only(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    finance = people.create_group(by=olga.id, name="Finance", now=now)
    customs = people.create_group(by=olga.id, name="Customs", parent_id=operations.id, now=now)

    for groups in ((), (finance.id,), (operations.id, finance.id)):
        with pytest.raises(errors.Forbidden):
            joining.invite(by=ines.id, who=nadia(group_ids=groups), now=now)
    joining.invite(by=ines.id, who=nadia(group_ids=(operations.id, customs.id)), now=now)


def test_a_group_of_another_workspace_does_not_exist(
    olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    theirs = people.create_group(by=charlie.id, name="Theirs", now=now)

    with pytest.raises(errors.Invalid):
        joining.invite(by=olga.id, who=nadia(group_ids=(theirs.id,)), now=now)


def test_a_manager_sees_what_they_asked_themselves(
    olga: people.Person, ines: people.Person, maya: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:  # fmt: skip
    hers = joining.invite(by=ines.id, who=nadia(group_ids=(operations.id,)), now=now)
    other = joining.invite(by=olga.id, who=nadia(email="lee@partner.test"), now=now)

    assert [one.id for one in joining.invitations(by=ines.id, now=now)] == [hers.id]
    assert [one.id for one in joining.invitations(by=olga.id, now=now)] == [other.id, hers.id]
    assert joining.invitations(by=charlie.id, now=now) == []
    with pytest.raises(errors.Forbidden):
        joining.invitations(by=maya.id, now=now)
    for by in (ines, charlie):
        for done in (joining.invitation, joining.resend, joining.revoke):
            with pytest.raises(errors.NotFound):
                done(by=by.id, invitation_id=other.id, now=now)


def test_a_role_is_given_only_while_its_inviter_may_give_it(
    olga: people.Person, ethan: people.Person, post: Post, now: datetime
) -> None:
    joining.invite(by=ethan.id, who=nadia(role="admin"), now=now)
    token = key_in(post()[0])
    people.deactivate(by=olga.id, person_id=ethan.id, now=now)

    assert joining.accept(token=token, arrival=arrival(), now=now).role == "member"


def test_sending_it_again_makes_the_role_ones_own_gift(
    olga: people.Person, ethan: people.Person, post: Post, now: datetime
) -> None:
    invited = joining.invite(by=ethan.id, who=nadia(role="admin"), now=now)
    post()
    people.deactivate(by=olga.id, person_id=ethan.id, now=now)

    joining.resend(by=olga.id, invitation_id=invited.id, now=now)

    assert joining.accept(token=key_in(post()[0]), arrival=arrival(), now=now).role == "admin"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"name": " "}, "name"), ({"password": "short"}, "password"), ({"password": "password1234"}, "password"), ({"timezone": "Mars/Base"}, "timezone")],
)  # fmt: skip
def test_a_bad_answer_leaves_the_invitation_as_it_was(
    olga: people.Person, post: Post, now: datetime, given: dict[str, str], field: str
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])

    with pytest.raises(errors.Invalid) as refusal:
        joining.accept(token=token, arrival=arrival(**given), now=now)

    assert list(refusal.value.fields) == [field]
    assert joining.accept(token=token, arrival=arrival(), now=now).state == "active"


def test_accepting_again_is_told_so(olga: people.Person, post: Post, now: datetime) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    token = key_in(post()[0])
    joining.accept(token=token, arrival=arrival(), now=now)

    with pytest.raises(joining.LinkUsed):
        joining.accept(token=token, arrival=arrival(password="another long password"), now=now)
    assert joining.way_in(token=token, now=now).state == "used"


def test_what_happened_is_noted_for_the_trail(
    olga: people.Person, post: Post, now: datetime, trail: list[dict[str, Any]]
) -> None:
    invited = joining.invite(by=olga.id, who=nadia(), now=now)
    person = joining.accept(token=key_in(post()[0]), arrival=arrival(), now=now)

    assert [(one["verb"], one["by"], one["subject"]) for one in trail] == [
        ("invited", olga.id, f"person:{invited.person_id}"),
        ("invitation_accepted", person.id, f"person:{person.id}"),
    ]
    assert PASSWORD not in str(trail)
