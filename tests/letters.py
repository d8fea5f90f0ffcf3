"""What waits to leave by mail, as its reader would see it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from announcements.delivery import models


def letters(address: str = "") -> list[EmailMessage]:
    """Return the letters to an address, or all, oldest first."""
    rows = models.Letter.objects.order_by("id")
    found = rows.filter(recipient=address) if address else rows
    return [message_from_bytes(bytes(row.data), policy=policy.default) for row in found]  # type: ignore[misc]  # by its policy


def plain(letter: EmailMessage) -> str:
    """Return what a letter says in plain words."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def code(address: str = "") -> str:
    """Return the code in the newest letter."""
    text = plain(letters(address)[-1])
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", text, re.M)
    assert found, text
    return found[1]


def link(address: str = "") -> str:
    """Return the link in the newest letter."""
    text = plain(letters(address)[-1])
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found[0]
