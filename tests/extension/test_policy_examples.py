"""The policies of docs/extension.md: each is whole, is read as its platform reads it, and says what the extension knows."""

from __future__ import annotations

import json
import plistlib
import re
from pathlib import Path
from typing import Any

import pytest

from announcements.management.extension import making

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "extension.md").read_text()
SCHEMA: dict[str, Any] = json.loads((ROOT / "extension" / "managed_schema.json").read_text())
TYPES: dict[str, type] = {"string": str, "boolean": bool, "array": list}
INSTALLED = {
    "installation_mode": "force_installed",
    "update_url": "https://mantel.example.com/extension/update.xml",
    "override_update_url": True,
}


def example(heading: str) -> str:
    """Return the example below a heading, with an id that no policy takes for a mistake."""
    found = re.search(rf"### {re.escape(heading)}\n.*?```\w+\n(.*?)```", TEXT, re.S)
    assert found
    return (
        found[1]
        .replace("&lt;id&gt;", "<id>")
        .replace("&lt;token&gt;", "<token>")
        .replace("<id>", "a" * 32)
        .replace("<token>", "tkn")
    )


def registry(text: str) -> dict[str, dict[str, Any]]:
    """Return the keys of a registry file with their values."""
    assert text.startswith("Windows Registry Editor Version 5.00\n\n[")
    keys: dict[str, dict[str, Any]] = {}
    for line in text.splitlines()[1:]:
        if line.startswith("["):
            values = keys[line.strip("[]")] = {}
        elif line:
            name, said = re.fullmatch(r'"(\w+)"=("(?:[^"\\]|\\.)*"|dword:[0-9a-f]{8})', line).groups()  # type: ignore[union-attr]  # it has to fit
            values[name] = int(said[6:], 16) if said.startswith("dword") else re.sub(r"\\(.)", r"\1", said[1:-1])
    return keys


def fits(said: dict[str, Any]) -> None:
    """Hold what a policy says to the schema of the extension, and to what a roll-out without a click needs."""
    for name, value in said.items():
        assert type(value) is TYPES[SCHEMA["properties"][name]["type"]], name
    assert said == {
        "serverUrl": "https://mantel.example.com",
        "organizationName": "Northwind Freight",
        "enrolmentToken": "tkn",
    }


def test_linux() -> None:
    policy = json.loads(example("Chrome and Chromium on Linux"))

    assert policy["ExtensionSettings"] == {"a" * 32: INSTALLED}
    fits(policy["3rdparty"]["extensions"]["a" * 32])


@pytest.mark.parametrize("browser", [r"Google\Chrome", r"Microsoft\Edge"])
def test_windows(browser: str) -> None:
    keys = registry(example("Chrome and Edge on Windows"))
    policies = rf"HKEY_LOCAL_MACHINE\Software\Policies\{browser}"

    assert json.loads(keys[policies]["ExtensionSettings"]) == {"a" * 32: INSTALLED}
    fits(keys[policies + r"\3rdparty\extensions" + "\\" + "a" * 32 + r"\policy"])
    assert len(keys) == 4


@pytest.mark.parametrize("browser", ["com.google.Chrome", "com.microsoft.Edge"])
def test_macos(browser: str) -> None:
    profile = plistlib.loads(example("Chrome and Edge on macOS").replace("com.google.Chrome", browser).encode())

    whole, own = profile["PayloadContent"]
    assert (whole["PayloadType"], own["PayloadType"]) == (browser, f"{browser}.extensions.{'a' * 32}")
    assert len({one["PayloadUUID"] for one in (profile, whole, own)}) == 3
    assert whole["ExtensionSettings"] == {"a" * 32: INSTALLED}
    fits({name: value for name, value in own.items() if not name.startswith("Payload")})


def test_firefox() -> None:
    said = json.loads(example("Firefox"))["policies"]
    gecko = making.manifest("firefox")["browser_specific_settings"]["gecko"]["id"]

    assert said["ExtensionSettings"] == {
        gecko: {
            "installation_mode": "force_installed",
            "install_url": "https://mantel.example.com/extension/mantel.xpi",
        }
    }
    fits(said["3rdparty"]["Extensions"][gecko])


def test_the_browsers_it_needs_are_said() -> None:
    gecko = making.manifest("firefox")["browser_specific_settings"]["gecko"]
    chrome, firefox = (
        making.manifest("chrome")["minimum_chrome_version"],
        gecko["strict_min_version"].removesuffix(".0"),
    )

    assert f"Chrome and Edge from {chrome} on, Firefox from {firefox} on." in TEXT


def test_the_table_names_all_that_a_policy_may_say() -> None:
    table = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.M))

    assert table == set(SCHEMA["properties"])
    assert TYPES.keys() >= {one["type"] for one in SCHEMA["properties"].values()}
