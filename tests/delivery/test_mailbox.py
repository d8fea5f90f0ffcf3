"""The mailbox that mail comes back to is read, each mail once, and what cannot be read waits."""

from __future__ import annotations

from datetime import datetime
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from announcements.delivery import models
from announcements.delivery import services as delivery
from announcements.delivery.channels import returns
from announcements.people import services as people
from hub import mailing
from tests.delivery.mailbox import Box, listening
from tests.delivery.reports import bounce


@pytest.fixture
def report(maya: people.Person, now: datetime) -> bytes:
    """Return a server's report about a nudge to Maya."""
    row = models.Nudge.objects.create(
        announcement_id=1, recipient_id=maya.id, workspace_id=maya.workspace_id, step=1, due_at=now, state="submitted"
    )
    mail = message_from_string(
        f"X-Mantel-Mail: {returns.key_of('nudge', row.pk)}\nTo: {maya.email}\n\nx\n", policy=policy.default
    )
    assert isinstance(mail, EmailMessage)
    return bounce(mail)


def suppressed(owner: people.Person) -> list[str]:
    return [one.reason for one in delivery.suppressions(by=owner.id)]


def test_what_waits_there_is_taken_and_marked(olga: people.Person, report: bytes, settings: Any, now: datetime) -> None:
    box = Box(b"Subject: hello\r\n\r\nNo report.\r\n", report)
    with listening(box) as settings.RETURN_MAILBOX:
        assert delivery.fetch_returns(now=now) == 2
        assert delivery.fetch_returns(now=now) == 0

    assert box.seen == {1, 2}
    assert suppressed(olga) == ["bounced"]


def test_a_line_that_is_cut_loses_nothing(olga: people.Person, report: bytes, settings: Any, now: datetime) -> None:
    box = Box(b"Subject: hello\r\n\r\nNo report.\r\n", report)
    box.cut_after = 2
    with listening(box) as settings.RETURN_MAILBOX:
        assert delivery.fetch_returns(now=now) == 1
        assert (box.seen, suppressed(olga)) == ({1}, [])
        box.cut_after = None
        assert delivery.fetch_returns(now=now) == 1

    assert suppressed(olga) == ["bounced"]


def test_a_mailbox_that_is_closed_or_away_is_no_trouble(
    report: bytes, settings: Any, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    box = Box(report)
    with listening(box) as where:
        settings.RETURN_MAILBOX = where | {"password": "wrong"}
        assert delivery.fetch_returns(now=now) == 0
    settings.RETURN_MAILBOX = where
    assert delivery.fetch_returns(now=now) == 0

    assert caplog.text.count("cannot be read") == 2
    assert "right" not in caplog.text
    assert box.seen == set()


def test_where_it_is_comes_from_an_address() -> None:
    assert mailing.mailbox("imaps://hub%40x:p%2Fw@mx.test/Returns") == {
        "host": "mx.test", "port": 993, "user": "hub@x", "password": "p/w", "tls": True, "folder": "Returns",
    }  # fmt: skip
    assert mailing.mailbox("") == {}
    for wrong in ("pop3://hub:x@mx.test", "imaps://mx.test", "mx.test"):
        with pytest.raises(ImproperlyConfigured):
            mailing.mailbox(wrong)
