"""Who calls, and what their key is good for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from announcements.people import services as people
from tests.api.test_problems import problem


def test_a_token_calls_as_its_owner(holding: Any, key: Any, ines: people.Person) -> None:
    assert holding(key(ines)).get("me").json()["email"] == ines.email


def test_a_token_without_the_scope_is_refused(holding: Any, key: Any, ines: people.Person) -> None:
    reader = holding(key(ines, "feed:read"))

    assert problem(reader.get("me"), 403)["code"] == "scope_missing"
    assert reader.get("feed").status_code == 200


def test_where_no_scope_would_help_none_is_asked_for(holding: Any, key: Any, ines: people.Person) -> None:
    response = holding(key(ines, "feed:read")).delete("me")

    assert problem(response, 405)["code"] == "method_not_allowed"
    assert response["Allow"] == "GET, HEAD, PATCH"


def test_a_token_cannot_make_tokens(holding: Any, key: Any, ines: people.Person) -> None:
    sent = {"name": "longer life", "scopes": ["feed:read"]}

    assert problem(holding(key(ines)).post("tokens", sent), 403)["code"] == "scope_missing"


def test_a_token_never_exceeds_its_owner(holding: Any, key: Any, ines: people.Person) -> None:
    problem(holding(key(ines)).patch("workspace", {"name": "Mine"}), 403)


def test_an_unknown_key_says_so(holding: Any, db: None) -> None:
    response = holding("mtl_" + "x" * 43).get("me")

    assert "expired or revoked" in problem(response, 401)["detail"]
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_is_refused(holding: Any, olga: people.Person, api: Any) -> None:
    at = datetime.now(UTC) + timedelta(days=1)
    new = api(olga).post("tokens", {"name": "short", "scopes": ["people:read"], "expires_at": at.isoformat()})
    caller = holding(new.json()["key"])
    assert caller.get("me").status_code == 200

    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        problem(caller.get("me"), 401)


def test_a_token_ends_after_ninety_days_unless_its_person_says_otherwise(olga: people.Person, api: Any) -> None:
    def ends(**said: Any) -> Any:
        made = api(olga).post("tokens", {"name": "x", "scopes": ["people:read"], **said})
        return made.json()["token"]["expires_at"]

    left = datetime.fromisoformat(ends()) - datetime.now(UTC)
    assert timedelta(days=89, hours=23) < left <= timedelta(days=90)
    assert ends(expires_at=None) is None


def test_a_revoked_token_is_refused_at_once(holding: Any, olga: people.Person, api: Any) -> None:
    olgas = api(olga)
    new = olgas.post("tokens", {"name": "lost", "scopes": ["people:read"]}).json()

    assert olgas.delete(f"tokens/{new['token']['id']}").status_code == 204

    problem(holding(new["key"]).get("me"), 401)
    assert olgas.get("tokens").json()["results"] == []


def test_somebody_elses_token_is_not_there(api: Any, olga: people.Person, charlie: people.Person) -> None:
    new = api(olga).post("tokens", {"name": "mine", "scopes": ["people:read"]}).json()

    problem(api(charlie).delete(f"tokens/{new['token']['id']}"), 404)


def test_deactivation_ends_session_and_tokens(
    api: Any,
    holding: Any,
    key: Any,
    olga: people.Person,
    maya: people.Person,
    django_capture_on_commit_callbacks: Any,
) -> None:
    browser, script = api(maya), holding(key(maya))
    feed_key = browser.post("feed-keys", {}).json()["key"]
    reader = holding(feed_key)
    assert [who.get("feed").status_code for who in (browser, script, reader)] == [200, 200, 200]

    with django_capture_on_commit_callbacks(execute=True):
        api(olga).post(f"people/{maya.id}/deactivate", {})

    assert [who.get("feed").status_code for who in (browser, script, reader)] == [401, 401, 401]


def test_a_session_writes_only_with_its_csrf_token(olga: people.Person, api: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = api(olga).browser.cookies

    response = browser.patch("/api/v1/me", '{"title": "Boss"}', content_type="application/json")

    assert "CSRF" in problem(response, 403)["detail"]


@pytest.mark.parametrize("header", ["Basic b2xnYTpi", "Bearer", "Bearer ", "bearer x y", "Bearer \x00", "mtl_x"])
def test_any_other_authorization_is_a_401(nobody: Any, header: str) -> None:
    problem(nobody.get("me", Authorization=header), 401)
