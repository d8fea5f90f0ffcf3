"""Bringing announcements in, in a real browser: chosen, checked, brought in, by keyboard."""

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
from tests.porting.bringing import worked, zipped

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
OLD = {
    "old/2024-05-31-we-move.md": "---\ntitle: We move to Dock 6\nauthor: Someone Else\n---\n![Dock](dock.png)\n\nFrom **June** on.",
    "old/2024-06-14-summer.md": "---\ntitle: Summer hours\nauthor: ines@northwind.test\n---\nFridays until 14:00.",
    "old/notes.md": "# Notes\n\nNo date.",
    "old/wrong.md": "---\ndate: soon\n---\nHi",
}


@pytest.mark.parametrize("name", SCHEMES)
def test_a_zip_is_chosen_checked_and_brought_in(
    browse: Callable[..., Page], olga: people.Person, ines: people.Person, at: datetime, storage: Path, name: str  # noqa: F811
) -> None:  # fmt: skip
    page = browse(olga, **SCHEMES[name])
    page.goto("/settings/announcements/import")
    accessible(page)
    looked(page, f"-choose-{name}")

    page.get_by_label("A file").set_input_files(
        {"name": "old.zip", "mimeType": "application/zip", "buffer": zipped(OLD)}
    )
    page.get_by_role("button", name="Upload and look at it").press("Enter")
    page.get_by_role("heading", name="Reading and checking").wait_for()
    accessible(page)
    (given,) = porting.imports(by=olga.id)
    worked(given.id, at)

    page.get_by_role("heading", name="Check before bringing in").wait_for()
    page.get_by_text("It says nowhere when it was published.").wait_for()
    accessible(page)
    looked(page, f"-check-{name}")
    page.get_by_role("link", name="New 2").press("Enter")
    page.get_by_text("Someone Else, who wrote it, is not here.").wait_for()
    looked(page, f"-new-{name}")

    page.get_by_role("button", name="Bring in 2 announcements").press("Enter")
    page.get_by_role("heading", name="Bringing in").wait_for()
    worked(given.id, at)
    page.get_by_role("heading", name="Brought in").wait_for()
    accessible(page)
    looked(page, f"-done-{name}")
    page.get_by_role("link", name="Look at the archive").press("Enter")
    page.get_by_role("link", name="We move to Dock 6").wait_for()
