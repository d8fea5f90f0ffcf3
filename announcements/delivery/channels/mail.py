"""Mail: the nudge and the digest, as bytes. Both parts come from templates; nothing in them loads from anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import formataddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from announcements.delivery._values import FeedItem
from announcements.delivery.channels import returns, tokens
from announcements.kernel import letters, text
from announcements.kernel.smtp import Mail, Outcome, Transport, Transports
from announcements.people import services as people
from announcements.publishing import services as publishing

__all__ = ["Mail", "Outcome", "Transport", "Transports", "digest_mail", "nudge_mail", "sample_mail"]

TEST_PAGE = "/test-mail"


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
    with translation.override(person.locale), timezone.override(ZoneInfo(person.timezone)):
        key = tokens.Claim(person.id, person.epoch, announcement.id, announcement.version)
        context = _context(person, author.workspace_id) | {
            **_nudge(announcement, author, step, confirmed, now),
            "confirm_url": f"{settings.BASE_URL}/m/{tokens.make(key, 'acknowledge')}",
        }
        thread = _message_id(f"a-{announcement.id}", person.id)
        headers = {
            "Message-ID": _message_id(f"n-{announcement.id}-{step[0]}", person.id),
            "In-Reply-To": thread,
            "References": thread,
            "Reply-To": formataddr((author.name, author.email)),
            "Feedback-ID": _feedback("nudge", person, now),
        }
        return _compose(
            "nudge", person, context, headers, sender=f"{author.name} · {context['workspace'].name}", now=now
        )


def _nudge(
    announcement: publishing.Announcement,
    author: people.Person,
    step: tuple[int, int],
    confirmed: tuple[int, int],
    now: datetime,
) -> dict[str, Any]:
    return {
        "announcement": announcement,
        "body": text.to_letter(announcement.body),
        "plain": text.to_plain(announcement.body),
        "author": author,
        "step": step[0],
        "steps": step[1],
        "by_hand": step[0] > step[1],
        "confirmed": confirmed[0],
        "recipients": confirmed[1],
        "published_at": announcement.published_at or now,
        "deadline": announcement.deadline,
        "read_url": f"{settings.BASE_URL}/a/{announcement.id}",
    }


def sample_mail(
    *, person: people.Person, announcement: publishing.Announcement, author: people.Person, item: FeedItem, test: bool, now: datetime
) -> Mail:  # fmt: skip
    """Return the mail that would tell somebody of it: its first nudge, or the digest when it does not ask to confirm.

    It holds no key: its buttons lead to a page that says what it was. A `test` says so in its subject too.
    """
    kind = "nudge" if announcement.ask_acknowledge else "digest"
    with translation.override(person.locale), timezone.override(ZoneInfo(person.timezone)):
        context = _context(person, author.workspace_id, real=False) | {"mark": _mark(person, test), "test": test}
        named = context["workspace"].name
        if kind == "nudge":
            steps = max(1, len(announcement.nudge_hours))
            context |= _nudge(announcement, author, (1, steps), (item.confirmed, item.recipients), now)
            context["confirm_url"] = settings.BASE_URL + TEST_PAGE
        else:
            context |= {"required": [], "others": [_row(item)], "many": 1}
        headers = {
            "Message-ID": _message_id(f"t-{announcement.id}-{now.isoformat()}", person.id),
            "Reply-To": formataddr((author.name, author.email)),
        }
        sender = f"{author.name} · {named}" if kind == "nudge" else named
        return _compose(kind, person, context, headers, sender=sender, now=now)


def _mark(person: people.Person, test: bool) -> str:
    if test:
        return _("This is a test. Its buttons confirm nothing.")
    return _("Preview for %(name)s. Its buttons confirm nothing.") % {"name": person.name}


def _row(item: FeedItem) -> dict[str, Any]:
    return {"item": item, "url": f"{settings.BASE_URL}/a/{item.announcement_id}"}


def digest_mail(*, person: people.Person, items: Sequence[FeedItem], period: str, now: datetime) -> Mail:
    """Return what somebody missed in a period."""
    with translation.override(person.locale):
        shown = [_row(item) for item in items]
        context: dict[str, Any] = _context(person, person.workspace_id) | {
            "required": [row for row in shown if row["item"].required],
            "others": [row for row in shown if not row["item"].required],
            "many": len(items),
        }
        headers = {
            "Message-ID": _message_id(f"d-{period}", person.id),
            "Precedence": "bulk",
            "Feedback-ID": _feedback("digest", person, now),
        }
        return _compose("digest", person, context, headers, sender=context["workspace"].name, now=now)


def _context(person: people.Person, workspace_id: int, *, real: bool = True) -> dict[str, Any]:
    """Return what all our mail says. What is not real holds no key: whoever else sees it could use one."""
    leave = "/unsubscribe/" + tokens.make(tokens.Claim(person.id, person.epoch), "unsubscribe") if real else TEST_PAGE
    own = people.mail_server(workspace_id=workspace_id)
    return {
        "person": person,
        "mail_from": own.sender if own else settings.MAIL_FROM,
        "workspace": people.workspace(workspace_id=workspace_id),
        "tab_url": f"{settings.BASE_URL}/tab",
        "unsubscribe_url": settings.BASE_URL + leave,
        "real": real,
        "settings_url": f"{settings.BASE_URL}/settings",
    }


def _feedback(kind: str, person: people.Person, now: datetime) -> str:
    """Return what large mailbox providers count complaints by: week, company, kind, and always the same last word."""
    return f"{now:%G-W%V}:{person.workspace_id}:{kind}:mantel"


def _message_id(what: str, person_id: int) -> str:
    return letters.message_id(f"{what}-{person_id}")


def _compose(
    kind: str, person: people.Person, context: Mapping[str, Any], headers: dict[str, str], *, sender: str, now: datetime
) -> Mail:
    named = text.one_line(context["workspace"].name)
    listed = {"List-Id": formataddr((named, f"{person.workspace_id}.mantel.{letters.host()}"))}
    if context["real"]:
        ways = (context["unsubscribe_url"], returns.leave_address(context["unsubscribe_url"].rpartition("/")[2]))
        listed["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways if way)
        listed["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = letters.Letter(
        kind=kind,
        to=(person.name, person.email),
        sender=sender,
        context=context,
        headers=listed | headers,
        mail_from=context["mail_from"],
        logo=_logo(context["workspace"]),
    )
    return letters.compose(letter, now=now)


def _logo(workspace: people.Workspace) -> bytes:
    side = people.LOGO_SIZES[0]
    return people.logo(workspace_id=workspace.id, digest=workspace.logo, side=side) if workspace.logo else b""
