"""People of a journey: each signs up on the pages, in a browser of their own, with the code from a real mail."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from playwright.sync_api import Browser, Page

from tests.browser import watched
from tests.journeys.hub import Hub
from tests.journeys.sink import Sink
from tests.letters import plain

PASSWORD = "a calm long password"
Found = TypeVar("Found")


def until(look: Callable[[], Found], seconds: float = 60, what: str = "") -> Found:
    """Look again until there is something; fail when there is nothing for too long."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"{what or look} did not happen within {seconds} s"
        time.sleep(0.1)
    return found


class Somebody:
    """Somebody at a browser: `page` is what they look at, `get`, `post` and `patch` are the API in their session."""

    def __init__(self, page: Page, hub: Hub, email: str) -> None:
        self.page, self.hub, self.email = page, hub, email
        self.page.set_default_timeout(60_000)

    def goes(self, address: str) -> int:
        response = self.page.goto(self.hub.url + address)
        assert response
        return response.status

    def get(self, path: str) -> Any:
        return self._answer(self.page.request.get(f"{self.hub.url}/api/v1/{path}"))

    def post(self, path: str, data: object) -> Any:
        return self._answer(self.page.request.post(f"{self.hub.url}/api/v1/{path}", data=data, headers=self._csrf()))

    def patch(self, path: str, data: object) -> Any:
        return self._answer(self.page.request.patch(f"{self.hub.url}/api/v1/{path}", data=data, headers=self._csrf()))

    def _csrf(self) -> dict[str, str]:
        cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}
        return {"X-CSRFToken": cookies["csrf"]}

    @staticmethod
    def _answer(response: Any) -> Any:
        assert response.ok, response.text()
        return response.json()


@contextmanager
def signed_up(
    chromium: Browser, hub: Hub, sink: Sink, name: str, email: str, timezone: str, company: str = ""
) -> Iterator[Somebody]:
    """Open the hub, sign up, type the code from the mail."""
    with watched(chromium, timezone_id=timezone) as page:
        page.goto(f"{hub.url}/accounts/signup/")
        if company:
            page.get_by_label("Company").fill(company)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.get_by_label("Code").fill(_code(sink, email))
        page.locator("main button[type=submit]").first.click()
        if company:  # who founds a workspace is led to its set-up
            page.wait_for_url("**/setup/*")
            page.get_by_role("button", name="Leave the set-up").click()
        page.wait_for_url("**/tab")
        yield Somebody(page, hub, email)


def _code(sink: Sink, email: str) -> str:
    mail = until(lambda: sink.to(email), what=f"a mail to {email}")[-1]
    said = plain(mail)
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", said, re.M)
    assert found, said
    return found[1]
