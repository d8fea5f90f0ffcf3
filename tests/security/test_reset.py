"""A password forgotten: a link by mail, good once, for one person."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from announcements.people import services as people
from tests.letters import letters, link
from tests.security.signing import browser, by_password, inside, verified


def test_a_reset_link_is_good_once_and_ends_every_key(maya: people.Person, now: Any) -> None:
    verified(maya)
    before, _response = by_password(maya.email)
    token = people.issue_token(by=maya.id, name="x", scopes=("people:read",), now=now).key
    browser().post("/accounts/password/reset/", {"email": maya.email})
    there = link(maya.email).removeprefix(settings.BASE_URL)
    here = browser()
    form = here.get(there, follow=True).redirect_chain[-1][0]

    here.post(form, {"password1": "another calm password", "password2": "another calm password"})

    assert not inside(before)
    assert people.authenticate(key=token, now=now) is None
    assert not inside(here), "a reset signs nobody in: a second factor is still asked for"
    assert inside(by_password(maya.email, "another calm password")[0])
    assert "no longer good" in browser().get(there, follow=True).content.decode()


def test_looking_at_a_reset_link_changes_nothing(maya: people.Person) -> None:
    verified(maya)
    browser().post("/accounts/password/reset/", {"email": maya.email})

    for _ in range(3):
        assert browser().get(link(maya.email).removeprefix(settings.BASE_URL), follow=True).status_code == 200
    assert inside(by_password(maya.email)[0])


def test_two_addresses_in_one_reset_reach_only_the_person(maya: people.Person) -> None:
    verified(maya)

    browser().post("/accounts/password/reset/", {"email": [maya.email, "thief@evil.test"]})
    browser().post("/accounts/password/reset/", {"email": f"{maya.email},thief@evil.test"})

    assert {letter["To"] for letter in letters()} <= {"thief@evil.test"}
    assert all("no account" in letter["Subject"] for letter in letters())


@pytest.mark.parametrize("password", ["short", "maya@northwind.test", "qwerty123456"])
def test_a_weak_password_is_refused_at_the_reset_too(maya: people.Person, password: str) -> None:
    verified(maya)
    browser().post("/accounts/password/reset/", {"email": maya.email})
    here = browser()
    form = here.get(link(maya.email).removeprefix(settings.BASE_URL), follow=True).redirect_chain[-1][0]

    response = here.post(form, {"password1": password, "password2": password})

    assert response.status_code == 200
    assert response.context["form"].errors["password1"]
