"""A write sent twice with the same key happens once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.test import Client

from announcements.api import idempotency, models
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.api.test_problems import problem

KEY = "7f3b1c1e-2f0f-4d55-9d1e-0a8a5b1f3c11"


def test_the_first_answer_is_replayed(api: Any, olga: people.Person, draft: dict[str, Any]) -> None:
    olgas = api(olga)
    first = olgas.post("announcements", draft, Idempotency_Key=KEY)

    again = olgas.post("announcements", draft, Idempotency_Key=KEY)

    assert "Idempotent-Replay" not in first
    assert again["Idempotent-Replay"] == "true"
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(olgas.get("announcements").json()["results"]) == 1


def test_a_browser_repeats_a_write_as_programs_do(olga: people.Person, draft: dict[str, Any]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(get_user_model().objects.get(pk=olga.id))
    browser.cookies[settings.CSRF_COOKIE_NAME] = token = "a" * 32

    def begin() -> Any:
        headers = {"X-CSRFToken": token, "Idempotency-Key": KEY}
        return browser.post("/api/v1/announcements", draft, content_type="application/json", headers=headers)

    first, again = begin(), begin()

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())


def test_a_refusal_is_replayed_too(api: Any, olga: people.Person) -> None:
    olgas = api(olga)
    first = olgas.post("announcements/999/publish", {}, Idempotency_Key=KEY)

    again = olgas.post("announcements/999/publish", {}, Idempotency_Key=KEY)

    assert problem(again, 404) == first.json()
    assert again["Idempotent-Replay"] == "true"


def test_the_key_with_another_body_is_refused(api: Any, olga: people.Person, draft: dict[str, Any]) -> None:
    olgas = api(olga)
    olgas.post("announcements", draft, Idempotency_Key=KEY)

    response = olgas.post("announcements", draft | {"title": "Another"}, Idempotency_Key=KEY)

    assert problem(response, 422)["code"] == "idempotency_key_reused"
    assert len(olgas.get("announcements").json()["results"]) == 1


def test_two_people_may_choose_the_same_key(api: Any, olga: people.Person, charlie: people.Person) -> None:
    for person in (olga, charlie):
        assert api(person).patch("me", {"title": "Boss"}, Idempotency_Key=KEY).status_code == 200


def test_a_key_whose_request_still_runs_is_a_conflict(api: Any, olga: people.Person, draft: dict[str, Any]) -> None:
    olgas = api(olga)
    olgas.post("announcements", draft, Idempotency_Key=KEY)
    models.KeptAnswer.objects.update(status=None, body="", claimed_at=datetime.now(UTC))

    response = olgas.post("announcements", draft, Idempotency_Key=KEY)

    assert problem(response, 409)["code"] == "idempotency_key_in_progress"


def test_a_claim_whose_process_died_is_taken_over(api: Any, olga: people.Person, draft: dict[str, Any]) -> None:
    olgas = api(olga)
    olgas.post("announcements", draft, Idempotency_Key=KEY)
    models.KeptAnswer.objects.update(status=None, claimed_at=datetime.now(UTC) - idempotency.LEASE * 2)

    assert olgas.post("announcements", draft, Idempotency_Key=KEY).status_code == 201


def test_after_a_day_the_key_is_free_again(api: Any, olga: people.Person, draft: dict[str, Any]) -> None:
    olgas = api(olga)
    first = olgas.post("announcements", draft, Idempotency_Key=KEY).json()

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=False):
        second = olgas.post("announcements", draft, Idempotency_Key=KEY).json()

    assert second["id"] != first["id"]
    assert models.KeptAnswer.objects.count() == 1


def test_a_failure_nobody_foresaw_leaves_the_key_free(
    api: Any, olga: people.Person, draft: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise IntegrityError("disk full")

    olgas = api(olga)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "create", broken)
        assert olgas.post("announcements", draft, Idempotency_Key=KEY).status_code == 500

    assert olgas.post("announcements", draft, Idempotency_Key=KEY).status_code == 201


def test_a_secret_is_never_kept(api: Any, olga: people.Person) -> None:
    olgas, asked = api(olga), {"name": "ci", "scopes": ["feed:read"]}
    key = olgas.post("tokens", asked, Idempotency_Key=KEY).json()["key"]

    again = olgas.post("tokens", asked, Idempotency_Key=KEY)

    assert problem(again, 409)["code"] == "secret_shown_once"
    assert key not in models.KeptAnswer.objects.get().body
    assert len(olgas.get("tokens").json()["results"]) == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "tab\there"])
def test_a_key_that_is_none_is_refused(api: Any, olga: people.Person, key: str) -> None:
    response = api(olga).patch("me", {"title": "Boss"}, Idempotency_Key=key)

    assert problem(response, 422)["errors"][0]["field"] == "Idempotency-Key"


def test_whoever_lost_their_claim_to_another_undoes_what_they_did(
    api: Any, olga: people.Person, draft: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    create = publishing.create

    def slow(**given: Any) -> Any:
        """Take so long that another request takes the claim over."""
        made = create(**given)
        models.KeptAnswer.objects.update(claimed_at=datetime.now(UTC))
        return made

    olgas = api(olga)
    monkeypatch.setattr(publishing, "create", slow)

    late = olgas.post("announcements", draft, Idempotency_Key=KEY)

    assert problem(late, 409)["code"] == "idempotency_key_in_progress"
    assert olgas.get("announcements").json()["results"] == []
