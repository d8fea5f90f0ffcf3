"""A large file on its way in lies on disk: nobody's memory has to hold it."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from announcements.people import services as people
from announcements.porting import services as porting

LARGE, SMALL = 40_000_000, 8_000_000
HEAD = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="old.zip"\r\nContent-Type: application/zip\r\n\r\n'
KINDS = {
    "application/octet-stream": (b"", b""),
    "multipart/form-data; boundary=edge": (HEAD, b"\r\n--edge--\r\n"),
}


@pytest.mark.parametrize("key", [{}, {"HTTP_IDEMPOTENCY_KEY": "once"}], ids=["plain", "with a key"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_large_file_is_taken_in_without_being_held_in_memory(
    olga: people.Person, api: Any, tmp_path: Path, storage: Path, kind: str, key: dict[str, str]
) -> None:
    before, after = KINDS[kind]
    sent = tmp_path / "sent"
    sent.write_bytes(before + b"x" * LARGE + after)
    with sent.open("rb") as body:
        asked = {"wsgi.input": body, "CONTENT_LENGTH": str(sent.stat().st_size), "CONTENT_TYPE": kind, **key}
        tracemalloc.start()
        answer = api(olga).browser.generic("POST", "/api/v1/announcement-imports?file_name=old.zip", **asked)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert answer.status_code == 201, answer.content
    assert most < SMALL
    assert [file.stat().st_size for file in (storage / "imports").iterdir()] == [LARGE]
    assert [one.name for one in porting.imports(by=olga.id)] == ["old.zip"]


def test_the_same_file_sent_twice_with_a_key_is_one_import(olga: people.Person, api: Any) -> None:
    address, kind = "/api/v1/announcement-imports?file_name=a.md", "application/octet-stream"
    first, again, other = (
        api(olga).browser.post(address, content, content_type=kind, HTTP_IDEMPOTENCY_KEY="once")
        for content in (b"# Hi", b"# Hi", b"# Ho")
    )

    assert (first.status_code, again.json()) == (201, first.json())
    assert other.status_code == 422
    assert len(porting.imports(by=olga.id)) == 1
