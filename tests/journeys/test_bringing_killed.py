"""An import of announcements whose worker is killed in the middle of writing: another one finishes it, and each comes in once."""

from __future__ import annotations

import io
import zipfile
from collections import Counter

import pytest

from tests.browser import needs_chromium
from tests.journeys.people import Somebody, until
from tests.journeys.test_import_killed import ines, kill_while_it_writes  # noqa: F401  fixture
from tests.pictures import picture

pytestmark = [
    pytest.mark.services,
    pytest.mark.browser,
    needs_chromium,
]
MANY = 200


def old_news() -> bytes:
    """Return a zip of Markdown files, every tenth with a picture of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(MANY):
            shown = f"\n\n![Dock {n}](dock-{n}.png)" if n % 10 == 0 else ""
            matter = f"title: News {n}\ndate: 2024-05-{n % 28 + 1:02}\n"
            archive.writestr(f"news-{n}.md", f"---\n{matter}---\n\nDock {n} is open.{shown}\n")
            if shown:
                archive.writestr(f"dock-{n}.png", picture((64 + n, 48)))
    return out.getvalue()


def everything(ines: Somebody) -> list[dict[str, str]]:  # noqa: F811
    found, cursor = [], ""
    while cursor is not None:
        page = ines.get(f"archive?limit=100{cursor and f'&cursor={cursor}'}")
        found += page["results"]
        cursor = page["next"]
    return found


def test_another_worker_finishes_it_and_nothing_is_lost_or_doubled(ines: Somebody) -> None:  # noqa: F811
    address = f"{ines.hub.url}/api/v1/announcement-imports"
    file = {"name": "old.zip", "mimeType": "application/zip", "buffer": old_news()}
    sent = ines.page.request.post(address, multipart={"file": file}, headers=ines._csrf()).json()
    at = f"announcement-imports/{sent['id']}"
    checked = until(lambda: (found := ines.get(at))["stage"] == "checked" and found, what="checking")
    assert checked["counts"] == {"new": MANY, "here": 0, "problem": 0}
    ines.post(f"{at}/start", {})
    until(lambda: ines.get(at)["done"] > 0, what="the first batch")

    kill_while_it_writes(ines.hub)

    between = ines.get(at)
    assert (between["stage"], between["total"], between["fault"]) == ("importing", MANY, "")
    assert 0 < between["done"] < MANY
    assert len(everything(ines)) == between["done"]  # of the one that died there is nothing

    after = until(lambda: (found := ines.get(at))["stage"] == "imported" and found, seconds=150, what="the rest")
    assert (after["done"], after["total"], after["failed"], after["noted"]) == (MANY, MANY, 0, 0)
    brought = everything(ines)
    assert Counter(one["title"] for one in brought) == Counter(f"News {n}" for n in range(MANY))
    pictured = [one for one in brought if one["title"].endswith("0")]
    bodies = [ines.get(f"announcements/{one['id']}")["body"] for one in pictured]
    assert [body.count("<img ") for body in bodies] == [1] * (MANY // 10)
    assert len(ines.get("audit?verb=announcements_import_finished")["results"]) == 1
