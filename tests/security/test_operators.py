"""Django's own admin pages: for operators with a second factor, by the product's sign-in, and to look only."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from announcements.kernel.looking import LookOnly
from announcements.people import services as people
from tests.security.signing import app_code, browser, by_password, verified, with_app


@pytest.fixture
def operator(maya: people.Person, settings: Any) -> Client:
    """Return Maya's browser: she keeps this installation running, and has proved her second factor."""
    settings.OPERATORS = [maya.email]
    secret = with_app(maya)
    here, _response = by_password(maya.email)
    here.post("/accounts/2fa/authenticate/", {"code": app_code(secret)})
    return here


PAGES = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]


@pytest.mark.parametrize("page", ["/admin/", *PAGES])
def test_an_operator_looks_at_everything(operator: Client, page: str) -> None:
    assert operator.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/admin/", *PAGES])
def test_nobody_else_learns_that_it_is_there(olga: people.Person, page: str) -> None:
    verified(olga)
    here, _response = by_password(olga.email)

    assert here.get(page).status_code == 404


@pytest.mark.parametrize("page", ["/admin/", "/admin/login/", "/admin/people/person/", "/admin/nothing/"])
def test_who_is_not_signed_in_meets_the_products_own_sign_in(db: None, page: str) -> None:
    shown = browser().get(page)

    assert shown.status_code == 302
    assert "/accounts/login/" in shown["Location"] or "/admin/login/" in shown["Location"]
    assert 'name="username"' not in browser().get(page, follow=True).content.decode()


def test_an_operator_reads_what_the_doctor_says(operator: Client) -> None:
    assert '<a href="/admin/checkup/">' in operator.get("/admin/").content.decode()

    page = operator.get("/admin/checkup/").content.decode()

    assert "has not been done lately" in page
    assert "Start a worker and the beat." in page
    assert "fits the code" in page


def test_its_own_login_takes_no_password(maya: people.Person, settings: Any) -> None:
    settings.OPERATORS = [maya.email]
    here = browser()

    here.post("/admin/login/", {"username": maya.email, "password": "a calm long password"})

    assert here.get("/api/v1/me").status_code == 401


def test_an_operator_without_a_second_factor_sets_one_up_first(maya: people.Person, settings: Any) -> None:
    settings.OPERATORS = [maya.email]
    verified(maya)
    here, _response = by_password(maya.email)

    assert here.get("/admin/")["Location"] == "/settings/second-factor"


def test_an_operator_proves_the_second_factor_first(maya: people.Person, settings: Any) -> None:
    settings.OPERATORS = [maya.email]
    verified(maya)
    here, _response = by_password(maya.email)
    with_app(maya)

    assert "/2fa/reauthenticate/" in here.get("/admin/")["Location"]


def test_nothing_can_be_changed(operator: Client, maya: people.Person) -> None:
    one = f"/admin/people/person/{maya.id}"
    for page in (f"{one}/change/", f"{one}/delete/", "/admin/people/person/add/", "/admin/people/person/"):
        assert operator.post(page, {"name": "x", "action": "delete_selected"}).status_code in {403, 405, 200}
    assert people.person(person_id=maya.id).name == maya.name
    assert all(isinstance(page, LookOnly) for page in admin.site._registry.values())


def test_no_page_shows_a_password_or_a_key(operator: Client, maya: people.Person, now: Any) -> None:
    token = people.issue_token(by=maya.id, name="script", scopes=("people:read",), now=now).token

    person = operator.get(f"/admin/people/person/{maya.id}/change/").content.decode()
    shown = operator.get(f"/admin/people/token/{token.id}/change/").content.decode()

    assert "Maya" in person
    assert "script" in shown
    assert not any(sign in person + shown for sign in ("argon2", "md5$", "digest"))
