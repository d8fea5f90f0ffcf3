"""Taking all announcements along, in a real browser: with a file, one under way and one that failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from announcements.people import services as people
from announcements.porting import services as porting
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.media.conftest import storage  # noqa: F401  a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": PHONE},
}


@pytest.mark.parametrize("name", SCHEMES)
def test_it_is_asked_for_with_the_keyboard_and_taken(
    browse: Callable[..., Page], olga: people.Person, announce: Callable[..., Any], at: datetime, storage: Path, name: str  # noqa: F811
) -> None:  # fmt: skip
    announce()
    first = porting.ask(by=olga.id, now=at)
    porting.make(export_id=first.id, clock=lambda: at)
    page = browse(olga, **SCHEMES[name])
    page.goto("/settings/announcements")

    page.get_by_role("button", name="Put them together").press("Enter")
    page.get_by_text("0 of 1").wait_for()

    accessible(page)
    looked(page, f"-{name}")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take the zip").press("Enter")
    assert taken.value.suggested_filename == f"announcements-{at:%Y-%m-%d}.zip"
