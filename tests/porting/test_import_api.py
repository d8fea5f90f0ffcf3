"""Bringing in over the API, as a stranger with a token would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from announcements.audit import services as audit
from announcements.people import services as people
from tests.api.conftest import Api
from tests.porting.bringing import worked, zipped

FILES = {"a.md": "---\ndate: 2024-05-31\n---\n# We move\n", "b.md": "# Never"}


def test_from_a_file_to_the_archive_and_back(api: Callable[[people.Person], Api], olga: people.Person) -> None:
    olgas, now = api(olga), datetime.now(UTC)
    sent = olgas.browser.post(
        "/api/v1/announcement-imports?file_name=old.zip", zipped(FILES), content_type="application/octet-stream"
    )
    assert (sent.status_code, sent.json()["stage"], sent.json()["name"]) == (201, "reading", "old.zip")
    where = sent.headers["Location"].removeprefix("/api/v1/")
    worked(sent.json()["id"], now)

    assert olgas.get("announcement-imports").json()["results"] == [olgas.get(where).json()]
    (broken,) = olgas.get(f"{where}/entries?kind=problem").json()["results"]
    assert (broken["name"], broken["announcement_id"], len(broken["problems"])) == ("b.md", None, 1)
    assert olgas.get(f"{where}/entries?limit=1").json()["next"] == 1

    wrong = olgas.post(f"{where}/start", {"audience": {"group_ids": [987]}})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "audience")
    assert olgas.post(f"{where}/start", {}).json()["stage"] == "importing"
    assert olgas.post(f"{where}/start", {}).status_code == 409
    worked(sent.json()["id"], now)

    (entry,) = olgas.get(f"{where}/entries?kind=new").json()["results"]
    shown = olgas.get(f"announcements/{entry['announcement_id']}").json()
    assert (shown["title"], shown["published_at"][:10]) == ("We move", "2024-05-31")
    assert olgas.post(f"{where}/undo", {}).json()["stage"] == "undoing"
    worked(sent.json()["id"], now)
    assert olgas.get(where).json()["stage"] == "undone"
    assert olgas.get(f"announcements/{entry['announcement_id']}").status_code == 404
    verbs = [
        one.verb.removeprefix("announcements_import_")
        for one in audit.entries(by=olga.id, asked=audit.Asked(), limit=3)
    ]
    assert verbs == ["undone", "finished", "started"]


def test_a_form_may_hold_the_file_and_an_address_be_named(
    api: Callable[[people.Person], Api], olga: people.Person
) -> None:
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("old.zip", zipped(FILES))})

    sent = api(olga).browser.post("/api/v1/announcement-imports", form, content_type=MULTIPART_CONTENT)
    fetched = api(olga).post("announcement-imports/fetch", {"address": "https://blog.test/feed"})
    wrong = api(olga).post("announcement-imports/fetch", {"address": "blog.test"})

    assert (sent.status_code, sent.json()["name"]) == (201, "old.zip")
    assert (fetched.status_code, fetched.json()["stage"]) == (201, "fetching")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "address")
