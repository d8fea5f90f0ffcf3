"""Whom an invitation is for: one address however it is written, whoever else has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people
from tests import meanwhile
from tests.conftest import PASSWORD
from tests.joining.conftest import arrival, key_in, nadia

Post = Callable[..., Any]


def test_an_address_is_invited_once_however_it_is_written(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    joining.invite(by=olga.id, who=nadia(), now=now)

    for spelling in ("NADIA@partner.test", "\uff2eadia@Partner.TEST", " nadia@partner.test "):
        with pytest.raises(joining.AlreadyInvited):
            joining.invite(by=olga.id, who=nadia(email=spelling), now=now)
    with pytest.raises(joining.AlreadyHere):
        joining.invite(by=olga.id, who=nadia(email="MAYA@northwind.test"), now=now)


@pytest.mark.parametrize(
    ("alike", "named"),
    [
        ("n\u0430dia@partner.test", "“\u0430”"),
        ("nadia@p\u0430rtner.test", "“\u0430”"),
        ("n\u0101dia@partner.test", "“\u0101”"),
        ("nadia\u200b@partner.test", "“U+200B”"),
        ("nadia@[192.0.2.1]", "This is not an email address."),
    ],
    ids=["cyrillic name", "cyrillic domain", "accent", "unseen sign", "a machine"],
)
def test_a_look_alike_address_is_refused_with_the_sign_that_is_wrong_and_nobody_is_added(
    olga: people.Person, alike: str, named: str, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        joining.invite(by=olga.id, who=nadia(email=alike), now=now)

    assert refusal.value.fields["email"][0].startswith(named)
    assert [person.email for person in people.people(by=olga.id)] == [olga.email]
    assert joining.invitations(by=olga.id, now=now) == []


def test_whoever_asks_is_not_told_that_another_company_has_the_address(
    olga: people.Person, charlie: people.Person, post: Post, now: datetime
) -> None:
    free = joining.invite(by=olga.id, who=nadia(), now=now)
    taken = joining.invite(by=olga.id, who=nadia(email=charlie.email, name="Charlie"), now=now)

    assert (taken.email, taken.state, taken.mail) == (charlie.email, free.state, free.mail)
    there = {person.email: person.state for person in people.people(by=olga.id)}
    assert there[charlie.email] == there[free.email] == "invited"
    assert [one.id for one in people.people(by=olga.id, search="charlie@southgate")] == [taken.person_id]
    with pytest.raises(joining.AlreadyInvited):
        joining.invite(by=olga.id, who=nadia(email=charlie.email.upper()), now=now)
    told = next(mail for mail in post() if mail["To"].addresses[0].addr_spec == charlie.email)
    said = told.get_body(("plain",)).get_content()
    assert "has an account of another company" in said
    assert "/join/" not in said
    assert people.person(person_id=charlie.id).workspace_id == charlie.workspace_id
    assert people.get_by_email(emails=[charlie.email])[charlie.email].id == charlie.id


def test_an_address_that_became_free_is_given_to_who_was_asked_by_it(
    olga: people.Person, charlie: people.Person, post: Post, now: datetime
) -> None:
    there = joining.invite(by=charlie.id, who=nadia(), now=now)
    here = joining.invite(by=olga.id, who=nadia(), now=now)
    post()

    joining.revoke(by=charlie.id, invitation_id=there.id, now=now)
    joining.resend(by=olga.id, invitation_id=here.id, now=now)
    (mail,) = post()

    assert joining.accept(token=key_in(mail), arrival=arrival(), now=now).id == here.person_id


def test_an_address_that_became_free_is_not_given_to_who_may_not_come_in_any_more(
    olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    there = joining.invite(by=charlie.id, who=nadia(), now=now)
    here = joining.invite(by=olga.id, who=nadia(), now=now)
    people.deactivate(by=olga.id, person_id=here.person_id, now=now)

    joining.revoke(by=charlie.id, invitation_id=there.id, now=now)
    assert people.get_by_email(emails=[there.email]) == {}

    people.reactivate(by=olga.id, person_id=here.person_id, now=now)
    assert people.get_by_email(emails=[there.email])[there.email].id == here.person_id


def test_an_address_that_somebody_takes_at_the_moment_it_becomes_free_is_theirs(
    olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    there = joining.invite(by=charlie.id, who=nadia(), now=now)
    here = joining.invite(by=olga.id, who=nadia(), now=now)
    came: list[int] = []

    def found() -> None:
        owner = people.NewPerson(email=there.email, name="Nadia", password=PASSWORD, timezone="UTC")
        came.append(people.found(name="Eastgate", owner=owner, now=now).id)

    with meanwhile.after('SELECT "people_person"."email" AS "email"', found):
        joining.revoke(by=charlie.id, invitation_id=there.id, now=now)

    assert people.get_by_email(emails=[there.email])[there.email].id == came[0]
    assert people.person(person_id=here.person_id).state == "invited"
