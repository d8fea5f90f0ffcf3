"""Every refusal is problem details, whatever refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from announcements.people import services as people


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = response.json()
    assert set(said) == {"type", "title", "status", "detail", "code", "errors"}
    assert said["status"] == status
    return said


def test_an_address_that_does_not_exist(nobody: Any) -> None:
    assert problem(nobody.get("nowhere"), 404)["code"] == "no_such_address"
    assert problem(nobody.browser.get("/api/v2/me"), 404)["code"] == "no_such_address"


def test_nobody_signed_in(nobody: Any) -> None:
    response = nobody.get("me")

    assert problem(response, 401)["code"] == "not_authenticated"
    assert response["WWW-Authenticate"] == 'Bearer realm="Mantel"'


def test_a_method_that_is_not_there_names_those_that_are(api: Any, olga: people.Person) -> None:
    response = api(olga).delete("me")

    problem(response, 405)
    assert response["Allow"] == "GET, HEAD, PATCH"


def test_an_answer_in_another_format_than_json(api: Any, olga: people.Person) -> None:
    problem(api(olga).get("me", Accept="text/csv"), 406)


def test_a_body_that_is_not_json(api: Any, olga: people.Person) -> None:
    client = api(olga).browser

    for broken in ('{"title": ', "[" * 100_000, '{"a": NaN}', b"\xff\xfe"):
        response = client.post("/api/v1/announcements", broken, content_type="application/json")
        assert problem(response, 400)["code"] == "parse_error"


def test_a_form_instead_of_json(api: Any, olga: people.Person) -> None:
    problem(api(olga).browser.post("/api/v1/announcements", {"title": "x"}), 415)


def test_another_charset_than_utf8_changes_nothing(api: Any, olga: people.Person) -> None:
    for charset in ("utf-16", "latin-1", "no-such"):
        response = api(olga).browser.generic(
            "PATCH", "/api/v1/me?x=%C3", '{"title": "Café"}', content_type=f"application/json; charset={charset}"
        )
        assert response.json()["title"] == "Café"


def test_more_than_the_api_reads(api: Any, olga: people.Person) -> None:
    refused = problem(api(olga).post("announcements", {"title": "x" * 2_000_000}), 413)

    assert refused["code"] == "too_large"
    assert "1500000 bytes" in refused["detail"]
    assert refused["errors"] == [{"field": "", "message": refused["detail"]}]


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/hub", "/nothing"])
def test_a_foreign_host_is_refused_in_one_line(path: str, db: None, caplog: pytest.LogCaptureFixture) -> None:
    answer = Client().get(path, headers={"Host": "evil.test"})

    assert (answer.status_code, "evil" in answer.content.decode()) == (400, False)
    assert answer["Content-Type"].startswith("application/problem+json" if "api" in path else "text/plain")
    [line] = caplog.records
    assert (line.levelname, line.exc_info) == ("WARNING", None)
    assert "HUB_HOSTS" in line.getMessage()


def test_every_wrong_field_is_named(api: Any, olga: people.Person) -> None:
    sent = {"title": 5, "colour": "red", "audience": {"group_ids": ["a"]}, "nudge_hours": [1, 2, 3, 4]}

    said = problem(api(olga).post("announcements", sent), 422)

    assert {error["field"] for error in said["errors"]} == {"title", "colour", "audience.group_ids.0", "nudge_hours"}
    assert all(error["message"] for error in said["errors"])


def test_asking_too_often(api: Any, olga: people.Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserRateThrottle, "rate", "1/min", raising=False)
    olgas = api(olga)
    olgas.get("me")

    response = olgas.get("me")

    assert problem(response, 429)["code"] == "throttled"
    assert 1 <= int(response["Retry-After"]) <= 60


def test_what_nobody_foresaw_tells_nothing_of_its_cause(
    api: Any, olga: people.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the secret cause")

    monkeypatch.setattr(people, "tokens", broken)

    response = api(olga).get("tokens")

    problem(response, 500)
    assert "secret cause" not in response.content.decode()
