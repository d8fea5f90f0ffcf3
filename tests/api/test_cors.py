"""The extension may ask a few addresses; a page of another origin may ask none."""

from __future__ import annotations

from typing import Any

import pytest

from announcements.people import services as people

CHROME = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
FIREFOX = "moz-extension://0b5d3cfa-1c9f-4a6e-9a38-6a3c6b4d2f10"
STRANGERS = [
    "https://evil.test",
    "null",
    CHROME + ".evil.test",
    "https://evil.test/" + CHROME,
    CHROME.upper(),
    CHROME[:-1],
    FIREFOX + "0",
    "moz-extension://------------------------------------",
    CHROME + "\n",
]


@pytest.mark.parametrize("origin", [CHROME, FIREFOX])
@pytest.mark.parametrize(
    "address",
    [
        "feed",
        "feed-keys",
        "tab",
        "tab/texts",
        "tab/search",
        "tab/own",
        "tab/pictures/abc_-9",
        "receipts",
        "announcements/7/acknowledge",
        "oauth/device",
        "oauth/token",
        "oauth/revoke",
    ],
)
def test_the_extension_is_let_through(nobody: Any, origin: str, address: str) -> None:
    response = nobody.browser.options(
        f"/api/v1/{address}", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )

    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == origin
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response


def test_the_extension_may_read_the_answer(holding: Any, key: Any, maya: people.Person) -> None:
    response = holding(key(maya)).get("feed", Origin=CHROME)

    assert response["Access-Control-Allow-Origin"] == CHROME
    assert "ETag" in response["Access-Control-Expose-Headers"]
    assert "Origin" in response["Vary"]


@pytest.mark.parametrize("origin", STRANGERS)
def test_any_other_origin_is_not(nobody: Any, origin: str) -> None:
    for response in (
        nobody.get("feed", Origin=origin),
        nobody.browser.options("/api/v1/feed", headers={"Origin": origin, "Access-Control-Request-Method": "GET"}),
    ):
        assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_other_addresses_are_not_for_the_extension(nobody: Any) -> None:
    for address in ("me", "people", "announcements", "announcements/7", "feed/../me", "oauth/authorize", "devices"):
        assert "Access-Control-Allow-Origin" not in nobody.get(address, Origin=CHROME)
