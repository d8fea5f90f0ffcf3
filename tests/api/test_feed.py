"""The feed: the same answer by session, token and feed key; sent once, then 304."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.delivery import services as delivery
from announcements.people import services as people
from tests.api.test_problems import problem
from tests.conftest import PASSWORD


@pytest.fixture
def delivered(published: Any) -> Any:
    """Return what was published, once it has reached everybody."""
    delivery.fan_out(announcement_id=published["id"], now=datetime.now(UTC))
    return published


@pytest.fixture
def mayas(api: Any, holding: Any, maya: people.Person, delivered: Any) -> Any:
    """Return a caller with Maya's feed key."""
    return holding(api(maya).post("feed-keys", {}).json()["key"])


def test_session_token_and_feed_key_answer_the_same(
    api: Any, holding: Any, key: Any, maya: people.Person, mayas: Any
) -> None:
    answers = [caller.get("feed") for caller in (mayas, api(maya), holding(key(maya)))]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert answers[0].json()["items"][0]["title"] == "Office closed on Friday"
    assert len({answer["ETag"] for answer in answers}) == 1


def test_the_feed_is_for_one_person_and_checked_each_time(mayas: Any) -> None:
    response = mayas.get("feed")

    assert response["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Origin"} <= set(response["Vary"].split(", "))
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"other" , W/{}', "*", "nonsense, {}"])
def test_who_has_the_feed_is_not_sent_it_again(mayas: Any, form: str) -> None:
    etag = mayas.get("feed")["ETag"]

    response = mayas.get("feed", If_None_Match=form.format(etag))

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert "Content-Type" not in response


@pytest.mark.parametrize("header", ["", '"other"', "nonsense", '"unclosed', '"', "W/", ",,,", "\x00", '"a"' * 999])
def test_any_other_entity_tag_is_answered_in_full(mayas: Any, header: str) -> None:
    assert mayas.get("feed", If_None_Match=header).status_code == 200


def test_a_new_fact_changes_the_entity_tag(
    api: Any, maya: people.Person, mayas: Any, delivered: Any, django_capture_on_commit_callbacks: Any
) -> None:
    etag = mayas.get("feed")["ETag"]
    with django_capture_on_commit_callbacks(execute=True):
        api(maya).post(f"announcements/{delivered['id']}/acknowledge", {"version": 1})

    response = mayas.get("feed", If_None_Match=etag)

    assert response.status_code == 200
    assert response.json()["items"][0]["acknowledged_at"]


def test_nobody_gets_304_for_the_feed_of_another(api: Any, joao: people.Person, mayas: Any) -> None:
    assert api(joao).get("feed", If_None_Match=mayas.get("feed")["ETag"]).status_code == 200


def test_a_feed_key_asks_no_database(mayas: Any) -> None:
    mayas.get("feed")

    with CaptureQueriesContext(connection) as queries:
        mayas.get("feed")

    assert [query["sql"] for query in queries] == []


def test_an_open_tab_asks_no_database(api: Any, maya: people.Person, delivered: Any) -> None:
    tab = api(maya)
    etag = tab.get("feed")["ETag"]

    with CaptureQueriesContext(connection) as queries:
        answers = [tab.get("feed"), tab.get("feed", If_None_Match=etag)]

    assert [answer.status_code for answer in answers] == [200, 304]
    assert [query["sql"] for query in queries] == []


def test_signing_out_ends_the_feed_at_once(api: Any, maya: people.Person) -> None:
    tab = api(maya)
    cookie = tab.browser.cookies["session"].value
    assert [tab.get("feed").status_code for _ in range(2)] == [200, 200]

    tab.browser.post("/accounts/logout/")
    tab.browser.cookies["session"] = cookie

    problem(tab.get("feed"), 401)


def test_a_new_password_ends_the_feed_of_other_sessions_at_once(
    api: Any, maya: people.Person, django_capture_on_commit_callbacks: Any
) -> None:
    here, elsewhere = api(maya), api(maya)
    assert [elsewhere.get("feed").status_code for _ in range(2)] == [200, 200]

    new = {"password1": "another calm password", "password2": "another calm password"}
    with django_capture_on_commit_callbacks(execute=True):
        assert here.browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new}).status_code == 302

    problem(elsewhere.get("feed"), 401)
    assert here.get("feed").status_code == 200


