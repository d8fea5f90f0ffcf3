"""The pages about mail in a real browser: readable in light, dark and on a phone, by the rules of access."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from announcements.delivery.channels import tokens
from announcements.delivery.models import Suppression
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import PHONE, accessible, looked, needs_chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": PHONE},
}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_pages_about_mail_keep_the_rules_of_access(
    browse: Callable[..., Page], olga: people.Person, maya: people.Person, announce: Callable[..., Any],
    at: datetime, scheme: str,
) -> None:  # fmt: skip
    said: publishing.Announcement = announce()
    row = {"workspace_id": maya.workspace_id, "suppressed_at": at}
    Suppression.objects.create(address=maya.email, reason="bounced", said="550 5.1.1 No mailbox here", **row)
    Suppression.objects.create(address="old@northwind.test", reason="complained", **row)
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(calendar="DE-BY"), now=at)
    leave = tokens.make(tokens.Claim(maya.id, maya.epoch), "unsubscribe")
    confirm = tokens.make(tokens.Claim(maya.id, maya.epoch, said.id, 1), "acknowledge")
    inside, outside = browse(olga, **SCHEMES[scheme]), browse(**SCHEMES[scheme])

    for page, name, address in (
        (inside, "suppressions", "/settings/mail/suppressions"),
        (inside, "log", "/mail-log?search=northwind"),
        (inside, "log-about", f"/mail-log?announcement_id={said.id}"),
        (inside, "company", "/settings/workspace"),
        (inside, "somebody-elses", f"/m/{confirm}"),
        (inside, "numbers", f"/a/{said.id}/numbers"),
        (outside, "unsubscribe", f"/unsubscribe/{leave}"),
        (outside, "mark-as-read", f"/m/{confirm}"),
    ):
        page.goto(address)
        accessible(page)
        looked(page, f"-{name}")
