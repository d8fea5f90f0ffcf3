"""Signing up and in by the pages of allauth."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from announcements.joining import services as joining
from announcements.people import services as people
from tests.letters import code, letters

PASSWORD = "a calm long password"


def sign_up(email: str, **more: str) -> Any:
    sent = {"name": "Nora Quist", "email": email, "password1": PASSWORD, "timezone": "Europe/Oslo"} | more
    browser = Client()
    response = browser.post("/accounts/signup/", sent, REMOTE_ADDR="10.0.0.1")
    return browser, response


def verify(browser: Client) -> Any:
    return browser.post("/accounts/confirm-email/", {"code": code()})


def test_the_first_to_sign_up_founds_the_workspace(db: None) -> None:
    browser, response = sign_up("nora@fjord.test", company="Fjord")
    assert response.status_code == 302, response.content

    verify(browser)

    me = browser.get("/api/v1/me").json()
    assert (me["name"], me["role"], me["timezone"]) == ("Nora Quist", "owner", "Europe/Oslo")
    assert browser.get("/api/v1/workspace").json()["name"] == "Fjord"


def test_a_colleague_of_the_claimed_domain_waits_to_be_let_in(db: None) -> None:
    owner, _response = sign_up("nora@fjord.test", company="Fjord")
    verify(owner)

    browser, _response = sign_up("per@fjord.test", name="Per Dahl")
    verify(browser)

    assert browser.get("/api/v1/me").status_code == 401
    waiting = [person for person in owner.get("/api/v1/people").json()["results"] if person["state"] == "waiting"]
    assert [person["name"] for person in waiting] == ["Per Dahl"]

    owner.post(f"/api/v1/people/{waiting[0]['id']}/admit", "{}", content_type="application/json")
    browser.post("/accounts/login/", {"login": "per@fjord.test", "password": PASSWORD})
    assert browser.get("/api/v1/me").json()["name"] == "Per Dahl"


@pytest.mark.usefixtures("olga")
def test_an_address_of_no_claimed_domain_is_told_to_ask_for_an_invitation() -> None:
    _browser, response = sign_up("eve@elsewhere.test")

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()


@pytest.mark.parametrize(("claimed", "status"), [(True, 302), (False, 200)], ids=["claimed domain", "unclaimed domain"])
def test_nobody_learns_who_has_an_account(olga: people.Person, now: datetime, claimed: bool, status: int) -> None:
    if claimed:
        people.claim_domain(person_id=olga.id, now=now)

    _browser, known = sign_up(olga.email)
    _browser, unknown = sign_up("nobody@northwind.test")

    assert (known.status_code, known.get("Location")) == (unknown.status_code, unknown.get("Location"))
    assert known.status_code == status


def test_a_weak_password_is_refused_at_the_field(db: None) -> None:
    _browser, response = sign_up("nora@fjord.test", company="Fjord", password1="short")

    assert response.context["form"].errors["password1"]
    assert not people.any_workspace()


def take_in(olga: people.Person, policy: str, now: datetime) -> None:
    people.claim_domain(person_id=olga.id, now=now)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(join_policy=policy), now=now)


@pytest.mark.parametrize("policy", ["open", "approval"])
def test_nobody_is_there_before_the_code_and_its_holder_after_it(
    olga: people.Person, policy: str, now: datetime
) -> None:
    take_in(olga, policy, now)

    browser, _response = sign_up("per@northwind.test", name="Per Dahl")
    assert [one.name for one in people.people(by=olga.id)] == ["Olga Berg"]
    assert people.waiting(by=olga.id) == []
    wrong = browser.post("/accounts/confirm-email/", {"code": "BCDF-GHJK"})
    assert wrong.context["form"].errors["code"]

    answer = verify(browser)

    assert answer["Location"] == {"open": "/tab", "approval": "/accounts/inactive/?waiting"}[policy]
    assert [one.name for one in people.people(by=olga.id)] == ["Olga Berg", "Per Dahl"]
    assert len(people.waiting(by=olga.id)) == (policy == "approval")
    assert (browser.get("/api/v1/me").status_code == 200) == (policy == "open")


def test_somebody_elses_sign_up_gives_them_nothing_and_takes_nothing_from_the_addresses_holder(
    olga: people.Person, now: datetime
) -> None:
    take_in(olga, "open", now)
    thief, _response = sign_up("per@northwind.test", name="Eve", password1="a password of another")
    cache.clear()  # a little later: an address is written to once in ten seconds

    Client().post("/accounts/login/code/", {"email": "per@northwind.test"})
    assert letters()[-1]["Subject"] == "There is no account with this address"
    holder, _response = sign_up("per@northwind.test", name="Per Dahl")
    verify(holder)

    assert holder.get("/api/v1/me").json()["name"] == "Per Dahl"
    for password, inside in (("a password of another", 401), (PASSWORD, 200)):
        browser = Client()
        browser.post("/accounts/login/", {"login": "per@northwind.test", "password": password})
        assert browser.get("/api/v1/me").status_code == inside
    thief.post("/accounts/confirm-email/", {"code": code()})
    assert thief.get("/api/v1/me").status_code == 401


def test_who_was_invited_before_they_confirmed_is_led_to_the_invitation(olga: people.Person, now: datetime) -> None:
    take_in(olga, "open", now)
    browser, _response = sign_up("per@northwind.test")
    joining.invite(by=olga.id, who=people.Invitee("per@northwind.test", "Per Dahl", role="admin"), now=timezone.now())

    page = browser.post("/accounts/confirm-email/", {"code": code()}, follow=True)

    assert "A mail to it says how to go on." in page.content.decode()
    assert people.get_by_email(emails=["per@northwind.test"])["per@northwind.test"].state == "invited"
    assert browser.get("/api/v1/me").status_code == 401


def test_one_is_led_to_where_one_wanted_to_go(olga: people.Person, now: datetime) -> None:
    take_in(olga, "open", now)

    browser, _response = sign_up("per@northwind.test", next="/settings")

    assert verify(browser)["Location"] == "/settings"
