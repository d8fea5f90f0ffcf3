"""Mail: the nudge and the digest, as bytes. Both parts come from templates; nothing in them loads from anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.mime.image import MIMEImage
from email.utils import format_datetime, formataddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import css_inline
import mrml
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from announcements.delivery._values import FeedItem
from announcements.delivery.channels import tokens
from announcements.delivery.channels.smtp import Mail, Outcome, Transport, Transports
from announcements.kernel import text
from announcements.people import services as people
from announcements.publishing import services as publishing

__all__ = ["Mail", "Outcome", "Transport", "Transports", "digest_mail", "nudge_mail"]


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, keep_at_rules=True)


def nudge_mail(
    *,
    person: people.Person,
    announcement: publishing.Announcement,
    author: people.Person,
    step: tuple[int, int],
    confirmed: tuple[int, int],
    now: datetime,
) -> Mail:
    """Return the nudge of `step` (this, of how many) to somebody who has yet to confirm; `confirmed` is (how many, of how many)."""
    with translation.override(person.locale):
        zone = ZoneInfo(person.timezone)
        key = tokens.Claim(person.id, person.epoch, announcement.id, announcement.version)
        context = _context(person, author.workspace_id) | {
            "announcement": announcement,
            "plain": text.to_plain(announcement.body),
            "author": author,
            "step": step[0],
            "steps": step[1],
            "by_hand": step[0] > step[1],
            "confirmed": confirmed[0],
            "recipients": confirmed[1],
            "published_at": (announcement.published_at or now).astimezone(zone),
            "deadline": announcement.deadline and announcement.deadline.astimezone(zone),
            "confirm_url": f"{settings.BASE_URL}/m/{tokens.make(key, 'acknowledge')}",
            "read_url": f"{settings.BASE_URL}/a/{announcement.id}",
        }
        thread = _message_id(f"a-{announcement.id}", person.id)
        headers = {
            "Message-ID": _message_id(f"n-{announcement.id}-{step[0]}", person.id),
            "In-Reply-To": thread,
            "References": thread,
            "Reply-To": formataddr((author.name, author.email)),
            "Feedback-ID": f"nudge:{person.workspace_id}:mantel",
        }
        return _compose(
            "nudge", person, context, headers, sender=f"{author.name} · {context['workspace'].name}", now=now
        )


def digest_mail(*, person: people.Person, items: Sequence[FeedItem], period: str, now: datetime) -> Mail:
    """Return what somebody missed in a period."""
    with translation.override(person.locale):
        shown = [{"item": item, "url": f"{settings.BASE_URL}/a/{item.announcement_id}"} for item in items]
        context: dict[str, Any] = _context(person, person.workspace_id) | {
            "required": [row for row in shown if row["item"].required],  # type: ignore[attr-defined]  # mixed dict
            "others": [row for row in shown if not row["item"].required],  # type: ignore[attr-defined]  # mixed dict
            "many": len(items),
        }
        headers = {
            "Message-ID": _message_id(f"d-{period}", person.id),
            "Precedence": "bulk",
            "Feedback-ID": f"digest:{person.workspace_id}:mantel",
        }
        return _compose("digest", person, context, headers, sender=context["workspace"].name, now=now)


def _context(person: people.Person, workspace_id: int) -> dict[str, Any]:
    leave = tokens.make(tokens.Claim(person.id, person.epoch), "unsubscribe")
    own = people.mail_server(workspace_id=workspace_id)
    return {
        "person": person,
        "mail_from": own.sender if own else settings.MAIL_FROM,
        "workspace": people.workspace(workspace_id=workspace_id),
        "tab_url": f"{settings.BASE_URL}/tab",
        "unsubscribe_url": f"{settings.BASE_URL}/unsubscribe/{leave}",
        "settings_url": f"{settings.BASE_URL}/settings",
    }


def _message_id(what: str, person_id: int) -> str:
    """Return the same id for the same mail, however often it is made."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    digest = hashlib.blake2b(
        f"{what}-{person_id}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16
    ).hexdigest()
    return f"<{digest}@{host}>"


def _compose(
    kind: str, person: people.Person, context: Mapping[str, Any], headers: dict[str, str], *, sender: str, now: datetime
) -> Mail:
    subject = text.one_line(render_to_string(f"email/{kind}/subject.txt", dict(context)))
    html = _inliner().inline(mrml.to_html(render_to_string(f"email/{kind}/body.mjml", dict(context))).content)
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"email/{kind}/body.txt", dict(context)),
        from_email=formataddr((text.one_line(sender), context["mail_from"])),
        to=[formataddr((person.name, person.email))],
        headers={
            "Date": format_datetime(now),
            "List-Id": f"{text.one_line(context['workspace'].name)} <{person.workspace_id}.mantel.{urlsplit(settings.BASE_URL).hostname}>",
            "List-Unsubscribe": f"<{context['unsubscribe_url']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **headers,
        },
    )
    message.attach_alternative(html, "text/html")
    if context["workspace"].logo:
        _attach_logo(message, context["workspace"])
    data = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own message takes it
    return Mail(sender=context["mail_from"], recipient=person.email, message_id=headers["Message-ID"], data=data)


def _attach_logo(message: EmailMultiAlternatives, workspace: people.Workspace) -> None:
    """Put the logo inside: a mail loads nothing from anywhere."""
    png = people.logo(workspace_id=workspace.id, digest=workspace.logo, side=people.LOGO_SIZES[0])
    image = MIMEImage(png, "png")
    image.add_header("Content-ID", "<logo>")
    image.add_header("Content-Disposition", "inline", filename="logo.png")
    message.mixed_subtype = "related"  # type: ignore[attr-defined]  # missing in the stubs
    message.attach(image)
