"""Who asks to join by themselves: admitted or refused by admins, and told by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.management.northwind import story
from announcements.people import services as people
from tests.conftest import PASSWORD
from tests.entering import signed_up

Post = Callable[..., Any]


@pytest.fixture
def per(olga: people.Person, now: datetime) -> people.Person:
    """Return somebody who has signed up and waits."""
    people.claim_domain(person_id=olga.id, now=now)
    new = people.NewPerson(email="per@northwind.test", name="Per Dahl", password=PASSWORD)
    return signed_up(new, now)


def test_who_is_admitted_gets_a_mail(olga: people.Person, per: people.Person, post: Post, now: datetime) -> None:
    assert [(one.person.id, one.since) for one in people.waiting(by=olga.id)] == [(per.id, now)]

    assert joining.admit(by=olga.id, person_id=per.id, now=now).state == "active"

    (mail,) = post()
    assert (mail["Subject"], mail["Reply-To"].addresses[0].addr_spec) == ("You are in: Northwind", olga.email)
    assert people.waiting(by=olga.id) == []


def test_who_is_refused_is_told_why_and_is_gone(
    olga: people.Person, per: people.Person, post: Post, now: datetime
) -> None:
    joining.refuse(by=olga.id, person_id=per.id, reason="We do not know you.\r\nBcc: all@northwind.test", now=now)

    (mail,) = post()
    assert "We do not know you." in mail.get_body(("plain",)).get_content()
    assert mail["Bcc"] is None
    assert people.get_many(ids=[per.id]) == {}
    new = people.NewPerson(email=per.email, name="Per Dahl", password=PASSWORD)
    assert signed_up(new, now).state == "waiting"


def test_only_who_waits_is_answered_and_only_once(
    olga: people.Person, per: people.Person, maya: people.Person, now: datetime
) -> None:
    joining.admit(by=olga.id, person_id=per.id, now=now)

    for done in (joining.admit, joining.refuse):
        for person in (per, maya):
            with pytest.raises(errors.Conflict):
                done(by=olga.id, person_id=person.id, now=now)
    assert people.person(person_id=maya.id).state == "active"


def test_requests_are_an_admins_and_stay_in_their_workspace(
    per: people.Person, maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    assert people.waiting(by=charlie.id) == []
    with pytest.raises(errors.Forbidden):
        people.waiting(by=maya.id)
    for done in (joining.admit, joining.refuse):
        with pytest.raises(errors.NotFound):
            done(by=charlie.id, person_id=per.id, now=now)
        with pytest.raises(errors.Forbidden):
            done(by=maya.id, person_id=per.id, now=now)


def test_who_waits_is_not_invited_past_the_admins(olga: people.Person, per: people.Person, now: datetime) -> None:
    with pytest.raises(joining.AlreadyHere, match="asked to join"):
        joining.invite(by=olga.id, who=people.Invitee(per.email, per.name), now=now)


def test_the_demo_company_has_people_on_their_way_in(db: None) -> None:
    at = datetime.now(UTC)
    by = next(one.person_id for one in story.build(now=at) if one.name == "Priya Raman")

    assert [one.name for one in joining.invitations(by=by, now=at)] == ["Oluwaseun Adeyemi", "Marisol Reyes"]
    assert {one.state for one in joining.invitations(by=by, now=at)} == {"waiting"}
    assert [one.person.name for one in people.waiting(by=by)] == ["Kaitlyn Meyer"]
