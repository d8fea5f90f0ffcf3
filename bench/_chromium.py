"""A Chromium that is spoken to over a pipe, in its own words: a driver that listens to each tab would be measured with it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser import path

ARGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-component-update"),
    *("--disable-background-networking", "--window-size=1440,900", "--remote-debugging-pipe"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # whose tab it is, it asks nobody outside
)


class Gone(RuntimeError):
    """The page that was asked has made room for another one."""


class Chromium:
    """One browser with one profile; `extension` is the only one it has."""

    def __init__(self, profile: Path, extension: Path | None = None) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        own = [f"--user-data-dir={profile}"]
        if extension:
            own += [f"--disable-extensions-except={extension}", f"--load-extension={extension}"]
        # The pipe is expected at these two numbers.
        shell = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", str(path()), *ARGS, *own],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number, self._rest = 0, b""

    def ask(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Return the answer to one command."""
        self._number += 1
        said = {"id": self._number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self._out, json.dumps(said).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise (Gone if "context" in answer["error"]["message"] else RuntimeError)(
                        f"{method}: {answer['error']}"
                    )
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not (more := os.read(self._in, 1 << 20)):
                raise EOFError("the browser has ended")
            self._rest += more
        one, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(one)
        return answer

    @contextmanager
    def tab(self, url: str) -> Iterator[Tab]:
        """Open a tab, as somebody does who presses Ctrl+T; it is closed at the end."""
        target = self.ask("Target.createTarget", url=url)["targetId"]
        yield Tab(self, target)
        self.ask("Target.closeTarget", targetId=target)

    def sleep(self) -> None:
        """End the workers of extensions, as the browser does after half a minute; with them their process ends."""
        for target in self.ask("Target.getTargets", filter=[{}])["targetInfos"]:
            if target["type"] == "service_worker":
                self.ask("Target.closeTarget", targetId=target["targetId"])
                time.sleep(0.3)

    def close(self) -> None:
        """End it, and wait until it has."""
        self.ask("Browser.close")
        self._process.wait(30)
        os.close(self._in)
        os.close(self._out)


@dataclass
class Tab:
    """A tab that nobody listens to until it is asked something."""

    browser: Chromium
    target: str
    session: str | None = None

    def run(self, code: str) -> Any:
        """Return what an expression, or its promise, comes to in the tab."""
        self.session = (
            self.session or self.browser.ask("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        )
        found = self.browser.ask(
            "Runtime.evaluate", self.session, expression=code, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"])
        return found["result"].get("value")
