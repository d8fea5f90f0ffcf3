"""Claimed domains: proved by an address, held by one workspace, given back."""

from __future__ import annotations

from datetime import datetime

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from tests.conftest import PASSWORD


def claim(by: people.Person, name: str, now: datetime, *verified: str) -> people.Domain:
    return people.claim(by=by.id, name=name, verified=verified or (by.email,), now=now)


def test_an_admin_claims_the_domain_of_a_verified_address(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)

    assert claim(maya, " @Northwind.TEST. ", now).name == "northwind.test"
    assert claim(olga, "northwind.test", now) == claim(maya, "northwind.test", now)
    assert [domain.name for domain in people.domains(by=olga.id)] == ["northwind.test"]


def test_without_a_verified_address_of_it_nobody_claims_it(olga: people.Person, now: datetime) -> None:
    for name in ("partner.test", "sub.northwind.test", "evil-northwind.test"):
        with pytest.raises(people.DomainNotProved):
            claim(olga, name, now)
    with pytest.raises(people.DomainNotProved):
        people.claim(by=olga.id, name="northwind.test", verified=(), now=now)


@pytest.mark.parametrize(
    "name",
    ["gmail.com", "GMAIL.com", "outlook.de", "yahoo.com.br", "", "localhost", "no domain", "a..b", "m\u00fcnchen.de"],
)
def test_what_nobody_can_claim_is_refused_at_the_field(olga: people.Person, name: str, now: datetime) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        claim(olga, name, now, f"olga@{name}")
    assert list(refusal.value.fields) == ["name"]


def test_a_domain_held_elsewhere_is_refused_without_saying_by_whom(
    olga: people.Person, charlie: people.Person, now: datetime
) -> None:
    claim(olga, "northwind.test", now)

    with pytest.raises(people.DomainTaken) as refusal:
        claim(charlie, "northwind.test", now, "charlie@northwind.test")
    assert "Northwind" not in refusal.value.message


def test_a_domain_given_back_lets_nobody_sign_up_and_can_be_claimed_again(
    olga: people.Person, charlie: people.Person, maya: people.Person, now: datetime
) -> None:
    domain = claim(olga, "northwind.test", now)
    with pytest.raises(errors.NotFound):
        people.release(by=charlie.id, domain_id=domain.id, now=now)
    with pytest.raises(errors.Forbidden):
        people.release(by=maya.id, domain_id=domain.id, now=now)

    people.release(by=olga.id, domain_id=domain.id, now=now)

    with pytest.raises(people.NotInvited):
        people.sign_up(person=people.NewPerson("per@northwind.test", "Per", PASSWORD), now=now)
    assert claim(charlie, "northwind.test", now, "charlie@northwind.test").name == "northwind.test"


def test_domains_are_an_admins(maya: people.Person, now: datetime) -> None:
    with pytest.raises(errors.Forbidden):
        people.domains(by=maya.id)
    with pytest.raises(errors.Forbidden):
        claim(maya, "northwind.test", now)
