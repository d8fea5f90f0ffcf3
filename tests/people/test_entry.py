"""How people come in, and what their address opens."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.contrib.auth import get_user_model

from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import PASSWORD
from tests.entering import signed_up


def newcomer(email: str, name: str = "Nadia Okafor") -> people.NewPerson:
    return people.NewPerson(email=email, name=name, password=PASSWORD)


@pytest.fixture
def claimed(olga: people.Person, now: datetime) -> str | None:
    """Return the domain that Northwind has claimed."""
    return people.claim_domain(person_id=olga.id, now=now)


def takes(olga: people.Person, policy: str, now: datetime) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(join_policy=policy), now=now)


def test_the_first_sign_up_founds_a_workspace(db: None, now: datetime) -> None:
    assert not people.any_workspace()

    owner = people.found(name="  Northwind \n Freight ", owner=newcomer("Nadia@Northwind.Test"), now=now)

    assert people.any_workspace()
    assert (owner.role, owner.state, owner.email) == ("owner", "active", "nadia@northwind.test")
    assert people.workspace(workspace_id=owner.workspace_id).name == "Northwind Freight"


def test_an_owner_claims_the_domain_of_their_address(claimed: str) -> None:
    assert claimed == "northwind.test"


def test_claiming_again_changes_nothing(olga: people.Person, claimed: str, now: datetime) -> None:
    assert people.claim_domain(person_id=olga.id, now=now) == claimed


def test_a_member_claims_nothing(maya: people.Person, now: datetime) -> None:
    assert people.claim_domain(person_id=maya.id, now=now) is None


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "GMAIL.com", "hotmail.fr", "yahoo.co.uk", "gmx.at", "live.nl", "wanadoo.fr", "btinternet.com"],
)
def test_nobody_claims_a_public_mail_provider(db: None, domain: str, now: datetime) -> None:
    owner = people.found(name="Solo", owner=newcomer(f"solo@{domain}"), now=now)

    assert people.claim_domain(person_id=owner.id, now=now) is None
    with pytest.raises(people.NotInvited):
        signed_up(newcomer(f"else@{domain}"), now)


def test_a_claimed_domain_stays_where_it_is(claimed: str, now: datetime) -> None:
    second = people.found(name="Second", owner=newcomer("rival@northwind.test"), now=now)

    assert people.claim_domain(person_id=second.id, now=now) is None


@pytest.mark.parametrize(("policy", "state"), [("open", "active"), ("approval", "waiting")])
def test_a_colleague_signs_up_by_the_join_policy(
    olga: people.Person, claimed: str, policy: str, state: str, now: datetime
) -> None:
    takes(olga, policy, now)

    joined = signed_up(newcomer("nadia@NORTHWIND.test"), now)

    assert (joined.workspace_id, joined.state, joined.role) == (olga.workspace_id, state, "member")


def test_approval_is_what_a_workspace_begins_with(claimed: str, now: datetime) -> None:
    assert signed_up(newcomer("nadia@northwind.test"), now).state == "waiting"


def test_invite_only_lets_nobody_sign_up(olga: people.Person, claimed: str, now: datetime) -> None:
    takes(olga, "invite", now)

    with pytest.raises(people.NotInvited):
        signed_up(newcomer("nadia@northwind.test"), now)


@pytest.mark.parametrize(
    "email", ["nadia@elsewhere.test", "nadia@sub.northwind.test", "nadia@northwind.test.evil.test"]
)
def test_another_domain_opens_nothing(claimed: str, email: str, now: datetime) -> None:
    with pytest.raises(people.NotInvited):
        signed_up(newcomer(email), now)


def test_an_admin_lets_in_who_waits_once(olga: people.Person, claimed: str, now: datetime) -> None:
    waiting = signed_up(newcomer("nadia@northwind.test"), now)

    assert people.admit(by=olga.id, person_id=waiting.id, now=now).state == "active"
    with pytest.raises(errors.Conflict):
        people.admit(by=olga.id, person_id=waiting.id, now=now)


def test_who_waits_cannot_let_themselves_in(claimed: str, now: datetime) -> None:
    waiting = signed_up(newcomer("nadia@northwind.test"), now)

    with pytest.raises(errors.NotFound):
        people.admit(by=waiting.id, person_id=waiting.id, now=now)
    with pytest.raises(errors.Conflict):
        people.accept(person_id=waiting.id, password=PASSWORD, now=now)
    assert people.person(person_id=waiting.id).state == "waiting"


def test_an_invitation_is_accepted_once(olga: people.Person, now: datetime) -> None:
    invited = people.invite(by=olga.id, email="nadia@partner.test", name="Nadia Okafor", now=now)
    assert (invited.state, invited.timezone) == ("invited", "Europe/Amsterdam")

    assert people.accept(person_id=invited.id, password=PASSWORD, now=now).state == "active"
    with pytest.raises(errors.Conflict):
        people.accept(person_id=invited.id, password="somebody else's password", now=now)
    assert get_user_model().objects.get(pk=invited.id).check_password(PASSWORD)


def test_an_invited_person_is_not_admitted_past_their_invitation(olga: people.Person, now: datetime) -> None:
    invited = people.invite(by=olga.id, email="nadia@partner.test", name="Nadia Okafor", now=now)

    with pytest.raises(errors.Conflict):
        people.admit(by=olga.id, person_id=invited.id, now=now)


@pytest.mark.parametrize("email", ["maya@northwind.test", "MAYA@Northwind.TEST", "\uff2daya@northwind.test"])
def test_an_address_is_one_person_however_it_is_written(
    olga: people.Person, maya: people.Person, email: str, now: datetime
) -> None:
    with pytest.raises(people.EmailTaken):
        people.invite(by=olga.id, email=email, name="Maya again", now=now)


def test_sign_in_finds_an_address_whatever_its_case(maya: people.Person) -> None:
    assert get_user_model().objects.get_by_natural_key("MAYA@northwind.test").pk == maya.id


@pytest.mark.parametrize("email", ["", "maya", "maya@", "a@b@c.test", "maya@northwind.test\nBcc: all@x.test", "m\u00e4ya@x.test", "a" * 250 + "@x.test"])  # fmt: skip
def test_what_is_no_address_is_refused(olga: people.Person, email: str, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.invite(by=olga.id, email=email, name="Nadia", now=now)
    assert list(refusal.value.fields) == ["email"]


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "\x00", "x" * 81])
def test_a_name_is_one_line_with_something_on_it(olga: people.Person, name: str, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.invite(by=olga.id, email="nadia@northwind.test", name=name, now=now)
    assert list(refusal.value.fields) == ["name"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "europe/lisbon", "../etc/passwd", "+02:00"])
def test_an_unknown_zone_is_refused(olga: people.Person, zone: str, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.invite(by=olga.id, email="nadia@northwind.test", name="Nadia", timezone=zone, now=now)
    assert list(refusal.value.fields) == ["timezone"]


def test_whom_a_colleague_asked_in_a_moment_ago_is_not_listed_twice(olga: people.Person, now: datetime) -> None:
    """As two find it who ask at once: neither saw the other's, the database did."""
    people.add_invited(by=olga.id, who=people.Invitee("nadia@guest.test", "Nadia"), now=now)

    with pytest.raises(people.EmailTaken):
        people.add_invited(by=olga.id, who=people.Invitee("nadia@guest.test", "Nadia"), now=now)
    assert len([one for one in people.people(by=olga.id) if one.name == "Nadia"]) == 1
