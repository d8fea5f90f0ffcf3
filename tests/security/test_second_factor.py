"""The second factor: every way in asks for it, and where a workspace requires one nobody gets past without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from announcements.people import services as people
from tests.conftest import PASSWORD
from tests.letters import code, letters, link
from tests.security.signing import app_code, browser, by_password, inside, recovery_code, verified, with_app

FACTOR = "/accounts/2fa/authenticate/"


def require(owner: people.Person, now: Any) -> None:
    people.update_workspace(by=owner.id, changes=people.WorkspaceChanges(second_factor_required=True), now=now)


def by_code(person: people.Person) -> tuple[Client, Any]:
    here = browser()
    here.post("/accounts/login/code/", {"email": person.email})
    return here, here.post("/accounts/login/code/confirm/", {"code": code(person.email)})


def by_reset(person: people.Person) -> tuple[Client, Any]:
    here = browser()
    here.post("/accounts/password/reset/", {"email": person.email})
    form = here.get(link(person.email).removeprefix(settings.BASE_URL), follow=True).redirect_chain[-1][0]
    here.post(form, {"password1": "another calm password", "password2": "another calm password"})
    return by_password(person.email, "another calm password", at=here)


WAYS: dict[str, Callable[[people.Person], tuple[Client, Any]]] = {
    "password": lambda person: by_password(person.email),
    "code": by_code,
    "reset": by_reset,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_asks_for_the_second_factor(maya: people.Person, way: str) -> None:
    secret = with_app(maya)

    here, response = WAYS[way](maya)

    assert response["Location"].startswith(FACTOR)
    assert not inside(here)
    here.post(FACTOR, {"code": app_code(secret)})
    assert inside(here)


@pytest.mark.parametrize("wrong", ["000000", "", "abcdef", "１２３４５６", "0" * 4000])
def test_a_wrong_code_lets_nobody_in(maya: people.Person, wrong: str) -> None:
    with_app(maya)
    here, _response = by_password(maya.email)

    here.post(FACTOR, {"code": wrong})

    assert not inside(here)


def test_a_code_is_good_once_and_for_a_neighboring_half_minute(maya: people.Person) -> None:
    secret = with_app(maya)
    late = app_code(secret, ahead=-1)
    first, _response = by_password(maya.email)
    first.post(FACTOR, {"code": late})
    assert inside(first)

    second, _response = by_password(maya.email)
    second.post(FACTOR, {"code": late})

    assert not inside(second)


def test_a_recovery_code_stands_in_once(maya: people.Person) -> None:
    with_app(maya)
    spare = recovery_code(maya)
    first, second = by_password(maya.email)[0], by_password(maya.email)[0]

    first.post(FACTOR, {"code": spare})
    second.post(FACTOR, {"code": spare})

    assert (inside(first), inside(second)) == (True, False)


def test_guessing_codes_ends(maya: people.Person) -> None:
    secret = with_app(maya)
    here, _response = by_password(maya.email)
    for _ in range(5):
        here.post(FACTOR, {"code": "000000"})

    here.post(FACTOR, {"code": app_code(secret)})

    assert not inside(here)


def test_the_secret_of_an_app_cannot_be_read_in_the_database(maya: people.Person) -> None:
    secret = with_app(maya)

    assert secret not in str(Authenticator.objects.get(user_id=maya.id, type="totp").data)


def test_a_changed_key_of_ours_makes_codes_wrong_and_an_old_key_still_reads(maya: people.Person, settings: Any) -> None:
    secret = with_app(maya)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    here, _response = by_password(maya.email)
    assert here.post(FACTOR, {"code": app_code(secret)}).status_code == 200
    assert not inside(here)

    settings.SECRET_KEY_FALLBACKS = [old]
    here, _response = by_password(maya.email)
    here.post(FACTOR, {"code": app_code(secret)})
    assert inside(here)


# -- where the workspace requires one ---------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_who_has_none_is_led_to_set_one_up_and_can_do_nothing_else(
    olga: people.Person, maya: people.Person, now: Any, way: str
) -> None:
    verified(maya)
    require(olga, now)

    here, _response = WAYS[way](maya)

    for page in ("/tab", "/settings", "/settings/security", "/announcements", "/", "/a/1", "/admin/", "/unsubscribe/x"):
        assert here.get(page)["Location"] == "/settings/second-factor", page
    assert here.get("/settings/second-factor").status_code == 200
    for path in ("me", "feed", "workspace", "people", "tokens", "sessions", "feed-keys", "anything"):
        refused = here.get(f"/api/v1/{path}")
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required"), path
    made = here.post("/api/v1/tokens", {"name": "x", "scopes": ["feed:read"]}, content_type="application/json")
    assert made.status_code == 403


def test_a_sign_up_is_led_there_too(olga: people.Person, now: Any) -> None:
    people.claim_domain(person_id=olga.id, now=now)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(join_policy="open"), now=now)
    require(olga, now)
    here = browser()
    here.post("/accounts/signup/", {"name": "Nora", "email": "nora@northwind.test", "password1": PASSWORD})
    here.post("/accounts/confirm-email/", {"code": code("nora@northwind.test")})

    assert here.get("/tab")["Location"] == "/settings/second-factor"


def test_a_session_from_before_is_led_there_at_its_next_step(
    olga: people.Person, maya: people.Person, now: Any
) -> None:
    verified(maya)
    here, _response = by_password(maya.email)
    assert inside(here)

    require(olga, now)

    assert not inside(here)
    assert here.get("/tab")["Location"] == "/settings/second-factor"


def test_the_quick_way_to_the_feed_is_closed_too(
    olga: people.Person, maya: people.Person, api: Any, django_capture_on_commit_callbacks: Any
) -> None:
    verified(maya)
    here, _response = by_password(maya.email)
    assert [here.get("/api/v1/feed").status_code for _ in range(2)] == [200, 200], (
        "the second is answered from the cache"
    )

    with django_capture_on_commit_callbacks(execute=True):
        api(olga).patch("workspace", {"second_factor_required": True})

    assert [here.get("/api/v1/feed").status_code for _ in range(2)] == [403, 403]
    assert [by_password(maya.email)[0].get("/api/v1/feed").status_code for _ in range(2)] == [403, 403]


@pytest.mark.django_db(transaction=True)
def test_setting_an_app_up_opens_everything(olga: people.Person, maya: people.Person, now: Any) -> None:
    verified(maya)
    require(olga, now)
    here, _response = by_password(maya.email)
    secret = here.get("/accounts/2fa/totp/activate/").context["form"].secret

    response = here.post("/accounts/2fa/totp/activate/", {"code": app_code(secret)}, follow=True)

    assert inside(here)
    assert len(response.context["unused_codes"]) == 10
    assert letters(maya.email), "its owner is told by mail"


def test_another_session_has_to_prove_the_factor_that_was_set_up_in_this_one(
    olga: people.Person, maya: people.Person, now: Any
) -> None:
    verified(maya)
    other, _response = by_password(maya.email)
    secret = with_app(maya)
    require(olga, now)

    assert other.get("/tab")["Location"] == "/accounts/2fa/reauthenticate/?next=%2Ftab"
    for way_round in (
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/",
        "/settings/second-factor",
        "/accounts/password/change/",
    ):
        assert "/2fa/reauthenticate/" in other.get(way_round)["Location"], way_round
    other.post("/accounts/2fa/reauthenticate/", {"code": app_code(secret), "next": "/tab"})
    assert inside(other)


def test_a_session_without_the_proof_cannot_change_the_factors(maya: people.Person) -> None:
    verified(maya)
    here, _response = by_password(maya.email)
    with_app(maya)
    assert inside(here), "nobody requires it here"

    for page in ("/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/"):
        assert "/2fa/reauthenticate/" in here.get(page)["Location"], page
    assert here.post("/api/v1/second-factors/recovery-codes", {}, content_type="application/json").status_code == 403


def test_tokens_rest_until_their_owner_has_a_second_factor(
    olga: people.Person, maya: people.Person, holding: Any, key: Any, now: Any
) -> None:
    script = holding(key(maya))
    assert script.get("me").status_code == 200
    require(olga, now)

    assert (script.get("me").status_code, script.get("me").json()["code"]) == (403, "second_factor_required")

    with_app(maya)
    assert script.get("me").status_code == 200


def test_the_last_factor_stays_where_one_is_required(olga: people.Person, maya: people.Person, now: Any) -> None:
    secret = with_app(maya)
    require(olga, now)
    here, _response = by_password(maya.email)
    here.post(FACTOR, {"code": app_code(secret)})
    factor = next(row for row in here.get("/api/v1/second-factors").json()["results"] if row["kind"] == "totp")

    assert here.delete(f"/api/v1/second-factors/{factor['id']}").status_code == 409
    here.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user_id=maya.id, type="totp").exists()


def test_a_proof_is_not_carried_over_to_the_next_person_in_a_browser(
    olga: people.Person, maya: people.Person, joao: people.Person, now: Any
) -> None:
    secret = with_app(maya)
    with_app(joao)
    require(olga, now)
    here, _response = by_password(maya.email)
    here.post(FACTOR, {"code": app_code(secret)})
    session = here.session
    session["_auth_user_id"] = str(joao.id)
    session["_auth_user_hash"] = get_user_model().objects.get(pk=joao.id).get_session_auth_hash()
    session.save()

    assert not inside(here)


def test_only_admins_may_require_it(olga: people.Person, maya: people.Person, api: Any) -> None:
    assert api(maya).patch("workspace", {"second_factor_required": True}).status_code == 403
    assert api(olga).patch("workspace", {"second_factor_required": True}).json()["second_factor_required"] is True
