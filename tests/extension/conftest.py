"""The real extension as the real new tab of a real Chromium, against a live server behind a wire that can be cut."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Error, Page, Playwright, Worker

from announcements.management.extension import making
from announcements.people import services as people
from tests import browser
from tests.extension.wire import Wire
from tests.web.conftest import announce, at, browse, signed_in

__all__ = ["announce", "at", "browse"]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking"),
    "--disable-component-update",
)
# What Chromium itself says when a server is away, or refuses.
FORESEEN = ("Failed to load resource", "net::ERR_", "blocked by CORS policy")


def unpack(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the extension for Chromium, unpacked."""
    return unpack(tmp_path_factory.mktemp("extension"), making.files("chrome"))


@pytest.fixture
def wire(live_server: Any) -> Iterator[Wire]:
    wire = Wire(live_server.thread.host, live_server.thread.port)
    yield wire
    wire.close()


class Computer:
    """Somebody's browser with the extension; its profile outlives it."""

    def __init__(self, play: Playwright, extension: Path, profile: Path, **options: Any) -> None:
        self._start = lambda: play.chromium.launch_persistent_context(
            str(profile),
            executable_path=browser.path(),
            args=[*QUIET, f"--disable-extensions-except={extension}", f"--load-extension={extension}"],
            **{"viewport": browser.ROOM, "locale": "en-GB"} | options,
        )
        self._profile = str(profile)
        self.wrong: list[str] = []
        self.context: BrowserContext = self._opened()

    def _opened(self) -> BrowserContext:
        context = self._start()
        context.set_default_timeout(browser.PATIENCE)
        context.on("weberror", lambda problem: self.wrong.append(str(problem.error)))
        context.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        return context

    def new_tab(self) -> Page:
        """Open a new tab."""
        page = self.context.new_page()
        page.goto("chrome://newtab/")
        return page

    @property
    def worker(self) -> Worker:
        """Return the extension's worker."""
        return (
            self.context.service_workers[0]
            if self.context.service_workers
            else self.context.wait_for_event("serviceworker")
        )

    def kept(self, *names: str) -> Any:
        """Return what the extension keeps."""
        return self.worker.evaluate("names => chrome.storage.local.get(names.length ? names : null)", list(names))

    def keep(self, **values: Any) -> None:
        """Make the extension keep something."""
        self.worker.evaluate("values => chrome.storage.local.set(values)", values)

    def restart(self) -> None:
        """Close the browser and open it again."""
        self.context.close()
        self.context = self._opened()

    def kill(self) -> None:
        """End the browser as a power cut does, and open it again."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                line = (folder / "cmdline").read_bytes().decode(errors="replace")
                if f"--user-data-dir={self._profile}" in line and "--type=" not in line:
                    os.kill(int(folder.name), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()
        self.context = self._opened()

    def close(self) -> None:
        """Close it; nothing may have gone wrong in it but what comes with a server that is away."""
        self.context.close()
        assert [one for one in self.wrong if not any(words in one for words in FORESEEN)] == []


@pytest.fixture
def computer(play: Playwright, built: Path, tmp_path: Path) -> Iterator[Callable[..., Computer]]:
    """Return a function that starts a browser with the extension."""
    started: list[Computer] = []

    def start(**options: Any) -> Computer:
        made = Computer(play, built, tmp_path / f"profile-{len(started)}", **options)
        started.append(made)
        return made

    yield start
    for made in started:
        made.close()


def device_of(person: people.Person, now: Any) -> str:
    """Connect a device as somebody does, and return its key."""
    what = people.requested(app_id="mantel-new-tab", name="Test", scopes=())
    codes = people.start_pairing(what=what, now=now)
    people.grant_pairing(by=person.id, user_code=codes.user_code, now=now)
    return people.redeem_pairing(app_id="mantel-new-tab", device_code=codes.device_code, now=now).key


@pytest.fixture
def connected(computer: Callable[..., Computer], wire: Wire, at: Any) -> Callable[..., Computer]:
    """Return a function that starts a browser which is connected as somebody."""

    def start(person: people.Person, **options: Any) -> Computer:
        made = computer(**options)
        made.keep(hub={"url": wire.url, "token": device_of(person, at), "me": person.id})
        return made

    return start


@pytest.fixture
def hub_of() -> Callable[[people.Person], Client]:
    """Return a function that signs somebody in to the hub itself."""
    return signed_in
