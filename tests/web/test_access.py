"""The pages of tokens and devices, as forms without script."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from announcements.people import services as people
from tests.api.conftest import api, holding, key, nobody  # noqa: F401  fixtures
from tests.api.test_connecting import ASKED, BACK, VERIFIER, asks, error, form, polled


@pytest.fixture
def mayas(api: Any, maya: people.Person) -> Any:  # noqa: F811  the fixture
    return api(maya).browser


def words(response: Any) -> str:
    return response.content.decode()


def test_a_token_is_made_shown_once_and_revoked(mayas: Any, holding: Any) -> None:  # noqa: F811
    made = words(mayas.post("/settings/access", {"name": "Report", "scopes": ["feed:read"], "days": "90"}))
    [found] = re.findall(r'value="(mtl_[^"]+)"', made)
    assert holding(found).get("feed").status_code == 200

    again = words(mayas.get("/settings/access"))
    assert found not in again
    assert "Read your announcements" in again and "good until" in again
    [number] = re.findall(r'name="token" value="(\d+)"', again)
    assert "The token is revoked." in words(mayas.post("/settings/access", {"token": number}, follow=True))

    assert holding(found).get("feed").status_code == 401


def test_a_token_without_an_end_is_a_choice(mayas: Any) -> None:
    said = {"name": "Report", "scopes": ["feed:read"]}

    assert "no end" not in words(mayas.post("/settings/access", said)).partition("Make a token")[0]
    assert "no end" in words(mayas.post("/settings/access", {**said, "days": "never"})).partition("Make a token")[0]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "", "scopes": ["feed:read"]}, "blank"),
        ({"name": "Report"}, "Choose at least one thing it may do."),
        ({"name": "Report", "scopes": ["everything"]}, "valid choice"),
    ],
)
def test_a_token_that_cannot_be_made_says_why(mayas: Any, sent: dict[str, Any], said: str) -> None:
    response = mayas.post("/settings/access", sent)

    assert response.status_code == 422
    assert said in words(response)


def test_a_device_is_connected_seen_and_disconnected(mayas: Any, nobody: Any, holding: Any) -> None:  # noqa: F811
    asking = asks(nobody, device_name="Laptop")
    page = words(mayas.get(f"/connect?code={asking['user_code'].lower().replace('-', ' ')}"))
    assert "Mantel new tab on Laptop" in page and "Read your announcements" in page

    done = mayas.post("/connect", {"code": asking["user_code"], "do": "connect"}, follow=True)
    assert "The device is connected" in words(done)
    mine = holding(polled(nobody, asking).json()["access_token"])
    assert mine.get("feed").status_code == 200

    listed = words(mayas.get("/settings/access"))
    [number] = re.findall(r'name="device" value="(\d+)"', listed)
    assert "Laptop" in listed
    mayas.post("/settings/access", {"device": number})
    assert mine.get("feed").status_code == 401


def test_a_device_is_refused(mayas: Any, nobody: Any) -> None:  # noqa: F811
    asking = asks(nobody)

    done = mayas.post("/connect", {"code": asking["user_code"], "do": "refuse"}, follow=True)

    assert "The device is refused" in words(done)
    assert error(polled(nobody, asking)) == "access_denied"


@pytest.mark.parametrize("code", ["BCDF-GHJK", "x", "7", "../me", "<b>", "B" * 500])
def test_a_code_that_nobody_shows_is_said(mayas: Any, code: str) -> None:
    for response in (mayas.get("/connect", {"code": code}), mayas.post("/connect", {"code": code, "do": "connect"})):
        assert response.status_code == 422
        assert "No device is waiting with this code" in words(response)


def test_who_is_not_signed_in_comes_back_to_the_code(nobody: Any, db: None) -> None:  # noqa: F811
    there = nobody.browser.get("/connect?code=BCDF-GHJK")["Location"]

    assert parse_qs(urlsplit(there).query)["next"] == ["/connect?code=BCDF-GHJK"]


def test_a_program_is_let_in_and_gets_its_code(mayas: Any, nobody: Any) -> None:  # noqa: F811
    page = mayas.get(f"/authorize?{urlencode(ASKED)}&prompt=x")
    assert "Connect Mantel new tab" in words(page)
    assert f"form-action 'self' https://{'a' * 32}.chromiumapp.org" in page["Content-Security-Policy"]

    there = mayas.post(f"/authorize?{urlencode(ASKED)}", {"do": "connect"})["Location"]
    code = parse_qs(urlsplit(there).query)["code"][0]

    fields = {"grant_type": "authorization_code", "client_id": ASKED["client_id"], "code": code, "redirect_uri": BACK}
    assert form(nobody, "token", **fields, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scope": "people:write"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_program_is_told_what_it_got_wrong(mayas: Any, changed: dict[str, str], said: str) -> None:
    there = mayas.get(f"/authorize?{urlencode(ASKED | changed)}")["Location"]

    assert there.startswith(BACK)
    assert parse_qs(urlsplit(there).query)["error"] == [said]
    assert parse_qs(urlsplit(there).query)["state"] == ["s&t"]


def test_a_refused_program_is_told(mayas: Any) -> None:
    there = mayas.post(f"/authorize?{urlencode(ASKED)}", {"do": "refuse"})["Location"]

    assert parse_qs(urlsplit(there).query)["error"] == ["access_denied"]


@pytest.mark.parametrize(
    "changed",
    [{"redirect_uri": "https://evil.test/"}, {"client_id": "nobody"}, {"redirect_uri": "javascript:alert(1)"}],
)
@pytest.mark.parametrize("wrong_too", [{}, {"scope": "people:write"}, {"response_type": "token"}])
def test_nobody_is_sent_to_an_address_that_is_not_the_programs(
    mayas: Any, changed: dict[str, str], wrong_too: dict[str, str]
) -> None:
    asked = f"/authorize?{urlencode(ASKED | wrong_too | changed)}"
    for response in (mayas.get(asked), mayas.post(asked, {"do": "refuse"}), mayas.post(asked, {"do": "connect"})):
        assert response.status_code == 422
        assert "evil.test" not in response.get("Content-Security-Policy", "")
