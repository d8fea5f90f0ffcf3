"""What Mozilla's own linter says of the builds for Firefox: nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from announcements.management.extension import making, packing

LINTER = Path(__file__).resolve().parents[2] / ".cache/addons-linter/node_modules/addons-linter/bin/addons-linter"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None or not LINTER.exists(), reason="no linter for extensions; `bin/services addons-linter` says why"
)


def said(folder: Path, files: dict[str, bytes]) -> dict[str, Any]:
    """Return what the linter says of a build."""
    archive = folder / "built.zip"
    archive.write_bytes(packing.packed(files))
    ran = subprocess.run(
        [str(NODE), LINTER, "--output", "json", archive],
        capture_output=True, check=False, env=os.environ | {"NO_UPDATE_NOTIFIER": "1"},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("override", [True, False], ids=["a new tab", "beside the page"])
def test_it_finds_no_error_and_nothing_to_warn_of(tmp_path: Path, override: bool) -> None:
    found = said(tmp_path, making.files("firefox", override=override))

    assert found["errors"] + found["warnings"] + found["notices"] == []


def test_it_would_see_markup_made_of_text(tmp_path: Path) -> None:
    files = making.files("firefox")
    files["worker.js"] += b"document.body.innerHTML = location.hash;\n"

    assert "UNSAFE_VAR_ASSIGNMENT" in [one["code"] for one in said(tmp_path, files)["warnings"]]
