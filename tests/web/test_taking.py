"""Taking all announcements along, as admins meet it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from announcements.people import services as people
from announcements.porting import services as porting
from tests.media.conftest import storage  # noqa: F401  a fixture
from tests.web.conftest import signed_in

ADDRESS = "/settings/announcements"


def test_an_admin_asks_waits_and_takes_the_file(
    olga: people.Person, announce: Callable[..., Any], at: datetime, storage: Path  # noqa: F811
) -> None:  # fmt: skip
    announce()
    browser = signed_in(olga)

    assert browser.post(ADDRESS).headers["Location"] == ADDRESS
    waiting = browser.get(ADDRESS).content.decode()
    (asked,) = porting.exports(by=olga.id)
    porting.make(export_id=asked.id, clock=lambda: at)
    ready = browser.get(ADDRESS).content.decode()

    assert "0 of 1" in waiting and "Look again" in waiting
    assert f"/api/v1/exports/{asked.id}/file" in ready and "Look again" not in ready
    assert b"".join(browser.get(f"/api/v1/exports/{asked.id}/file").streaming_content)[:2] == b"PK"  # type: ignore[arg-type]


def test_what_is_gone_offers_no_file(olga: people.Person, at: datetime, storage: Path) -> None:  # noqa: F811
    asked = porting.ask(by=olga.id, now=at - porting.KEPT)
    porting.make(export_id=asked.id, clock=lambda: at - porting.KEPT)
    porting.remove_old(now=at)

    page = signed_in(olga).get(ADDRESS).content.decode()

    assert "removed after seven days" in page and f"exports/{asked.id}/file" not in page


def test_members_are_told_that_it_is_not_for_them(maya: people.Person) -> None:
    browser = signed_in(maya)

    assert browser.get(ADDRESS).status_code == 403
    assert browser.post(ADDRESS).status_code == 403
    assert ADDRESS not in browser.get("/settings").content.decode()
