"""Chromium for tests: any word on its console that is an error, and any broken content security policy, fails the test."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
ROOM = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 20_000  # milliseconds; what a machine that is busy with other tests may need


def path() -> str | None:
    """Return the Chromium to use: $HUB_CHROMIUM, or the system's."""
    return os.environ.get("HUB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _driver_runs() -> bool:
    """Tell whether Playwright's driver finds the system libraries it wants."""
    node, _script = compute_driver_executable()
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


needs_chromium = pytest.mark.skipif(
    not (path() and _driver_runs()), reason="no Chromium that tests can drive; `bin/services chromium` says why"
)


# Playwright's synchronous API runs an event loop in our thread; the database is used from that thread as before.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def play() -> Iterator[Playwright]:
    """Return Playwright: one for all, because a process has room for one."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(play: Playwright) -> Iterator[Browser]:
    browser = play.chromium.launch(executable_path=path(), args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


@contextmanager
def watched(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a page in a context of its own; at the end nothing may have gone wrong in it."""
    context: BrowserContext = browser.new_context(**{"viewport": ROOM, "locale": "en-GB"} | options)
    context.set_default_timeout(PATIENCE)
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda problem: wrong.append(f"{page.url}: {problem} {problem.stack}"))
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.expected = []  # type: ignore[attr-defined]  # what a test provokes on purpose
    try:
        yield page
        expected: list[str] = page.expected  # type: ignore[attr-defined]
        unforeseen = [one for one in wrong if not any(words in one for words in expected)]
        assert unforeseen == [], unforeseen
        looked(page)
    finally:
        context.close()


def looked(page: Page, name: str = "") -> None:
    """Keep a screenshot in the folder $MANTEL_LOOKS, when it is set."""
    if (folder := os.environ.get("MANTEL_LOOKS")) and page.url != "about:blank":
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[2].partition(" ")[0]
        page.screenshot(path=str(Path(folder) / f"{test}{name}.png".replace("/", "_")), full_page=True)


def accessible(page: Page) -> None:
    """Hold a page to axe's rules (WCAG 2.2 AA and good practice), and to its width: nothing hangs over the side."""
    source = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
    page.evaluate(source + ";0")
    found = page.evaluate(
        # it would fetch our styles once more, and add those that they import to the page, which our policy forbids
        "rules => axe.run(document, {runOnly: rules, preload: {assets: ['media']}}).then(({violations}) =>"
        " violations.map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target.join(' ')).join(', ')}`))",
        RULES,
    )
    assert found == [], found
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
