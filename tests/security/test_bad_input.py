"""Bad input: a clear problem, no traceback, nothing half written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from announcements.people import services as people
from tests.api.test_imports import upload, work
from tests.api.test_problems import problem

HUGE = 10**30


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": 5}, "title"),
        ({"title": None}, "title"),
        ({"title": ["a"]}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "nul\x00"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"summary": "x" * 281}, "summary"),
        ({"kind": "rumour"}, "kind"),
        ({"ask_acknowledge": "yes"}, "ask_acknowledge"),
        ({"deadline": "tomorrow"}, "deadline"),
        ({"deadline": 5}, "deadline"),
        ({"nudge_hours": [1, 2, 3, 4]}, "nudge_hours"),
        ({"nudge_hours": ["1"]}, "nudge_hours.0"),
        ({"nudge_hours": [HUGE]}, "nudge_hours.0"),
        ({"audience": []}, "audience"),
        ({"audience": {"person_ids": [HUGE]}}, "audience.person_ids.0"),
        ({"audience": {"person_ids": [-1]}}, "audience.person_ids.0"),
        ({"audience": {"person_ids": [True]}}, "audience.person_ids.0"),
        ({"audience": {"group_ids": [1] * 501}}, "audience.group_ids"),
        ({"audience": {"tribe": 1}}, "audience.tribe"),
        ({"colour": "red"}, "colour"),
        ({"\ud800": 1}, "\\ud800"),
        ({"body": "a", "body_markdown": "b"}, "body_markdown"),
    ],
)
def test_a_draft_with_a_wrong_field(api: Any, olga: people.Person, wrong: dict[str, Any], field: str) -> None:
    olgas = api(olga)

    said = problem(olgas.post("announcements", {"title": "Kept"} | wrong), 422)

    assert [error["field"] for error in said["errors"]] == [field]
    assert said["errors"][0]["message"]
    assert olgas.get("announcements").json()["results"] == []


@pytest.mark.parametrize("body", ["[1]", '"text"', "5", "null"])
def test_a_body_that_is_no_object(api: Any, olga: people.Person, body: str) -> None:
    problem(api(olga).browser.post("/api/v1/announcements", body, content_type="application/json"), 422)


def test_an_empty_audience_cannot_be_published(api: Any, olga: people.Person) -> None:
    olgas = api(olga)
    started = olgas.post("announcements", {"title": "For whom?"}).json()

    said = problem(olgas.post(f"announcements/{started['id']}/publish", {}), 422)

    assert "audience" in {error["field"] for error in said["errors"]}
    assert olgas.get(f"announcements/{started['id']}").json()["state"] == "draft"


def test_a_foreign_person_in_an_audience(api: Any, olga: people.Person, charlie: people.Person) -> None:
    said = problem(api(olga).post("audience", {"person_ids": [charlie.id]}), 422)

    assert said["errors"][0]["field"] == "audience"


def test_a_deadline_in_the_past(api: Any, olga: people.Person, draft: dict[str, Any]) -> None:
    olgas = api(olga)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    started = olgas.post("announcements", draft | {"deadline": yesterday})
    response = started
    if started.status_code == 201:
        response = olgas.post(f"announcements/{started.json()['id']}/publish", {})

    assert problem(response, 422)["errors"][0]["field"] == "deadline"


@pytest.mark.parametrize("cursor", ["x", "%00", "WyJhIiwiYiJd", "WzEsMl0", "W10", "a" * 401, "é", "bnVsbA=="])
@pytest.mark.parametrize("path", ["people", "announcements"])
def test_a_cursor_we_never_gave(api: Any, olga: people.Person, path: str, cursor: str) -> None:
    said = problem(api(olga).get(f"{path}?cursor={cursor}"), 422)

    assert said["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", f"limit={HUGE}", "colour=red", "group_id=0", f"group_id={HUGE}"]
)
def test_a_wrong_query(api: Any, olga: people.Person, query: str) -> None:
    assert problem(api(olga).get(f"people?{query}"), 422)["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize("given", ["0", "-1", "x", "1.5", str(HUGE), "%00"])
def test_an_id_that_cannot_be(api: Any, olga: people.Person, given: str) -> None:
    problem(api(olga).get(f"announcements/{given}"), 404)


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "x" * 4000])
def test_a_tampered_mail_link(nobody: Any, token: str) -> None:
    problem(nobody.get(f"mail-links/{token}"), 404)
    problem(nobody.post(f"mail-links/{token}/acknowledge", {}), 404)
    problem(nobody.post(f"mail-links/{token}/unsubscribe", {}), 404)


def test_markup_that_does_something_is_taken_out(api: Any, olga: people.Person) -> None:
    body = "<p onclick=x>Hello</p><script>alert(1)</script><a href='javascript:x'>go</a>"

    started = api(olga).post("announcements", {"title": "<b>x</b>", "body": body}).json()

    assert "script" not in started["body"]
    assert "onclick" not in started["body"]
    assert started["title"] == "<b>x</b>"


def test_a_long_list_in_an_old_encoding_that_breaks_near_its_end(api: Any, olga: people.Person) -> None:
    rows = [f"Jürgen Müßig {n};p{n}@northwind.test" for n in range(59_990)]
    rows[41_235] = '"Jürgen" Müßig;broken@northwind.test'
    olgas = api(olga)

    made = upload(olgas, "\r\n".join(["Name;E-Mail", *rows]).encode("cp1252"))
    assert made.status_code == 201
    work(made.json()["id"])

    at = f"imports/{made.json()['id']}"
    said = olgas.get(at).json()
    assert (said["stage"], said["rows"]) == ("unreadable", 0)
    assert said["fault"].startswith("Line 41237: a quotation mark")
    assert olgas.get(f"{at}/rows").json()["results"] == []
    problem(olgas.post(f"{at}/start", {}), 409)
    assert [one["name"] for one in olgas.get("people").json()["results"]] == ["Olga Berg"]
