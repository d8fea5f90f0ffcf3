"""Mails as bytes: templates and headers become a message of two parts, in which nothing loads from anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.charset import QP, Charset
from email.mime.image import MIMEImage
from email.utils import format_datetime, formataddr
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from announcements.kernel import colors, mjml, text
from announcements.kernel.smtp import Mail


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says and to whom. `kind` names its templates under templates/email; `to` is (name, address); `sender` is a name."""

    kind: str
    to: tuple[str, str]
    sender: str
    context: Mapping[str, Any]
    headers: Mapping[str, str]
    mail_from: str = ""  # an address; empty: the installation's
    logo: bytes = b""  # a PNG; it travels inside: a mail loads nothing from anywhere
    hue: int = colors.HUE  # of the company's color


@cache
def _seven_bit() -> Charset:
    # Not every server on the way takes eight bits (RFC 6152), and none a line over 998 (RFC 5322).
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return charset


def host() -> str:
    """Return the name this installation is known by."""
    return _host(settings.BASE_URL)


@lru_cache(8)
def _host(url: str) -> str:
    return urlsplit(url).hostname or "localhost"


def message_id(what: str) -> str:
    """Return the same id for the same mail, however often it is made."""
    return namer()(what)


def namer() -> Callable[[str], str]:
    """Return what makes these ids: who makes many holds it."""
    key, ours = settings.SECRET_KEY.encode()[:64], host()
    return lambda what: f"<{hashlib.blake2b(what.encode(), key=key, digest_size=16).hexdigest()}@{ours}>"


@dataclass(frozen=True, slots=True)
class Said:
    """What a letter says: its subject, and the same as text and as a page."""

    subject: str
    text: str
    html: str


def compose(letter: Letter, *, now: datetime) -> Mail:
    """Return a letter as bytes, in the language that is active. Names become one line: none of them can add a header."""
    dated = replace(letter, headers={"Date": format_datetime(now), **letter.headers})
    return Mail(
        sender=sender(letter),
        recipient=letter.to[1],
        message_id=letter.headers["Message-ID"],
        data=assemble(dated, say(letter)),
    )


def sender(letter: Letter) -> str:
    """Return the address that a letter leaves from."""
    return letter.mail_from or settings.MAIL_FROM


def say(letter: Letter) -> Said:
    """Return what the templates make of a letter, in the language that is active."""
    context = {"accent": colors.accent(letter.hue), **letter.context}
    subject = text.one_line(render_to_string(f"email/{letter.kind}/subject.txt", context))
    html = mjml.to_html(render_to_string(f"email/{letter.kind}/body.mjml", context))
    return Said(subject, render_to_string(f"email/{letter.kind}/body.txt", context), html)


def assemble(letter: Letter, said: Said) -> bytes:
    """Return the bytes of a letter that says this; without To when it is to nobody in particular."""
    name, address = letter.to
    message = EmailMultiAlternatives(
        subject=said.subject,
        body=said.text,
        from_email=formataddr((text.one_line(letter.sender), sender(letter))),
        to=[formataddr((text.one_line(name), address))] if address else [],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", **letter.headers},
    )
    message.encoding = _seven_bit()
    message.attach_alternative(said.html, "text/html")
    if letter.logo:
        _attach_logo(message, letter.logo)
    return message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own message takes it


def _attach_logo(message: EmailMultiAlternatives, png: bytes) -> None:
    image = MIMEImage(png, "png")
    image.add_header("Content-ID", "<logo>")
    image.add_header("Content-Disposition", "inline", filename="logo.png")
    message.mixed_subtype = "related"  # type: ignore[attr-defined]  # missing in the stubs
    message.attach(image)
