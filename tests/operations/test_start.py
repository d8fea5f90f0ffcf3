"""A web process is there soon: what takes long to load, and no first answer needs, waits until it is asked for."""

from __future__ import annotations

import subprocess
import sys

# What brings announcements in, writes Markdown, and mails by a provider's interface.
LATER = {"anymail", "bs4", "defusedxml", "feedparser", "holidays", "markdown_it", "markdownify"}


def test_a_web_process_starts_without_what_only_some_requests_need() -> None:
    script = "import sys, hub.wsgi; print(*sorted(sys.modules))"

    started = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert LATER & set(started.stdout.split()) == set()


def test_a_web_process_collects_garbage_again_once_it_has_started() -> None:
    script = "import gc, hub.wsgi; print(gc.isenabled(), gc.get_freeze_count() > 10_000)"

    started = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert started.stdout.split() == ["True", "True"]
