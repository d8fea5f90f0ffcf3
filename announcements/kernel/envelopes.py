"""What an SMTP server is sent about a mail: who it is from and to, and its body."""

from __future__ import annotations

import re
import smtplib

from announcements.kernel.outcomes import Mail, Outcome

# An address of nothing but letters that need no looking at.
PLAIN = re.compile(r"[A-Za-z0-9.+_=-]+@[A-Za-z0-9.-]+")
# What is asked of a server; or why it is not.
Envelope = tuple[tuple[bytes, bytes, bytes], Outcome | None]


def envelope(mail: Mail) -> Envelope:
    """Return what is asked of a server, or why it is not."""
    try:
        return (_path("MAIL FROM", mail.sender), _path("RCPT TO", mail.recipient), b"DATA\r\n"), None
    except UnicodeError:
        said = Outcome("failed", "the address has letters that no mail server is told", at="recipient")
        return (b"", b"", b""), said


def body(mail: Mail) -> bytes:
    """Return the bytes of a mail as a body goes over the line (RFC 5321, 4.5.2), with the dot that ends it."""
    data = mail.data
    if not mail.dotless and b"\r\n." in data:
        data = data.replace(b"\r\n.", b"\r\n..")
    dot = b"." if data.startswith(b".") else b""
    return b"".join((dot, data, b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n"))


def _path(verb: str, address: str) -> bytes:
    said = f"<{address}>" if PLAIN.fullmatch(address) else smtplib.quoteaddr("".join(address.splitlines()))
    return f"{verb}:{said}\r\n".encode("ascii")
