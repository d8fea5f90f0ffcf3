"""One's own second factors: set up, seen and removed, by a sign-in that is fresh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from announcements.people import events
from announcements.people import services as people
from tests.security.signing import app_code, by_password, recovery_code, verified, with_app


@pytest.fixture
def told() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    heard: list[tuple[str, dict[str, Any]]] = []

    def hear(*, verb: str, details: dict[str, Any], **_: Any) -> None:
        heard.append((verb, details))

    events.noted.connect(hear)
    yield heard
    events.noted.disconnect(hear)


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_in_two_steps_and_removed(maya: people.Person, told: Any) -> None:
    verified(maya)
    here, _response = by_password(maya.email)

    def post(path: str, data: Any) -> Any:
        return here.post(f"/api/v1/second-factors{path}", data, content_type="application/json")

    begun = post("/totp", {}).json()
    assert begun["secret"] in begun["url"]
    assert post("/totp/confirm", {"code": "000000"}).status_code == 422
    assert here.get("/api/v1/second-factors").json()["results"] == []

    codes = post("/totp/confirm", {"code": app_code(begun["secret"])})

    assert codes.status_code == 201
    assert len(codes.json()["recovery_codes"]) == 10
    assert post("/totp", {}).status_code == 409
    rows = {row["kind"]: row for row in here.get("/api/v1/second-factors").json()["results"]}
    assert rows["recovery_codes"]["left"] == 10
    new = post("/recovery-codes", {}).json()["recovery_codes"]
    assert not set(new) & set(codes.json()["recovery_codes"])
    assert here.delete(f"/api/v1/second-factors/{rows['totp']['id']}").status_code == 204
    assert here.get("/api/v1/second-factors").json()["results"] == []
    assert [one for one in told if one[0].startswith("second")] == [
        ("second_factor_added", {"kind": "authenticator app"}),
        ("second_factor_added", {"kind": "recovery codes"}),
        ("second_factor_removed", {"kind": "authenticator app"}),
        ("second_factor_removed", {"kind": "recovery codes"}),
    ]


def test_no_answer_of_the_api_holds_a_secret_of_a_factor(maya: people.Person, api: Any) -> None:
    secret = with_app(maya)
    spare = recovery_code(maya)

    said = api(maya).get("second-factors").content.decode()

    assert secret not in said
    assert spare not in said


def test_a_stale_sign_in_changes_no_factor(maya: people.Person, api: Any) -> None:
    refused = api(maya).post("second-factors/totp", {})

    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_not_fresh")


@pytest.mark.parametrize("credential", [None, {}, [], "x", 1, {"id": "x"}, {"response": {"clientDataJSON": "x"}}])
def test_a_passkey_that_is_none(maya: people.Person, credential: Any) -> None:
    verified(maya)
    here, _response = by_password(maya.email)
    here.post("/api/v1/second-factors/passkeys", {}, content_type="application/json")

    sent = here.post(
        "/api/v1/second-factors/passkeys/confirm", {"credential": credential}, content_type="application/json"
    )

    assert sent.status_code == 422, sent.content


def test_a_passkey_is_begun_for_the_address_people_use(maya: people.Person) -> None:
    verified(maya)
    here, _response = by_password(maya.email)

    options = here.post("/api/v1/second-factors/passkeys", {}, content_type="application/json").json()["options"]

    assert options["publicKey"]["rp"]["id"] == "hub.test"
    assert options["publicKey"]["user"]["name"] == maya.email
