"""Bringing announcements in, as admins meet it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.porting import services as porting
from announcements.publishing import services as publishing
from tests.media.conftest import storage  # noqa: F401  a fixture
from tests.porting.bringing import worked, zipped
from tests.publishing.conftest import to_operations  # noqa: F401  a fixture
from tests.publishing.test_bringing import told  # noqa: F401  a fixture
from tests.web.conftest import signed_in
from tests.web.test_listing import text

ADDRESS = "/settings/announcements/import"
OLD = "---\ntitle: We move to Dock 6\ndate: 2024-05-31\nauthor: Someone Else\n---\nFrom **June** on.\n"


def uploaded(person: people.Person, content: bytes, name: str = "old.zip") -> str:
    """Return where the page leads after a file was chosen."""
    answer = signed_in(person).post(ADDRESS, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_an_admin_sees_what_would_come_in_brings_it_in_and_undoes_it(
    olga: people.Person, maya: people.Person, at: datetime, storage: Path  # noqa: F811
) -> None:  # fmt: skip
    browser = signed_in(olga)
    where = uploaded(olga, zipped({"old/move.md": OLD, "old/broken.md": "# No date"}))
    (given,) = porting.imports(by=olga.id)
    waiting = browser.get(where).content.decode()
    worked(given.id, at)
    check = browser.get(where).content.decode()

    assert "Reading and checking" in waiting and f'data-import="announcement-imports/{given.id}"' in waiting
    assert "Nothing has come in yet." in check and "Bring in one announcement" in check
    assert "It says nowhere when it was published." in check
    assert "Someone Else, who wrote it, is not here." in browser.get(f"{where}?kind=new").content.decode()

    browser.post(where, {"start": "1", "readers": "on"})
    worked(given.id, at)
    assert "We move to Dock 6" in browser.get(f"{where}?kind=new").content.decode()
    assert [one.title for one in delivery.archive(by=maya.id, now=at)] == ["We move to Dock 6"]

    browser.post(where, {"undo": "1"})
    worked(given.id, at)
    assert "Everything is as it was before the import." in browser.get(where).content.decode()
    assert delivery.archive(by=maya.id, now=at) == []


def test_what_says_nothing_of_its_readers_is_for_whom_the_admin_chose(
    olga: people.Person, maya: people.Person, operations: people.Group, at: datetime, storage: Path  # noqa: F811
) -> None:  # fmt: skip
    other = people.create_group(by=olga.id, name="Board", kind="other", now=at)
    where = uploaded(olga, zipped({"a.md": OLD, "b.md": OLD.replace("author:", "groups: Operations\nauthor:")}))
    (given,) = porting.imports(by=olga.id)
    worked(given.id, at)

    signed_in(olga).post(where, {"start": "1", "readers": str(other.id)})
    worked(given.id, at)

    assert len(delivery.archive(by=olga.id, now=at)) == 2
    assert [one.audience.group_ids for one in delivery.archive(by=maya.id, now=at)] == [(operations.id,)]


def test_a_file_that_is_nothing_of_the_kind_is_said_at_once_or_after_reading(
    olga: people.Person, at: datetime, storage: Path  # noqa: F811
) -> None:  # fmt: skip
    empty = signed_in(olga).post(ADDRESS, {"file": SimpleUploadedFile("a.zip", b"")})
    where = uploaded(olga, b"name,email\n", "people.csv")
    worked(porting.imports(by=olga.id)[0].id, at)

    assert (empty.status_code, "The file is empty." in empty.content.decode()) == (422, True)
    page = signed_in(olga).get(where).content.decode()
    assert "neither a zip, nor RSS or Atom" in page and "Try another file" in page


def test_members_are_told_that_it_is_not_for_them(maya: people.Person) -> None:
    assert signed_in(maya).get(ADDRESS).status_code == 403
    assert signed_in(maya).post(ADDRESS, {"fetch": "1", "address": "https://a.test"}).status_code == 403


def test_of_what_was_brought_in_no_numbers_are_shown(
    told: Any,  # noqa: F811  a fixture
    olga: people.Person,
    ines: people.Person,
    now: datetime,
) -> None:
    brought = publishing.bring_in(by=olga.id, whole=told(), now=now)
    browser = signed_in(olga)

    for address in (f"/a/{brought.id}", f"/a/{brought.id}/analytics", "/announcements", "/announcements?state=archive"):
        shown = text(browser.get(address))
        assert "0 of 0" not in shown and "nobody has it yet" not in shown, address
        assert not re.search(r"\b0 ?%", shown), address
    assert "It reached nobody here" in text(browser.get(f"/a/{brought.id}"))
    assert "Nothing is counted here" in text(browser.get(f"/a/{brought.id}/analytics"))
