"""Mails as bytes: two parts, nothing that loads, and no name that adds a header."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from announcements.kernel import letters

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def digest(**changes: Any) -> EmailMessage:
    """Return a digest as a mail program reads it."""
    given: dict[str, Any] = {
        "kind": "digest", "to": ("Maya Lindqvist", "maya@northwind.test"), "sender": "Northwind",
        "context": {"many": 1, "minutes": 1}, "headers": {"Message-ID": letters.message_id("d-1")},
    }  # fmt: skip
    mail = letters.compose(letters.Letter(**given | changes), now=MONDAY)
    read = email.message_from_bytes(mail.data, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_letter_has_a_plain_and_an_html_part_and_its_own_date() -> None:
    mail = digest()

    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Date"].datetime == MONDAY
    assert mail["From"].addresses[0].display_name == "Northwind"


@pytest.mark.parametrize("evil", ["Maya\r\nBcc: all@northwind.test", "Maya\nX-Evil: 1", "Maya\x00\r\n\r\n<h1>"])
def test_a_name_adds_no_header(evil: str) -> None:
    mail = digest(to=(evil, "maya@northwind.test"), sender=evil)

    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert [one.addr_spec for one in mail["To"].addresses] == ["maya@northwind.test"]


def test_the_same_mail_has_the_same_id() -> None:
    assert letters.message_id("n-1") == letters.message_id("n-1") != letters.message_id("n-2")
