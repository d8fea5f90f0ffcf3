"""Asking in somebody who is known: what is asked for holds, and who decides over an invitation is who may ask now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import join
from tests.joining.conftest import arrival, key_in, nadia

Post = Callable[..., Any]
LATER = timedelta(days=15)


@pytest.fixture
def finance(olga: people.Person, now: datetime) -> people.Group:
    """Return a group whose manager is nobody."""
    return people.create_group(by=olga.id, name="Finance", now=now)


def groups(person_id: int, at: datetime) -> tuple[int, ...]:
    return people.groups_of(person_ids=[person_id], at=at)[person_id]


@pytest.mark.parametrize("wait", [timedelta(0), LATER], ids=["waiting", "expired"])
def test_who_is_asked_in_again_gets_the_role_and_groups_asked_for(
    olga: people.Person, operations: people.Group, finance: people.Group, post: Post, now: datetime, wait: timedelta
) -> None:
    first = joining.invite(by=olga.id, who=nadia(group_ids=(operations.id,)), now=now)
    post()
    later = now + wait

    again = joining.invite(by=olga.id, who=nadia(role="admin", group_ids=(finance.id,)), now=later)

    assert (again.id, again.role, again.state) == (first.id, "admin", "waiting")
    (mail,) = post(later)
    came = joining.accept(token=key_in(mail), arrival=arrival(), now=later)
    assert came.role == "admin"
    assert set(groups(came.id, later)) == {operations.id, finance.id}


def test_who_was_added_without_a_mail_gets_them_too(
    olga: people.Person, finance: people.Group, post: Post, now: datetime
) -> None:
    added = people.invite(by=olga.id, email="nadia@partner.test", name="Nadia Okafor", now=now)

    joining.invite(by=olga.id, who=nadia(role="admin", group_ids=(finance.id,)), now=now)

    came = joining.accept(token=key_in(post()[0]), arrival=arrival(), now=now)
    assert (came.id, came.role, groups(came.id, now)) == (added.id, "admin", (finance.id,))


def test_a_letter_that_is_on_its_way_is_enough(
    olga: people.Person, finance: people.Group, post: Post, now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)

    joining.invite(by=olga.id, who=nadia(group_ids=(finance.id,)), now=now)

    (mail,) = post()
    assert joining.way_in(token=key_in(mail), now=now).groups == ("Finance",)


def test_asking_for_the_same_again_is_told_at_the_address(
    olga: people.Person, finance: people.Group, now: datetime
) -> None:
    who = nadia(group_ids=(finance.id,))
    joining.invite(by=olga.id, who=who, now=now)

    with pytest.raises(joining.AlreadyInvited) as refusal:
        joining.invite(by=olga.id, who=who, now=now)

    assert list(refusal.value.fields) == ["email"]


def test_who_is_here_is_told_at_the_address_and_stays_as_they_are(
    olga: people.Person, maya: people.Person, joao: people.Person, finance: people.Group, now: datetime
) -> None:
    people.deactivate(by=olga.id, person_id=joao.id, now=now)
    for person, words in ((maya, "here already"), (joao, "deactivated")):
        who = nadia(email=person.email, role="admin", group_ids=(finance.id,))
        with pytest.raises(joining.AlreadyHere, match=words) as refusal:
            joining.invite(by=olga.id, who=who, now=now)
        (line,) = joining.invite_many(by=olga.id, entries=[joining.Entry(1, who)], now=now)

        assert list(refusal.value.fields) == ["email"]
        assert (line.answer, words in line.problem) == ("here", True)
        assert (people.person(person_id=person.id).role, groups(person.id, now)) == ("member", ())


def test_of_many_who_are_invited_again_each_gets_what_is_asked_for(
    olga: people.Person, finance: people.Group, now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)
    entry = joining.Entry(1, nadia(role="admin", group_ids=(finance.id,)))

    answers = [joining.invite_many(by=olga.id, entries=[entry], now=now)[0].answer for _twice in range(2)]

    assert answers == ["invited", "invited_before"]
    (listed,) = joining.invitations(by=olga.id, now=now)
    assert (listed.role, groups(listed.person_id, now)) == ("admin", (finance.id,))


def test_nobody_gives_again_what_they_may_not_give(
    olga: people.Person, maya: people.Person, ines: people.Person, operations: people.Group, finance: people.Group, now: datetime
) -> None:  # fmt: skip
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    invited = joining.invite(by=olga.id, who=nadia(), now=now)
    asked = [
        (maya, {"role": "owner"}), (ines, {"role": "admin", "group_ids": (operations.id,)}),
        (ines, {"group_ids": (finance.id,)}), (ines, {"group_ids": ()}),
    ]  # fmt: skip
    for by, more in asked:
        with pytest.raises(errors.Forbidden):
            joining.invite(by=by.id, who=nadia(**more), now=now)
    people.change_role(by=olga.id, person_id=invited.person_id, role="owner", now=now)
    with pytest.raises(errors.Forbidden):
        joining.invite(by=maya.id, who=nadia(), now=now)
    with pytest.raises(joining.AlreadyInvited):
        joining.invite(by=ines.id, who=nadia(group_ids=(operations.id,)), now=now)

    assert (people.person(person_id=invited.person_id).role, groups(invited.person_id, now)) == ("owner", ())


def test_a_manager_asks_an_invited_member_into_their_group_too(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)

    asked = joining.invite(by=ines.id, who=nadia(group_ids=(operations.id,)), now=now)

    assert groups(asked.person_id, now) == (operations.id,)


@pytest.mark.parametrize("act", [joining.resend, joining.revoke])
def test_a_manager_who_lost_the_group_decides_over_its_invitations_no_more(
    olga: people.Person, ines: people.Person, operations: people.Group, post: Post, now: datetime, act: Callable[..., Any]
) -> None:  # fmt: skip
    customs = people.create_group(by=olga.id, name="Customs", now=now)
    people.add_member(by=olga.id, group_id=customs.id, person_id=ines.id, role="manager", now=now)
    invited = joining.invite(by=ines.id, who=nadia(group_ids=(operations.id,)), now=now)
    post()
    later = now + timedelta(hours=1)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=later)

    with pytest.raises(errors.Forbidden, match="do not manage"):
        act(by=ines.id, invitation_id=invited.id, now=later)

    people.add_member(by=olga.id, group_id=operations.id, person_id=ines.id, role="manager", now=later)
    act(by=ines.id, invitation_id=invited.id, now=later)


def test_asking_in_again_gives_a_manager_no_say_over_other_groups(
    olga: people.Person, ines: people.Person, operations: people.Group, finance: people.Group, post: Post, now: datetime
) -> None:  # fmt: skip
    joining.invite(by=olga.id, who=nadia(group_ids=(finance.id,)), now=now)
    post()
    asked = joining.invite(by=ines.id, who=nadia(group_ids=(operations.id,)), now=now)
    post()

    for act in (joining.resend, joining.revoke):
        with pytest.raises(errors.Forbidden):
            act(by=ines.id, invitation_id=asked.id, now=now)


def test_what_a_rule_fills_needs_no_manager_of_its_own(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    rule = people.Rule(match="all", conditions=(people.Condition(field="role", test="is", value="member"),))
    people.create_group(by=olga.id, name="Members", about=people.About(rule=rule), now=now)
    invited = joining.invite(by=ines.id, who=nadia(group_ids=(operations.id,)), now=now)
    assert len(groups(invited.person_id, now)) == 2

    assert joining.revoke(by=ines.id, invitation_id=invited.id, now=now).state == "revoked"


def test_who_was_an_admin_gives_roles_no_more(
    olga: people.Person, operations: people.Group, post: Post, now: datetime
) -> None:
    ethan = join(olga, "Ethan Brooks", "America/Chicago", now)
    people.change_role(by=olga.id, person_id=ethan.id, role="admin", now=now)
    invited = joining.invite(by=ethan.id, who=nadia(role="admin", group_ids=(operations.id,)), now=now)
    post()
    people.change_role(by=olga.id, person_id=ethan.id, role="member", now=now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=ethan.id, role="manager", now=now)

    with pytest.raises(errors.Forbidden):
        joining.resend(by=ethan.id, invitation_id=invited.id, now=now)
