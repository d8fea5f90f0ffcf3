"""How mail gets on, as an admin meets it in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.delivery import _gate
from announcements.delivery.models import Transport
from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
Browse = Callable[..., Page]
SCHEMES: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]


def test_a_server_in_trouble_is_shown_and_mail_paused_by_keyboard(browse: Browse, olga: people.Person) -> None:
    at = datetime.now(UTC)
    trouble = {"failures": 3, "failing_since": at - timedelta(hours=2), "rests_until": at + timedelta(hours=1)}
    said = "535 5.7.8 Error: authentication failed: the password of hub@northwind.test has expired"
    server = _gate.fingerprint(None)
    Transport.objects.create(workspace_id=0, server=server, refused=True, reply=said, **trouble)
    for way in SCHEMES:
        page = browse(olga, **way)
        page.goto("/settings/mail")
        expect(page.get_by_role("heading", name="The server refuses our mail")).to_be_visible()
        looked(page, f"-refused-{'phone' if 'viewport' in way else way['color_scheme']}")
        accessible(page)
        page.get_by_role("button", name="Pause nudges and digests").press("Enter")
        expect(page.get_by_role("heading", name="Mail is paused")).to_be_visible()
        looked(page, f"-paused-{'phone' if 'viewport' in way else way['color_scheme']}")
        accessible(page)
        page.get_by_role("button", name="Resume").press("Enter")
        expect(page.get_by_role("heading", name="The server refuses our mail")).to_be_visible()
        page.goto("about:blank")
