"""The company over HTTP: what everybody reads, and its logo as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from announcements.people import services as people
from tests.pictures import picture


def test_everybody_reads_the_clocks_and_whether_it_is_working_time_there(
    api: Any, olga: people.Person, maya: people.Person
) -> None:
    clocks = [{"label": "Porto", "timezone": "Europe/Lisbon"}, {"label": "Manila", "timezone": "Asia/Manila"}]
    links = [{"label": "Handbook", "url": "https://handbook.test/"}]
    assert api(olga).patch("workspace", {"clocks": clocks, "links": links}).status_code == 200

    with time_machine.travel(datetime(2026, 11, 16, 9, 30, tzinfo=UTC), tick=False):  # Monday, 17:30 in Manila
        monday = api(maya).get("workspace").json()
    with time_machine.travel(datetime(2026, 11, 20, 20, 0, tzinfo=UTC), tick=False):  # Friday evening
        friday = api(maya).get("workspace").json()

    assert [(one["working"], one["changes_at"]) for one in monday["clocks"]] == [
        (True, "2026-11-16T18:00:00Z"),
        (True, "2026-11-16T10:00:00Z"),
    ]
    assert [(one["working"], one["changes_at"]) for one in friday["clocks"]] == [
        (False, "2026-11-23T09:00:00Z"),
        (False, "2026-11-23T01:00:00Z"),
    ]
    assert monday["links"] == [{"label": "Handbook", "url": "https://handbook.test/", "icon": "link"}]


def test_a_wrong_item_is_named_by_its_place(api: Any, olga: people.Person) -> None:
    links = [{"label": "A", "url": "https://a.test/"}, {"label": "B", "url": "ftp://b.test/"}]
    answer = api(olga).patch("workspace", {"links": links})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "links.1.url")
    clock = api(olga).patch("workspace", {"clocks": [{"label": "Oz", "timezone": "Oz/City"}]})
    assert clock.json()["errors"][0]["field"] == "clocks.0.timezone"


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "multipart/form-data"])
def test_a_logo_is_kept_for_ever_by_its_own_people_only(
    api: Any, olga: people.Person, charlie: people.Person, kind: str
) -> None:
    content, sent_as = picture(), kind
    if kind == "multipart/form-data":
        sent_as = "multipart/form-data; boundary=x"
        content = (
            b'--x\r\nContent-Disposition: form-data; name="logo"; filename="a.png"\r\n\r\n' + content + b"\r\n--x--\r\n"
        )
    answer = api(olga).put("workspace/logo", content, sent_as)
    assert answer.status_code == 200, answer.content

    address = answer.json()["logo"]["large"].removeprefix("/api/v1/")
    shown = api(olga).get(address)

    assert (shown.headers["Content-Type"], shown.content[:4]) == ("image/png", b"\x89PNG")
    assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert api(charlie).get(address).status_code == 404
    assert api(olga).get(address.replace("256", "255")).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"<svg/>", "image/svg+xml", 422),
        (b"", "image/png", 422),
        (b"{}", "application/json", 415),
        (b"x" * 1_600_000, "image/png", 413),
    ],
)
def test_what_is_no_logo_is_refused(api: Any, olga: people.Person, content: bytes, kind: str, status: int) -> None:
    assert api(olga).put("workspace/logo", content, kind).status_code == status


def test_the_password_of_the_mail_server_comes_out_nowhere(api: Any, olga: people.Person) -> None:
    given = {"host": "smtp.northwind.test", "user": "hub", "password": "very secret", "sender": "hub@northwind.test"}
    answers = [
        api(olga).patch("workspace/mail-server", given),
        api(olga).get("workspace/mail-server"),
        api(olga).get("workspace"),
    ]

    assert answers[0].json()["server"]["has_password"] is True
    assert all(answer.status_code == 200 and b"secret" not in answer.content for answer in answers)


def test_trying_mail_takes_no_idempotency_key_so_that_no_transaction_waits_for_a_server(
    api: Any, olga: people.Person
) -> None:
    key = {"Idempotency_Key": "one"}
    first, second = (api(olga).post("workspace/mail-server/try", {}, **key) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert "Idempotent-Replay" not in second.headers


def test_half_an_answer_of_the_set_up_is_refused(api: Any, olga: people.Person) -> None:
    assert api(olga).patch("setup", {"step": "mail"}).status_code == 422
    assert api(olga).patch("setup", {}).status_code == 422
    assert api(olga).patch("setup", {"step": "organization", "state": "skipped"}).status_code == 422
    assert api(olga).patch("setup", {"step": "tab", "state": "done"}).json()["current"] == "mail"
