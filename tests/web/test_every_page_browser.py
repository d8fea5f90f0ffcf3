"""Every page there is, taken from the addresses themselves: a new one is held to the rules of access without being listed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, Route

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.security.signing import verified
from tests.web.conftest import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
# Not pages of ours: the API, Django's admin pages, what lies beneath a well-known address, a style sheet, a mail, files, what is told to us; and
# the tab without a network, which goes back to the tab as soon as there is one (test_installed_browser.py).
ELSEWHERE = (
    *("api/", "admin/", ".well-known/", "brand/", "a/<int:announcement_id>/preview/mail", "extension/", "webhooks/"),
    *("tab/offline", "tab/worker.js", "tab.webmanifest"),
)


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Return each address with its arguments in their form: a/<int:announcement_id>."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and not address.startswith(ELSEWHERE):
            yield address.replace("^", "").replace("$", "")


@pytest.fixture
def known(announce: Any, olga: people.Person, operations: people.Group) -> dict[str, object]:
    """Return something for each argument an address can have; a page with another one fails until it is added here."""
    upload = {"file": SimpleUploadedFile("people.csv", b"name,email\nNadia Okafor,nadia@northwind.test\n")}
    made = signed_in(olga).post("/people/import", upload)
    pages = {"file": SimpleUploadedFile("move.md", b"---\ndate: 2024-05-31\n---\n# We move\n")}
    brought = signed_in(olga).post("/settings/announcements/import", pages)
    return {
        "<int:announcement_id>": announce().id,
        "<int:group_id>": operations.id,
        "<int:person_id>": olga.id,
        "<int:template_id>": publishing.templates(by=olga.id, now=datetime.now(UTC))[0].id,
        "<int:import_id>": made.headers["Location"].rpartition("/")[2],
        "<int:brought_id>": brought.headers["Location"].rpartition("/")[2],
        "<str:token>": "tampered",
        "<str:chart>": "curve",
        "<str:step>": "people",
        "<str:key>": "unknown",
        "<int:pk>": 1,
        r"(?P<key>[-:\w]+)/": "unknown/",
        r"(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": "1-unknown/",
    }


def filled(known: dict[str, object]) -> list[str]:
    found = []
    for address in dict.fromkeys(addresses(get_resolver().url_patterns)):
        for argument, value in known.items():
            address = address.replace(argument, str(value))
        assert not set("<>()") & set(address), f"what stands for the argument of {address}?"
        found.append(f"/{address}")
    return found


def scripted(route: Route) -> None:
    """Let axe look into what is shown without scripts: there a promise is never kept, and asking for it would wait for ever."""
    answer = route.fetch(max_redirects=0)
    policy = answer.headers.get("content-security-policy", "").replace("sandbox ", "sandbox allow-scripts ")
    route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "phone"])
@pytest.mark.parametrize("inside", [True, False], ids=["owner", "nobody"])
def test_every_page_there_is_keeps_the_rules_of_access(
    browse: Callable[..., Page], known: dict[str, object], olga: people.Person, inside: bool, scheme: dict[str, Any]
) -> None:
    verified(olga)
    pages = filled(known)
    assert len(pages) > 60
    page = browse(olga if inside else None, **scheme)
    page.route("**/preview/*", scripted)
    page.expected = ["status of 4"]  # type: ignore[attr-defined]  # unknown keys and tokens
    seen = set()
    for address in pages:
        answer = page.goto(address)
        assert answer and answer.status < 500, f"{address}: {answer and answer.status}"
        if page.url in seen or "html" not in answer.headers.get("content-type", ""):
            continue
        seen.add(page.url)
        page.evaluate("document.fonts.ready")
        looked(page, f"{address}-{'phone' if 'viewport' in scheme else scheme['color_scheme']}")
        try:
            accessible(page)
        except AssertionError as problem:
            raise AssertionError(f"{address}: {problem}") from None
    assert len(seen) > (30 if inside else 10)
    page.goto("about:blank")
