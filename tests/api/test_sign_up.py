"""Signing up and in by the pages of allauth."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from announcements.people import services as people
from tests.letters import code

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
