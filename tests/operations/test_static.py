"""Styles, scripts and fonts as a browser gets them in an installation: small, kept for ever, and asked for again cheaply."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hub import env

ASK = """
import django, json; django.setup()
from django.contrib.staticfiles.storage import staticfiles_storage as files
from django.test import Client
browser, found = Client(headers={"host": "localhost"}), []
for name in ("css/app.css", "js/page.js", "fonts/inter-latin-wght-normal.woff2"):
    first = browser.get(files.url(name), headers={"accept-encoding": "gzip, br"})
    plain = browser.get(files.url(name))
    sizes = [len(b"".join(one)) for one in (first, plain)]
    again = browser.get(files.url(name), headers={"if-none-match": first["ETag"], "accept-encoding": "gzip, br"})
    found.append({"url": files.url(name), "sizes": sizes, "again": again.status_code, **first.headers})
for name in ("css/tab-page.css", "js/tab-page.js"):
    found.append({"url": files.url(name), "text": b"".join(browser.get(files.url(name))).decode()})
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    data: Path = tmp_path_factory.mktemp("data")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))}
    told = kept | {"HUB_DATA": str(data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    build = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(build, cwd=env.ROOT, env=told, check=True)
    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=env.ROOT, env=told, check=True, capture_output=True, text=True
    )
    found: list[dict[str, Any]] = json.loads(asked.stdout)
    return found


def test_what_has_its_content_in_its_name_is_kept_for_ever(files: list[dict[str, Any]]) -> None:
    for one in files[:3]:
        assert one["Cache-Control"] == "max-age=315360000, public, immutable", one["url"]
        assert len(one["url"].rsplit(".", 2)[1]) == 12, one["url"]


def test_text_travels_compressed_and_says_that_it_varies(files: list[dict[str, Any]]) -> None:
    for one in files[:2]:
        assert one["Content-Encoding"] == "br"
        assert "Accept-Encoding" in one["Vary"]
        assert one["sizes"][0] < 0.5 * one["sizes"][1]
    assert "Content-Encoding" not in files[2]  # a font is compressed as it is


def test_what_a_browser_has_is_not_sent_again(files: list[dict[str, Any]]) -> None:
    assert [one["again"] for one in files[:3]] == [304, 304, 304]


def test_a_tag_that_all_forms_of_a_file_share_is_a_weak_one(files: list[dict[str, Any]]) -> None:
    for one in files[:3]:
        assert one["ETag"] == f'W/"{one["url"].rsplit(".", 2)[1]}"', one["url"]


def test_the_tab_waits_for_one_style_and_one_script(files: list[dict[str, Any]]) -> None:
    style, script = (one["text"] for one in files[3:])

    assert "@import" not in style
    assert ".tab-greeting" in style
    assert not re.search(r"^import |import\(", script, re.MULTILINE)
    assert "data-list" in script
