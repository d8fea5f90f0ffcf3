"""IT rolls it out: the policy of the documentation, word for word, on a browser that nobody touches."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Error, Playwright, expect

from announcements.joining import services as joining
from announcements.people import services as people
from tests import browser
from tests.browser import needs_chromium

ROOT = Path(__file__).resolve().parents[2]
APART = ["unshare", "--mount", "--propagation", "private"]
# A policy is a file of the machine: the browser gets a view of its own, in which that file is another one.
needs_views = pytest.mark.skipif(
    os.geteuid() != 0 or subprocess.run([*APART, "true"], capture_output=True, check=False).returncode != 0,
    reason="a policy of its own needs root and mount namespaces",
)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium, needs_views]


def documented(extension_id: str, hub: str, token: str) -> dict[str, Any]:
    """Return the policy for Linux as docs/extension.md gives it, for this hub."""
    text = (ROOT / "docs" / "extension.md").read_text()
    said = re.search(r"### Chrome and Chromium on Linux.*?```json\n(.*?)```", text, re.S)
    assert said
    policy = said[1].replace("<id>", extension_id).replace("https://mantel.example.com", hub).replace("<token>", token)
    found: dict[str, Any] = json.loads(policy)
    return found


def test_a_browser_with_the_documented_policy_has_it_and_knows_its_hub(
    play: Playwright,
    live_server: Any,
    settings: Any,
    tmp_path: Path,
    olga: people.Person,
    maya: people.Person,
    hub_of: Any,
    at: datetime,
) -> None:
    link = joining.create_claim_link(by=olga.id, name="Browser policy", limits=joining.Limits(), now=at)
    hub = live_server.url.replace("localhost", "127.0.0.1")
    settings.BASE_URL, settings.EXTENSION = hub, str(tmp_path / "dist")
    call_command(
        "build_extension", "--out", str(tmp_path / "dist"), "--key", str(tmp_path / "key.pem"), stdout=io.StringIO()
    )
    extension_id = json.loads((tmp_path / "dist" / "mantel.json").read_text())["id"]
    managed = tmp_path / "etc" / "policies" / "managed"
    managed.mkdir(parents=True)
    # Without this line no test may look into what a policy has installed.
    policy = documented(extension_id, hub, link.token) | {"DeveloperToolsAvailability": 1}
    (managed / "mantel.json").write_text(json.dumps(policy))
    wrapper = tmp_path / "chromium"
    mount = f'mount --bind {tmp_path / "etc"} /etc/chromium && exec {browser.path()} "$@"'
    wrapper.write_text(f"#!/bin/sh\nexec {' '.join(APART)} sh -c '{mount}' chromium \"$@\"\n")
    wrapper.chmod(0o755)

    context = play.chromium.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=str(wrapper),
        ignore_default_args=[
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-default-apps",
            "--disable-component-update",
        ],
        args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
    )
    try:
        for _try in range(60):
            page = context.new_page()
            with contextlib.suppress(Error):  # it is not there yet
                page.goto("chrome://newtab/")
            if page.url.startswith(f"chrome-extension://{extension_id}/"):
                break
            page.wait_for_timeout(500)
            page.close()
        expect(page.get_by_role("heading", name="Connect to Northwind Freight")).to_be_visible(timeout=20_000)
        expect(page.get_by_label("Address of your company’s Mantel")).to_be_hidden()
        expect(page.get_by_role("link", name="Open Mantel")).to_have_attribute(
            "href", re.compile(f"^{re.escape(hub)}/connect")
        )
        expect(page.get_by_role("link", name="I have no account yet")).to_have_attribute(
            "href", f"{hub}/join/{link.token}"
        )
        hub_of(maya).post("/connect", {"code": page.locator('[data-slot="code"]').text_content(), "do": "connect"})
        expect(page.get_by_role("heading", name="Maya")).to_be_visible(timeout=20_000)
    finally:
        context.close()
