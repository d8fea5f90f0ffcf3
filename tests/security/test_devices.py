"""A device may do what it was let in for, never more than its person may now, and ends when it should."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from announcements.people import models
from announcements.people import services as people
from tests.api.test_connecting import APP, ASKED, asks, connected, error, form, polled
from tests.api.test_problems import problem
from tests.conftest import PASSWORD
from tests.security.signing import app_code, browser, by_password, with_app

ENDS: dict[str, Callable[..., Any]] = {
    "deactivation": lambda olga, maya, now: people.deactivate(by=olga.id, person_id=maya.id, now=now),
    "a new password": lambda _olga, maya, now: people.change_password(person_id=maya.id, password=PASSWORD, now=now),
    "signing out everywhere": lambda _olga, maya, now: people.end_keys(by=maya.id, now=now),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_all_keys_ends_devices(
    end: str, api: Any, nobody: Any, holding: Any, olga: people.Person, maya: people.Person
) -> None:
    mine = holding(connected(nobody, api(maya)))
    assert mine.get("feed").status_code == 200

    ENDS[end](olga, maya, datetime.now(UTC))

    problem(mine.get("feed"), 401)


@pytest.mark.parametrize("end", ENDS)
def test_what_was_granted_before_gives_no_key_after(
    end: str, api: Any, nobody: Any, olga: people.Person, maya: people.Person
) -> None:
    asking = asks(nobody)
    api(maya).post(f"pairings/{asking['user_code']}/grant")

    ENDS[end](olga, maya, datetime.now(UTC))

    assert error(polled(nobody, asking)) == "access_denied"


@pytest.mark.django_db(transaction=True)
def test_disconnecting_a_device_ends_it_and_its_feed_keys_at_once(
    api: Any, nobody: Any, holding: Any, maya: people.Person
) -> None:
    lost, kept = (connected(nobody, api(maya), device_name=name) for name in ("Lost", "Kept"))
    reading = holding(holding(lost).post("feed-keys", {}).json()["key"])
    assert reading.get("feed").status_code == 200
    id = next(row["id"] for row in api(maya).get("devices").json()["results"] if row["name"] == "Lost")

    assert api(maya).delete(f"devices/{id}").status_code == 204

    problem(holding(lost).get("feed"), 401)
    problem(reading.get("feed"), 401)
    assert holding(holding(kept).post("feed-keys", {}).json()["key"]).get("feed").status_code == 200
    problem(api(maya).delete(f"devices/{id}"), 404)


def test_a_device_does_nothing_but_what_it_was_let_in_for(
    api: Any, nobody: Any, holding: Any, olga: people.Person
) -> None:
    olgas = holding(connected(nobody, api(olga)))

    for path in ("me", "people", "announcements", "tokens", "devices", "sessions", "audit"):
        assert problem(olgas.get(path), 403)["code"] == "scope_missing"
    for path in ("pairings/BCDFGHJK/grant", "oauth/authorize", "tokens"):
        assert problem(olgas.post(path, ASKED), 403)["code"] == "scope_missing"


# What a scope is for, who may do that, and what they get once they may not any more.
MAY: dict[str, tuple[str, str, object]] = {
    "people:write": ("post", "people", {"email": "new@northwind.test", "name": "New"}),
    "audit:read": ("get", "audit", None),
}


@pytest.mark.parametrize("scope", MAY)
def test_a_key_does_never_more_than_its_owner_may_now(
    scope: str, holding: Any, key: Any, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    method, path, body = MAY[scope]
    people.change_role(by=olga.id, person_id=maya.id, role="owner", now=now)
    mayas = holding(key(maya, scope))

    def act() -> int:
        given = [body] if body is not None else []
        status: int = getattr(mayas, method)(path, *given).status_code
        return status

    assert act() < 300
    people.change_role(by=olga.id, person_id=maya.id, role="member", now=now)
    assert act() == 403


@pytest.mark.parametrize(
    ("scope", "path"), [("announcements:read", ""), ("reach:read", "/reach"), ("receipts:write", "/acknowledge")]
)
def test_a_key_sees_no_announcement_its_owner_may_not_see(
    scope: str, path: str, holding: Any, key: Any, published: Any, charlie: people.Person
) -> None:
    mine = holding(key(charlie, scope))
    address = f"announcements/{published['id']}{path}"

    problem(mine.post(address, {"version": 1}) if scope == "receipts:write" else mine.get(address), 404)


@pytest.mark.parametrize("scope", ["announcements:write", "people:read", "feed:read"])
def test_a_key_ends_with_its_owners_access(
    scope: str, holding: Any, key: Any, olga: people.Person, maya: people.Person
) -> None:
    paths = {"announcements:write": "announcements", "people:read": "people", "feed:read": "feed"}
    mine = holding(key(maya, scope))

    people.deactivate(by=olga.id, person_id=maya.id, now=datetime.now(UTC))

    problem(mine.post(paths[scope]) if scope.endswith("write") else mine.get(paths[scope]), 401)


def test_a_member_publishes_nothing_with_the_scope_to_write(
    holding: Any, key: Any, maya: people.Person, draft: Any
) -> None:
    problem(holding(key(maya, "announcements:write")).post("announcements", draft), 403)


def test_a_device_rests_while_its_person_lacks_a_second_factor(
    api: Any, nobody: Any, holding: Any, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    mine = holding(connected(nobody, api(maya)))
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(second_factor_required=True), now=now)

    assert problem(mine.get("feed"), 403)["code"] == "second_factor_required"
    assert problem(api(maya).get("devices"), 403)["code"] == "second_factor_required"
    for page in ("/connect?code=BCDF-GHJK", "/authorize", "/settings/access"):
        assert api(maya).browser.get(page)["Location"] == "/settings/second-factor"


def test_guessing_codes_is_slow(api: Any, maya: people.Person) -> None:
    mayas = api(maya)

    answers = [mayas.get(f"pairings/BCDFGHJ{letter}").status_code for letter in "BCDFGHJKLMNPQRSTVWXZB"]

    assert answers == [404] * 20 + [429]


def test_one_code_is_not_hammered(nobody: Any, db: None) -> None:
    asking = asks(nobody)

    answers = [polled(nobody, asking).status_code for _time in range(31)]

    assert answers == [400] * 30 + [429]


def test_another_page_cannot_connect_a_device(nobody: Any, maya: people.Person) -> None:
    asking = asks(nobody)
    here = Client(enforce_csrf_checks=True)
    from django.contrib.auth import get_user_model

    here.force_login(get_user_model().objects.get(pk=maya.id))

    answer = here.post("/connect", {"code": asking["user_code"], "do": "connect"})
    here.get(f"/connect?code={asking['user_code']}&do=connect")

    assert answer.status_code == 403
    assert error(polled(nobody, asking)) == "authorization_pending"


def test_the_trail_says_what_was_connected_and_ended(
    api: Any, nobody: Any, olga: people.Person, maya: people.Person
) -> None:
    form(nobody, "revoke", client_id=APP, token=connected(nobody, api(maya), device_name="Laptop"))

    entries = api(olga).get("audit").json()["results"]

    found = {entry["verb"]: entry for entry in entries if entry["subject"] == "device"}
    assert set(found) == {"device_connected", "device_ended"}
    assert found["device_connected"]["details"] == {
        "name": "Laptop", "app": APP, "scopes": ["feed:read", "receipts:write"],
    }  # fmt: skip
    assert found["device_ended"]["by"] == maya.id


@pytest.fixture
def operator(olga: people.Person, settings: Any) -> Client:
    settings.OPERATORS = [olga.email]
    secret = with_app(olga)
    here, _response = by_password(olga.email, at=browser())
    here.post("/accounts/2fa/authenticate/", {"code": app_code(secret)})
    return here


def test_an_operator_registers_a_program_and_ends_it(
    operator: Client, api: Any, nobody: Any, holding: Any, maya: people.Person
) -> None:
    sent = {"id": "intranet", "name": "Intranet", "scopes": '["people:read"]', "redirects": '["https://i.test/in"]'}
    assert operator.post("/admin/people/app/add/", sent).status_code == 302
    asking = form(nobody, "device", client_id="intranet").json()
    api(maya).post(f"pairings/{asking['user_code']}/grant")
    fields = {"client_id": "intranet", "device_code": asking["device_code"]}
    key = form(nobody, "token", grant_type="urn:ietf:params:oauth:grant-type:device_code", **fields).json()
    mine = holding(key["access_token"])
    assert mine.get("people").status_code == 200

    assert operator.post("/admin/people/app/intranet/delete/", {"post": "yes"}).status_code == 302

    problem(mine.get("people"), 401)
    assert error(form(nobody, "device", client_id="intranet")) == "invalid_client"
    assert models.App.objects.get(pk="intranet").ended_at


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": APP},
        {"scopes": '["everything"]'},
        {"scopes": "[]"},
        {"scopes": '"feed:read"'},
        {"scopes": "[1]"},
        {"redirects": '["http://i.test/"]'},
        {"redirects": '["javascript:alert(1)"]'},
        {"redirects": '["https://i.test/#x"]'},
        {"redirects": "[7]"},
    ],
)
def test_a_program_is_checked_before_it_is_registered(operator: Client, wrong: dict[str, str]) -> None:
    sent = {"id": "intranet", "name": "Intranet", "scopes": '["people:read"]', "redirects": "[]"} | wrong

    assert operator.post("/admin/people/app/add/", sent).status_code == 200
    assert not models.App.objects.exists()
