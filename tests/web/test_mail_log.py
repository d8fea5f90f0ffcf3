"""The page of what was mailed: for admins, for the author of an announcement, and for oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from announcements.delivery.models import Nudge, Suppression
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.web.conftest import signed_in


@pytest.fixture
def uncertain(announce: Callable[..., publishing.Announcement], maya: people.Person) -> Nudge:
    """Return a nudge to Maya of which nobody knows whether it arrived."""
    said = announce("New badges")
    row = Nudge.objects.get(announcement_id=said.id, recipient_id=maya.id, step=1)
    Nudge.objects.filter(pk=row.pk).update(state="uncertain", reason="cut_off", reply="ConnectionReset")
    return row


def test_an_admin_settles_what_nobody_knows(olga: people.Person, uncertain: Nudge) -> None:
    browser = signed_in(olga)
    shown = browser.get("/mail-log").content.decode()
    sent = {"mail": f"nudge/{uncertain.pk}", "arrived": "no"}
    done = browser.post("/mail-log?search=maya", sent, follow=True).content.decode()

    for words in ("Maya Lindqvist", "New badges", "Nudge 1", "the connection broke on the way", "It arrived"):
        assert words in shown
    assert "Settled." in done and "settled by hand" in done and "It arrived" not in done
    assert browser.post("/mail-log", sent).status_code == 409


def test_an_author_is_told_whom_no_mail_reaches_when_they_nudge(
    ines: people.Person, maya: people.Person, announce: Callable[..., publishing.Announcement], at: datetime
) -> None:
    said = announce("New badges")
    Suppression.objects.create(workspace_id=maya.workspace_id, address=maya.email, reason="bounced", suppressed_at=at)

    shown = signed_in(ines).post(f"/a/{said.id}/nudge", {"outside": "on"}, follow=True).content.decode()

    assert "2 people are nudged, each within their working hours. No mail reaches one person who is missing" in shown


def test_an_author_is_led_there_from_the_analytics(ines: people.Person, uncertain: Nudge) -> None:
    browser, address = signed_in(ines), f"/mail-log?announcement_id={uncertain.announcement_id}"
    shown = browser.get(address).content.decode()

    assert address in browser.get(f"/a/{uncertain.announcement_id}/analytics").content.decode()
    assert shown.count("planned") > 6
    assert "It arrived" not in shown, "admins settle"


def test_somebody_sees_their_own_and_no_others(maya: people.Person, ines: people.Person, uncertain: Nudge) -> None:
    browser = signed_in(maya)

    assert "New badges" in browser.get(f"/mail-log?person_id={maya.id}").content.decode()
    assert browser.get(f"/mail-log?person_id={ines.id}").status_code == 403
    assert browser.get("/mail-log").status_code == 403


@pytest.mark.parametrize("query", ["state=lost", "person_id=x", "announcement_id=0", "cursor=x"])
def test_what_cannot_be_asked_is_said(olga: people.Person, query: str) -> None:
    assert signed_in(olga).get(f"/mail-log?{query}").status_code == 422


@pytest.mark.parametrize("mail", ["", "nudge/x", "letter/1", "nudge/99999999", "digest/", "nudge/" + "9" * 40])
def test_what_is_no_mail_is_not_found(olga: people.Person, mail: str) -> None:
    assert signed_in(olga).post("/mail-log", {"mail": mail, "arrived": "yes"}).status_code == 404
