"""Sessions: seen, ended one by one or all at once, and gone when the password changes or their owner is deactivated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession

from announcements.api.devices import device
from announcements.people import services as people
from tests.conftest import PASSWORD
from tests.security.signing import app_code, browser, by_password, inside, verified, with_app


def listed(client: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/api/v1/sessions").json()["results"]
    return rows


def test_one_sees_the_browsers_one_is_signed_in_with(maya: people.Person) -> None:
    verified(maya)
    here = by_password(maya.email, REMOTE_ADDR="198.51.100.4")[0]
    by_password(maya.email)

    rows = here.get("/api/v1/sessions", REMOTE_ADDR="198.51.100.4").json()["results"]

    assert len(rows) == 2
    assert [row["device"] for row in rows] == ["Firefox on Linux"] * 2
    assert [row["current"] for row in rows].count(True) == 1
    assert "198.51.100.4" in {row["ip"] for row in rows}


def test_nobody_sees_or_ends_another_ones(maya: people.Person, joao: people.Person) -> None:
    verified(maya)
    verified(joao)
    here, theirs = by_password(maya.email)[0], by_password(joao.email)[0]
    number = listed(theirs)[0]["id"]

    assert here.delete(f"/api/v1/sessions/{number}").status_code == 404
    assert number not in {row["id"] for row in listed(here)}
    assert inside(theirs)


def test_one_session_is_ended_at_once(maya: people.Person) -> None:
    verified(maya)
    here, lost = by_password(maya.email)[0], by_password(maya.email)[0]
    number = next(row["id"] for row in listed(here) if not row["current"])
    own = next(row["id"] for row in listed(here) if row["current"])

    assert here.delete(f"/api/v1/sessions/{number}").status_code == 204
    assert here.delete(f"/api/v1/sessions/{own}").status_code == 409

    assert (inside(here), inside(lost)) == (True, False)
    assert len(listed(here)) == 1


def test_signing_out_everywhere_leaves_only_this_browser(maya: people.Person, now: Any) -> None:
    secret = with_app(maya)
    here, lost = by_password(maya.email)[0], by_password(maya.email)[0]
    here.post("/accounts/2fa/authenticate/", {"code": app_code(secret)})
    lost.post("/accounts/2fa/authenticate/", {"code": app_code(secret, ahead=1)})
    token = people.issue_token(by=maya.id, name="x", scopes=("people:read",), now=now).key
    feed_key = lost.post("/api/v1/feed-keys", {}, content_type="application/json").json()["key"]
    people.update_workspace(by=_owner(maya), changes=people.WorkspaceChanges(second_factor_required=True), now=now)
    assert (inside(here), inside(lost)) == (True, True)

    assert here.delete("/api/v1/sessions").status_code == 204

    assert (inside(here), inside(lost)) == (True, False), "and this one keeps its proof of the second factor"
    assert people.authenticate(key=token, now=now) is None
    assert [row["current"] for row in listed(here)] == [True]
    assert people.person(person_id=maya.id).epoch == 2
    assert feed_key


def _owner(person: people.Person) -> int:
    return next(one.id for one in people.people(by=person.id) if one.role == "owner")


def test_a_new_password_ends_every_other_key(maya: people.Person, now: Any) -> None:
    verified(maya)
    here, lost = by_password(maya.email)[0], by_password(maya.email)[0]
    token = people.issue_token(by=maya.id, name="x", scopes=("people:read",), now=now).key

    changed = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another calm password", "password2": "another calm password"},
    )

    assert changed["Location"] == "/settings/security"
    assert (inside(here), inside(lost)) == (True, False)
    assert people.authenticate(key=token, now=now) is None


def test_a_wrong_old_password_changes_nothing(maya: people.Person) -> None:
    verified(maya)
    here = by_password(maya.email)[0]

    here.post(
        "/accounts/password/change/",
        {"oldpassword": "wrong", "password1": "another calm password", "password2": "another calm password"},
    )

    assert inside(by_password(maya.email)[0])


def test_deactivation_ends_them_and_no_way_leads_back(olga: people.Person, maya: people.Person, now: Any) -> None:
    verified(maya)
    here = by_password(maya.email)[0]

    people.deactivate(by=olga.id, person_id=maya.id, now=now)

    assert not inside(here)
    assert by_password(maya.email)[1]["Location"] == "/accounts/inactive/"
    assert not inside(by_password(maya.email)[0])


def test_last_seen_is_noted_every_five_minutes_not_at_each_request(maya: people.Person) -> None:
    verified(maya)
    here = by_password(maya.email)[0]
    inside(here)
    first = UserSession.objects.get(user_id=maya.id).last_seen_at

    inside(here)
    assert UserSession.objects.get(user_id=maya.id).last_seen_at == first

    with time_machine.travel(first + timedelta(minutes=6)):
        inside(here)
    assert UserSession.objects.get(user_id=maya.id).last_seen_at > first


def test_a_token_sees_no_sessions(holding: Any, key: Any, maya: people.Person) -> None:
    for path in ("sessions", "second-factors"):
        assert holding(key(maya)).get(path).status_code == 403


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.5", "curl"),
        ("<script>", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert device(agent) == words


def test_somebody_signed_out_has_no_sessions_to_see(db: None) -> None:
    assert browser().get("/api/v1/sessions").status_code == 401
