"""Where admins see how mail gets on, pause it and resume it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.delivery.models import Transport
from announcements.people import services as people
from tests.web.conftest import signed_in


def test_an_admin_pauses_mail_and_resumes_it(olga: people.Person) -> None:
    browser = signed_in(olga)
    assert "Mail leaves" in browser.get("/settings/mail").content.decode()

    paused = browser.post("/settings/mail/sending", {"do": "pause"}, follow=True).content.decode()
    assert "Mail is paused" in paused
    assert "Olga Berg paused nudges and digests on" in paused

    resumed = browser.post("/settings/mail/sending", {"do": "resume"}, follow=True).content.decode()
    assert "Mail leaves" in resumed
    trail = browser.get("/settings/audit").content.decode()
    assert "paused mail" in trail and "resumed mail" in trail


@pytest.mark.parametrize(
    ("refused", "said"), [(True, "The server refuses our mail"), (False, "The server is in trouble")]
)
def test_an_admin_reads_what_the_server_said_and_when_it_is_asked_again(
    olga: people.Person, at: datetime, refused: bool, said: str
) -> None:
    from announcements.delivery import _gate

    Transport.objects.create(
        workspace_id=0,
        server=_gate.fingerprint(None),
        failures=3,
        failing_since=at - timedelta(hours=2),
        rests_until=at + timedelta(hours=1),
        refused=refused,
        reply="535 5.7.8 wrong <password>",
    )

    shown = signed_in(olga).get("/settings/mail").content.decode()

    assert said in shown
    assert "535 5.7.8 wrong &lt;password&gt;" in shown
    assert "The server is asked again at" in shown
    assert "Ask it now" in shown


def test_an_hour_that_has_passed_is_named_to_nobody(olga: people.Person, at: datetime) -> None:
    from announcements.delivery import _gate

    known = {"server": _gate.fingerprint(None), "failures": 1, "failing_since": at - timedelta(hours=2)}
    Transport.objects.create(workspace_id=0, rests_until=at - timedelta(hours=1), **known)

    shown = signed_in(olga).get("/settings/mail").content.decode()

    assert "The server is in trouble" in shown
    assert "The server is asked again with the next mail." in shown
    assert "The server is asked again at" not in shown


def test_after_a_backup_was_restored_the_page_warns_before_mail_goes_on(olga: people.Person, at: datetime) -> None:
    Transport.objects.create(workspace_id=0, held_at=at - timedelta(hours=1))
    browser = signed_in(olga)

    assert "a backup was restored" in browser.get("/settings/mail").content.decode()
    browser.post("/settings/mail/sending", {"do": "resume"})

    assert "Mail leaves" in browser.get("/settings/mail").content.decode()
