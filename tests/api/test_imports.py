"""Importing people over the API: a file goes in, decisions, a start, an undo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from announcements.people import services as people
from announcements.roster import services as roster
from tests.api.test_problems import problem

LIST = "Name;E-Mail;Time zone\nBen K;ben@northwind.test;CST6\nMüller;mueller@northwind.test;\n"


def upload(caller: Any, content: bytes, name: str = "people.csv", **headers: str) -> Any:
    file = SimpleUploadedFile(name, content)
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return caller.browser.post("/api/v1/imports", {"file": file}, headers=named)


def work(import_id: int) -> None:
    while roster.work(import_id=import_id, now=datetime.now(UTC)):
        pass


def test_a_list_goes_from_file_to_people_and_back(api: Any, olga: people.Person) -> None:
    olgas = api(olga)
    made = upload(olgas, LIST.encode("cp1252"))
    assert (made.status_code, made.json()["stage"], made.json()["file_name"]) == (201, "reading", "people.csv")
    at = made.headers["Location"].removeprefix("/api/v1/")
    import_id = made.json()["id"]
    work(import_id)
    matched = olgas.get(at).json()
    assert (matched["stage"], matched["columns"]) == ("matching", ["name", "email", "timezone"])
    assert matched["samples"][1] == ["Müller", "mueller@northwind.test", ""]

    assert olgas.patch(at, {"columns": matched["columns"]}).json()["stage"] == "checking"
    work(import_id)
    checked = olgas.get(at).json()
    assert checked["problems"] == [{"kind": "timezone", "rows": 1, "proposed": 1}]
    row = olgas.get(f"{at}/rows?kind=problem").json()["results"][0]
    assert (row["number"], row["problems"][0]["proposal"]) == (2, "Europe/Amsterdam")
    said = problem(olgas.post(f"{at}/decisions", {"problem": "timezone", "do": "choose", "value": "Mars"}), 422)
    assert said["errors"][0]["field"] == "value"
    olgas.post(f"{at}/decisions", {"problem": "timezone", "do": "use", "row": 2})
    work(import_id)
    assert olgas.get(at).json()["counts"]["new"] == 2

    started = olgas.post(f"{at}/start", {"invite_new": True}).json()
    assert (started["stage"], started["invites"], checked["invites"]) == ("importing", True, False)
    work(import_id)
    assert {one["name"] for one in olgas.get("invitations").json()["results"]} == {"Ben K", "Müller"}
    assert {one["name"] for one in olgas.get("people").json()["results"]} == {"Olga Berg", "Ben K", "Müller"}
    assert "Müller,mueller@northwind.test" in olgas.get("people/export").content.decode()
    problem(olgas.post(f"{at}/start", {}), 409)
    olgas.post(f"{at}/undo", {})
    work(import_id)
    assert olgas.get(at).json()["stage"] == "undone"
    assert {one["state"] for one in olgas.get("invitations").json()["results"]} == {"revoked"}
    assert [one["id"] for one in olgas.get("imports").json()["results"]] == [import_id]


def test_a_file_may_be_the_body_and_larger_than_json(api: Any, olga: people.Person) -> None:
    content = b"name,email,title\n" + b"".join(
        b"Person %d,p%d@northwind.test,%s\n" % (n, n, b"x" * 70) for n in range(20_000)
    )
    olgas = api(olga)
    sent = {"headers": {"Idempotency-Key": "once"}, "content_type": "text/csv"}
    made = [olgas.browser.post("/api/v1/imports?file_name=all.csv", content, **sent).json() for _ in range(2)]

    assert len(content) > 1_500_000
    assert made[0]["id"] == made[1]["id"]
    work(made[0]["id"])
    assert olgas.get(f"imports/{made[0]['id']}").json()["rows"] == 20_000
    assert upload(olgas, content).status_code == 201


@pytest.mark.parametrize(
    ("content", "status"), [(b"PK\x03\x04", 422), (b"", 422), (b"x" * 20_200_000, 413)], ids=["xlsx", "empty", "large"]
)
def test_what_is_no_list_is_refused(api: Any, olga: people.Person, content: bytes, status: int) -> None:
    problem(upload(api(olga), content), status)


def test_members_and_strangers_cannot_upload(
    api: Any, nobody: Any, olga: people.Person, maya: people.Person, charlie: people.Person
) -> None:
    assert [upload(caller, LIST.encode()).status_code for caller in (api(maya), nobody)] == [403, 401]
    made = upload(api(olga), LIST.encode()).json()
    problem(api(charlie).get(f"imports/{made['id']}"), 404)


def test_a_token_imports_no_owner(api: Any, holding: Any, key: Any, olga: people.Person, maya: people.Person) -> None:
    script = holding(key(olga, "people:write"))
    for listed in (
        "Name;E-Mail;Role\nBen K;ben@northwind.test;owner\n",
        f"Name;E-Mail;Role\nMaya;{maya.email};owner\n",
    ):
        made = upload(api(olga), listed.encode()).json()
        work(made["id"])
        at = f"imports/{made['id']}"
        api(olga).patch(at, {"columns": ["name", "email", "role"]})
        work(made["id"])

        problem(script.post(f"{at}/start", {}), 403)
        assert api(olga).get(at).json()["stage"] == "checked"
        assert api(olga).post(f"{at}/start", {}).status_code == 200
        work(made["id"])
    assert {one["role"] for one in api(olga).get("people").json()["results"]} == {"owner"}
