"""Images over the API: sent in a form, answered so that no cache tells anybody else."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from announcements.api.throttles import Uploads
from announcements.media import services as media
from announcements.people import services as people
from tests.pictures import picture


def upload(caller: Any, content: bytes | None = None) -> Any:
    return caller.browser.post("/api/v1/images", {"file": io.BytesIO(content or picture((900, 300)))})


def test_an_upload_is_answered_at_once_and_shown_once_it_is_ready(
    operations: people.Group, ines: people.Person, api: Any, now: datetime
) -> None:
    caller = api(ines)

    answer = upload(caller)

    assert answer.status_code == 201, answer.content
    sent = answer.json()
    assert answer["Location"] == f"/api/v1/images/{sent['id']}"
    assert sent == {
        "id": sent["id"], "src": f"/api/v1/images/{sent['id']}/file", "width": 900, "height": 300,
        "state": "processing", "fault": "", "still": False,
    }  # fmt: skip
    assert caller.browser.get(sent["src"]).status_code == 404
    media.make(image_id=media.get(key=sent["id"]).id, now=now)
    assert caller.get(f"images/{sent['id']}").json()["state"] == "ready"
    shown = caller.browser.get(sent["src"], {"width": 640})
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(shown.content)).size == (640, 213)


def test_no_cache_shows_it_without_asking_again(
    out: int, image: media.Image, api: Any, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    hers = api(maya).browser
    first = hers.get(image.src)

    assert first["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Authorization"} <= {name.strip() for name in first["Vary"].split(",")}
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["Content-Disposition"] == "inline"
    assert first["Content-Security-Policy"] == "default-src 'none'; sandbox"
    known = {"If-None-Match": first["ETag"]}
    again = hers.get(image.src, headers=known)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "private, no-cache"
    assert hers.get(image.src, {"width": 640})["ETag"] != first["ETag"]


def test_who_lost_it_is_not_told_that_it_is_unchanged(
    out: int, image: media.Image, api: Any, maya: people.Person, ines: people.Person, now: datetime
) -> None:
    from announcements.publishing import services as publishing

    hers = api(maya).browser
    known = {"If-None-Match": hers.get(image.src)["ETag"]}
    publishing.withdraw(announcement_id=out, by=ines.id, reason="Wrong dock.", now=now)

    assert hers.get(image.src, headers=known).status_code == 404
    assert hers.get(image.src, headers={"If-None-Match": "*"}).status_code == 404


def test_a_token_reads_with_its_scope_and_uploads_with_its_own(
    out: int, image: media.Image, holding: Any, key: Any, maya: people.Person, ines: people.Person
) -> None:
    reads = holding(key(maya, "announcements:read"))
    assert reads.browser.get(image.src).status_code == 200
    assert holding(key(maya, "feed:read")).browser.get(image.src).status_code == 403

    assert upload(holding(key(ines, "announcements:read"))).status_code == 403
    assert upload(holding(key(ines, "announcements:write"))).status_code == 201


@pytest.mark.parametrize("key", ["0" * 32, "x", "..%2f..%2fsecret-key", "%00", "9" * 400])
def test_what_is_no_image_is_not_there(ines: people.Person, api: Any, key: str) -> None:
    assert api(ines).browser.get(f"/api/v1/images/{key}/file").status_code == 404
    assert api(ines).browser.get(f"/api/v1/images/{key}").status_code == 404


def test_a_width_is_a_number(image: media.Image, ines: people.Person, api: Any) -> None:
    for width in ("0", "-1", "x", "1e9"):
        assert api(ines).browser.get(image.src, {"width": width}).status_code == 422


def test_one_person_sends_only_so_many(
    operations: people.Group, ines: people.Person, olga: people.Person, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Uploads, "rate", "2/hour")
    caller = api(ines)

    assert [upload(caller).status_code for _ in range(3)] == [201, 201, 429]
    assert upload(api(olga)).status_code == 201


def test_what_is_far_too_large_is_not_even_read(operations: people.Group, ines: people.Person, api: Any) -> None:
    answer = upload(api(ines), bytes(13_000_000))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