def test_a_key_beside_a_session_is_what_counts(api: Any, maya: people.Person) -> None:
    tab = api(maya)
    tab.get("feed")

    problem(tab.get("feed", Authorization="Bearer mtl_unknown"), 401)


def test_a_feed_takes_as_many_queries_for_nine_announcements_as_for_one(
    api: Any, olga: people.Person, maya: people.Person, delivered: Any, draft: dict[str, Any]
) -> None:
    asked = []
    for more in (0, 8):
        for _ in range(more):
            started = api(olga).post("announcements", draft).json()
            api(olga).post(f"announcements/{started['id']}/publish")
            delivery.fan_out(announcement_id=started["id"], now=datetime.now(UTC))
        with CaptureQueriesContext(connection) as queries:
            feed = delivery.feed(by=maya.id, now=datetime.now(UTC))
        asked.append((len(feed.items), len(queries)))

    (one, queries_of_one), (nine, queries_of_nine) = asked
    assert (one, nine) == (1, 9)
    assert queries_of_one == queries_of_nine <= 5


def test_who_confirmed_is_counted_once_for_all_readers(
    api: Any, maya: people.Person, joao: people.Person, delivered: Any
) -> None:
    api(maya).get("feed")

    with CaptureQueriesContext(connection) as queries:
        items = api(joao).get("feed").json()["items"]

    assert (items[0]["confirmed"], items[0]["recipients"]) == (0, 3)
    assert not [query["sql"] for query in queries if "COUNT" in query["sql"]]


def test_a_confirmation_and_taking_it_back_are_counted_at_once(
    api: Any, maya: people.Person, joao: people.Person, delivered: Any, django_capture_on_commit_callbacks: Any
) -> None:
    address = f"announcements/{delivered['id']}/acknowledge"
    api(joao).get("feed")
    seen = []
    for act in (lambda: api(maya).post(address, {"version": 1}), lambda: api(maya).delete(address)):
        with django_capture_on_commit_callbacks(execute=True):
            act()
        seen.append(api(maya).get("feed").json()["items"][0]["confirmed"])

    assert seen == [1, 0]


def test_saving_what_one_has_confirmed_counts_nobody_anew(
    api: Any, maya: people.Person, delivered: Any, django_capture_on_commit_callbacks: Any
) -> None:
    word = {"client_id": str(uuid4()), "announcement_id": delivered["id"], "fact": "saved", "channel": "tab"}
    receipts = {"receipts": [word | {"at": datetime.now(UTC).isoformat()}]}
    with django_capture_on_commit_callbacks(execute=True):
        api(maya).post(f"announcements/{delivered['id']}/acknowledge", {"version": 1})
    api(maya).get("feed")

    with django_capture_on_commit_callbacks(execute=True):
        assert api(maya).post("receipts", receipts).json()["accepted"] == 1
    with CaptureQueriesContext(connection) as queries:
        [item] = api(maya).get("feed").json()["items"]

    assert item["saved_at"]
    assert not [query["sql"] for query in queries if "COUNT" in query["sql"]]


def test_after_a_material_change_nobody_counts_as_having_confirmed(
    api: Any, olga: people.Person, maya: people.Person, delivered: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        api(maya).post(f"announcements/{delivered['id']}/acknowledge", {"version": 1})
    assert api(maya).get("feed").json()["items"][0]["confirmed"] == 1

    with django_capture_on_commit_callbacks(execute=True):
        changed = {"title": "Office closed on Monday", "change": "material"}
        assert api(olga).post(f"announcements/{delivered['id']}/correct", changed).status_code == 200

    assert api(maya).get("feed").json()["items"][0]["confirmed"] == 0


def test_a_feed_key_reads_the_feed_and_nothing_else(mayas: Any) -> None:
    problem(mayas.get("me"), 401)
    problem(mayas.post("receipts", {"receipts": []}), 401)


def test_a_feed_key_ends_after_thirty_days(mayas: Any) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, minutes=1), tick=False):
        assert problem(mayas.get("feed"), 401)["code"] == "feed_key_invalid"


@pytest.mark.parametrize("key", ["mfk_", "mfk_1-1-1", "mfk_1-1-1.1tX.AAAA", "mfk_\u00e9", "mfk_" + "x" * 5000])
def test_a_forged_feed_key_is_refused(holding: Any, db: None, key: str) -> None:
    response = holding(key).get("feed")

    assert problem(response, 401)["code"] == "feed_key_invalid"
    assert response["WWW-Authenticate"].startswith("Bearer")
