"""Connecting a device over the API: a code typed in (RFC 8628), or one the browser brings back (RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.db import connection

from announcements.people import models
from announcements.people import services as people
from tests.api.test_problems import problem

APP = "mantel-new-tab"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
BACK = f"https://{'a' * 32}.chromiumapp.org/hub"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "response_type": "code",
    "client_id": APP,
    "redirect_uri": BACK,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "state": "s&t",
}


def form(caller: Any, path: str, **fields: Any) -> Any:
    """Send what a program sends: a form, as RFC 6749 has it."""
    content, kind = urlencode(fields, doseq=True), "application/x-www-form-urlencoded"
    return caller.browser.post(
        f"/api/v1/oauth/{path}", content, kind, headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    )


def asks(nobody: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = form(nobody, "device", client_id=APP, **more).json()
    return found


def polled(nobody: Any, asking: dict[str, Any]) -> Any:
    return form(nobody, "token", grant_type=GRANT, client_id=APP, device_code=asking["device_code"])


def connected(nobody: Any, mine: Any, **more: Any) -> str:
    """Connect a device; return its key."""
    asking = asks(nobody, **more)
    assert mine.post(f"pairings/{asking['user_code']}/grant").status_code == 204
    key: str = polled(nobody, asking).json()["access_token"]
    return key


def error(response: Any) -> str:
    assert response.status_code == 400, response.content
    assert set(response.json()) == {"error", "error_description"}
    found: str = response.json()["error"]
    return found


def test_a_device_is_connected_by_the_code_it_shows(
    api: Any, nobody: Any, holding: Any, maya: people.Person, settings: Any
) -> None:
    asking = asks(nobody)
    assert asking["verification_uri"] == f"{settings.BASE_URL}/connect"
    assert asking["verification_uri_complete"].endswith(f"?code={asking['user_code']}")
    assert (asking["expires_in"], asking["interval"]) == (600, 5)
    assert error(polled(nobody, asking)) == "authorization_pending"

    shown = api(maya).get(f"pairings/{asking['user_code'].lower()}").json()
    assert (shown["app_name"], shown["name"]) == ("Mantel new tab", "Firefox on Linux")
    api(maya).post(f"pairings/{asking['user_code']}/grant")
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=5), tick=False):
        answer = polled(nobody, asking)

    assert answer.json()["scope"] == "feed:read receipts:write"
    assert answer.json()["token_type"] == "Bearer"
    assert answer["Cache-Control"] == "private, no-store"
    assert holding(answer.json()["access_token"]).get("feed").status_code == 200


def test_a_code_gives_one_key(api: Any, nobody: Any, maya: people.Person) -> None:
    asking = asks(nobody)
    api(maya).post(f"pairings/{asking['user_code']}/grant")
    assert polled(nobody, asking).status_code == 200

    assert error(polled(nobody, asking)) == "invalid_grant"
    assert len(api(maya).get("devices").json()["results"]) == 1


def test_who_asks_too_fast_is_slowed_down(nobody: Any, db: None) -> None:
    asking, start = asks(nobody), datetime.now(UTC)
    polled(nobody, asking)

    said = []
    for seconds in (2, 8, 28):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            said.append(error(polled(nobody, asking)))

    # 2 s after the first is early; then ten are asked for, and 6 are early again; then fifteen, and 20 are patient.
    assert said == ["slow_down", "slow_down", "authorization_pending"]


def test_a_refused_device_is_told(api: Any, nobody: Any, maya: people.Person) -> None:
    asking = asks(nobody)
    api(maya).post(f"pairings/{asking['user_code']}/refuse")

    assert error(polled(nobody, asking)) == "access_denied"
    problem(api(maya).post(f"pairings/{asking['user_code']}/grant"), 404)


def test_a_code_ends_after_ten_minutes(api: Any, nobody: Any, maya: people.Person) -> None:
    asking = asks(nobody)
    mayas = api(maya)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10, seconds=1), tick=False):
        assert error(polled(nobody, asking)) == "expired_token"
        problem(mayas.post(f"pairings/{asking['user_code']}/grant"), 404)


def test_no_code_and_no_key_is_kept(api: Any, nobody: Any, maya: people.Person) -> None:
    asking = asks(nobody)
    api(maya).post(f"pairings/{asking['user_code']}/grant")
    key = polled(nobody, asking).json()["access_token"]

    kept = f"{list(models.Pairing.objects.values())}{list(models.Token.objects.values())}"

    for secret in (asking["device_code"], asking["user_code"], asking["user_code"].replace("-", ""), key, key[4:]):
        assert secret not in kept


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": ""}, "invalid_request"),
        ({}, "invalid_request"),
        ({"client_id": APP, "scope": "people:write"}, "invalid_scope"),
        ({"client_id": APP, "scope": "everything"}, "invalid_scope"),
        ({"client_id": [APP, "other"]}, "invalid_request"),
    ],
)
def test_what_a_device_asks_wrongly_is_said_in_the_words_of_oauth(
    nobody: Any, db: None, fields: Any, said: str
) -> None:
    assert error(form(nobody, "device", **fields)) == said


def test_fields_that_others_need_are_passed_over(nobody: Any, db: None) -> None:
    assert form(nobody, "device", client_id=APP, prompt="x").status_code == 200


def test_it_may_do_less_than_it_could(api: Any, nobody: Any, holding: Any, maya: people.Person) -> None:
    mine = holding(connected(nobody, api(maya), scope="feed:read"))

    assert mine.get("feed").status_code == 200
    assert problem(mine.post("receipts", {"receipts": []}), 403)["code"] == "scope_missing"


def test_an_unknown_grant_is_refused(nobody: Any, db: None) -> None:
    assert error(form(nobody, "token", grant_type="password", client_id=APP)) == "unsupported_grant_type"


def test_a_program_that_opens_a_browser_brings_back_its_code(
    api: Any, nobody: Any, holding: Any, maya: people.Person, settings: Any
) -> None:
    there = api(maya).post("oauth/authorize", ASKED).json()["redirect_to"]
    told = parse_qs(urlsplit(there).query)
    assert there.startswith(BACK + "?")
    assert (told["state"], told["iss"]) == (["s&t"], [settings.BASE_URL])

    fields = {"grant_type": "authorization_code", "client_id": APP, "code": told["code"][0], "redirect_uri": BACK}
    assert error(form(nobody, "token", **fields, code_verifier="w" * 43)) == "invalid_grant"
    assert error(form(nobody, "token", **fields)) == "invalid_grant"
    other = fields | {"redirect_uri": BACK + "x"}
    assert error(form(nobody, "token", **other, code_verifier=VERIFIER)) == "invalid_grant"
    answer = form(nobody, "token", **fields, code_verifier=VERIFIER)

    assert holding(answer.json()["access_token"]).get("feed").status_code == 200
    assert error(form(nobody, "token", **fields, code_verifier=VERIFIER)) == "invalid_grant"


def test_a_code_brought_back_late_is_none(api: Any, nobody: Any, maya: people.Person) -> None:
    code = parse_qs(urlsplit(api(maya).post("oauth/authorize", ASKED).json()["redirect_to"]).query)["code"][0]
    fields = {"grant_type": "authorization_code", "client_id": APP, "code": code, "redirect_uri": BACK}

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2, seconds=1), tick=False):
        assert error(form(nobody, "token", **fields, code_verifier=VERIFIER)) == "invalid_grant"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("redirect_uri", "https://evil.test/"),
        ("redirect_uri", BACK + "?x=1"),
        ("redirect_uri", f"https://{'a' * 32}.chromiumapp.org.evil.test/"),
        ("redirect_uri", f"https://evil@{'a' * 32}.chromiumapp.org/\n"),
        ("code_challenge", "short"),
        ("code_challenge_method", "plain"),
        ("response_type", "token"),
        ("client_id", "nobody"),
        ("scope", "people:write"),
    ],
)
def test_a_browser_is_sent_nowhere_with_a_wrong_question(api: Any, maya: people.Person, field: str, value: str) -> None:
    said = problem(api(maya).post("oauth/authorize", ASKED | {field: value}), 422)

    assert said["errors"][0]["field"] == field


def test_a_registered_program_goes_back_to_its_own_address_alone(api: Any, maya: people.Person) -> None:
    models.App.objects.create(
        id="intranet", name="Intranet", scopes=["people:read"], redirects=["https://i.test/in?a=1"]
    )
    asked = ASKED | {"client_id": "intranet", "redirect_uri": "https://i.test/in?a=1"}

    assert api(maya).post("oauth/authorize", asked).json()["redirect_to"].startswith("https://i.test/in?a=1&code=")
    problem(api(maya).post("oauth/authorize", asked | {"redirect_uri": "https://i.test/in"}), 422)
    problem(api(maya).post("oauth/authorize", asked | {"redirect_uri": BACK}), 422)


def test_a_device_signs_itself_out(api: Any, nobody: Any, holding: Any, maya: people.Person) -> None:
    key = connected(nobody, api(maya))

    for _time in range(2):
        assert form(nobody, "revoke", client_id=APP, token=key).status_code == 200

    problem(holding(key).get("feed"), 401)
    assert api(maya).get("devices").json()["results"] == []


def test_a_device_cannot_end_a_token(nobody: Any, holding: Any, key: Any, maya: people.Person) -> None:
    token = key(maya)

    form(nobody, "revoke", client_id="", token=token)
    form(nobody, "revoke", client_id=APP, token=token)

    assert holding(token).get("me").status_code == 200


def test_devices_and_tokens_are_listed_apart(api: Any, nobody: Any, key: Any, maya: people.Person) -> None:
    key(maya)
    connected(nobody, api(maya), device_name="Laptop")

    [device] = api(maya).get("devices").json()["results"]

    assert (device["name"], device["app_name"], device["last_used_on"]) == ("Laptop", "Mantel new tab", None)
    assert device["scopes"] == ["feed:read", "receipts:write"]
    assert [token["name"] for token in api(maya).get("tokens").json()["results"]] == ["test"]
    problem(api(maya).delete(f"tokens/{device['id']}"), 404)


def test_where_everything_is_can_be_asked(nobody: Any, settings: Any) -> None:
    found = nobody.browser.get("/.well-known/oauth-authorization-server").json()

    assert found["issuer"] == settings.BASE_URL
    assert found["device_authorization_endpoint"] == f"{settings.BASE_URL}/api/v1/oauth/device"
    assert found["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_get_one_key(api: Any, nobody: Any, maya: people.Person) -> None:
    asking = asks(nobody)
    people.grant_pairing(by=maya.id, user_code=asking["user_code"], now=datetime.now(UTC))
    models.Pairing.objects.update(interval=0)  # both may ask

    def redeem(_place: int) -> str:
        try:
            new = people.redeem_pairing(app_id=APP, device_code=asking["device_code"], now=datetime.now(UTC))
        except people.NotPaired as refusal:
            return refusal.code
        else:
            return new.key[:4]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(redeem, range(2)))

    assert answers == ["invalid_grant", "mtd_"]
    assert len(people.devices(by=maya.id, now=datetime.now(UTC))) == 1
