"""Mails as bytes: templates and headers become a message of two parts, in which nothing loads from anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
import mrml
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from announcements.kernel import text
from announcements.kernel.smtp import Mail


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says and to whom. `kind` names its templates under templates/email; `to` is (name, address); `sender` is a name."""

    kind: str
    to: tuple[str, str]
    sender: str
    context: Mapping[str, Any]
    headers: Mapping[str, str]


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, keep_at_rules=True)


def host() -> str:
    """Return the name this installation is known by."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def message_id(what: str) -> str:
    """Return the same id for the same mail, however often it is made."""
    digest = hashlib.blake2b(what.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()
    return f"<{digest}@{host()}>"


def compose(letter: Letter, *, now: datetime) -> Mail:
    """Return a letter as bytes, in the language that is active. Names become one line: none of them can add a header."""
    context = dict(letter.context)
    name, address = letter.to
    message = EmailMultiAlternatives(
        subject=text.one_line(render_to_string(f"email/{letter.kind}/subject.txt", context)),
        body=render_to_string(f"email/{letter.kind}/body.txt", context),
        from_email=formataddr((text.one_line(letter.sender), settings.MAIL_FROM)),
        to=[formataddr((text.one_line(name), address))],
        headers={
            "Date": format_datetime(now),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **letter.headers,
        },
    )
    html = mrml.to_html(render_to_string(f"email/{letter.kind}/body.mjml", context)).content
    message.attach_alternative(_inliner().inline(html), "text/html")
    data = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own message takes it
    return Mail(sender=settings.MAIL_FROM, recipient=address, message_id=letter.headers["Message-ID"], data=data)
