"""A web process is there soon: what takes long to load, and no first answer needs, waits until it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# What brings announcements in, writes Markdown, and mails by a provider's interface.
LATER = {"anymail", "bs4", "defusedxml", "feedparser", "holidays", "markdown_it", "markdownify"}


def test_a_web_process_starts_without_what_only_some_requests_need() -> None:
    script = "import sys, hub.wsgi; print(*sorted(sys.modules))"

    started = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert LATER & set(started.stdout.split()) == set()


def test_no_library_is_compiled_anew_at_a_start() -> None:
    script = "import sys, hub.wsgi; print(*(vars(one).get('__cached__') or '' for one in [*sys.modules.values()]))"

    started = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    compiled = [Path(name) for name in started.stdout.split() if "site-packages" in name]
    assert len(compiled) > 500
    # What is younger than the environment was compiled by a start: this one, or one before.
    set_up = (Path(sys.prefix) / ".lock").stat().st_mtime
    assert [file for file in compiled if not file.exists() or file.stat().st_mtime > set_up] == []


def test_a_web_process_collects_garbage_again_once_it_has_started() -> None:
    script = "import gc, hub.wsgi; print(gc.isenabled(), gc.get_freeze_count() > 10_000)"

    started = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert started.stdout.split() == ["True", "True"]
