"""Where admins see which addresses fail, and let mail go there again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.delivery import services as delivery
from announcements.delivery.models import Suppression
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.web.conftest import signed_in


@pytest.fixture
def bounced(maya: people.Person, at: datetime) -> Suppression:
    return Suppression.objects.create(
        workspace_id=maya.workspace_id,
        address=maya.email,
        reason="bounced",
        said="550 5.1.1 Who is this?",
        suppressed_at=at - timedelta(days=1),
    )


def test_an_admin_reads_why_and_writes_again(olga: people.Person, maya: people.Person, bounced: Suppression) -> None:
    browser = signed_in(olga)
    shown = browser.get("/settings/mail/suppressions").content.decode()
    done = browser.post("/settings/mail/suppressions", {"suppression": bounced.pk}, follow=True).content.decode()

    for said in (maya.email, maya.name, "bounced", "550 5.1.1 Who is this?"):
        assert said in shown
    assert "Mail goes to that address again" in done
    assert maya.email not in done
    assert delivery.suppressions(by=olga.id) == []


def test_what_is_searched_is_a_part_of_the_address(olga: people.Person, bounced: Suppression) -> None:
    browser = signed_in(olga)

    assert "maya@" in browser.get("/settings/mail/suppressions?search=MAYA").content.decode()
    assert "No address matches" in browser.get("/settings/mail/suppressions?search=joao").content.decode()


@pytest.mark.parametrize("given", ["", "x", "9" * 40, "-1"])
def test_what_was_never_listed_is_not_found(olga: people.Person, given: str) -> None:
    assert signed_in(olga).post("/settings/mail/suppressions", {"suppression": given}).status_code == 404


def test_the_numbers_say_whose_address_to_fix(
    ines: people.Person, bounced: Suppression, announce: Callable[..., publishing.Announcement]
) -> None:
    page = signed_in(ines).get(f"/a/{announce().id}/analytics").content.decode()

    assert page.count("email bounced: fix address") == 1
    assert "an admin can" in page
    assert "/settings/mail/suppressions" not in page


def test_who_may_fix_an_address_is_led_to_it(
    olga: people.Person, maya: people.Person, bounced: Suppression, announce: Callable[..., publishing.Announcement]
) -> None:
    browser = signed_in(olga)
    page = browser.get(f"/a/{announce().id}/analytics").content.decode()
    [link] = re.findall(r'href="(/settings/mail/suppressions[^"]*)"', page)

    shown = browser.get(link).content.decode()

    assert (maya.email in shown, "Write again" in shown) == (True, True)
