"""What all mail of a company shows and says, whatever it is about, and how it can be left."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import formataddr
from functools import lru_cache
from typing import Any

from django.conf import settings

from announcements.kernel import letters, text
from announcements.people import services as people

TEST_PAGE = "/test-mail"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mail of a company shows: itself, the address it is from, and its logo as a PNG."""

    workspace: people.Workspace
    mail_from: str
    logo: bytes

    @property
    def seen(self) -> Hashable:
        """All that is seen of it: mail that differs in none of it can be made once."""
        place = self.workspace
        return place.id, place.name, place.logo, place.brand_hue, self.mail_from

    def context(self, key: str = "") -> dict[str, Any]:
        """Return what all our mail says. What is not real holds no key: whoever else sees it could use one."""
        return {
            "workspace": self.workspace,
            "unsubscribe_url": leave_url(key) if key else settings.BASE_URL + TEST_PAGE,
        }

    def feedback(self, kind: str, now: datetime) -> str:
        """Return what large mailbox providers count complaints by: week, company, kind, and always the same last word."""
        return f"{_week(now.date())}:{self.workspace.id}:{kind}:mantel"

    def letter(self, kind: str, context: Mapping[str, Any], headers: dict[str, str], *, sender: str) -> letters.Letter:
        """Return a letter that is to nobody yet."""
        named = text.one_line(self.workspace.name)
        listed = {"List-Id": formataddr((named, f"{self.workspace.id}.mantel.{letters.host()}"))}
        if "mark" not in context:  # what is not real cannot be left
            listed["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return letters.Letter(
            kind=kind,
            to=("", ""),
            sender=sender,
            context=context,
            headers=listed | headers,
            mail_from=self.mail_from,
            logo=self.logo,
            hue=self.workspace.brand_hue,
        )


def letterhead(workspace_id: int) -> Letterhead:
    """Return what a company's mail shows now."""
    workspace, own = people.workspace(workspace_id=workspace_id), people.mail_server(workspace_id=workspace_id)
    return Letterhead(workspace, own.sender if own else settings.MAIL_FROM, _logo(workspace))


def leave_url(key: str) -> str:
    """Return where mail can be left by somebody's key."""
    return f"{settings.BASE_URL}/unsubscribe/{key}"


@lru_cache(8)
def _week(day: date) -> str:
    return f"{day:%G-W%V}"


def _logo(workspace: people.Workspace) -> bytes:
    side = people.LOGO_SIZES[0]
    return people.logo(workspace_id=workspace.id, digest=workspace.logo, side=side) if workspace.logo else b""
