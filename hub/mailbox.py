"""What the local mail catcher has kept, as pages. Served only while HUB_MAIL_CATCHER is set, which the embedded default does."""

from __future__ import annotations

import email
import email.policy
import mailbox
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin

MOST = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that was caught."""

    key: str
    caught_at: datetime
    message: EmailMessage

    def part(self, kind: str) -> str:
        """Return its text, "plain" or "html"; empty when it has none."""
        found = self.message.get_body((kind,))
        return str(found.get_content()) if found else ""


def _box() -> mailbox.Maildir:
    return mailbox.Maildir(Path(settings.MAIL_CATCHER), create=True)


def _letter(key: str) -> Letter:
    box = _box()
    try:
        content, caught = box.get_bytes(key), box.get_message(key).get_date()
    except KeyError:
        raise Http404 from None
    message = email.message_from_bytes(content, policy=email.policy.default)
    return Letter(key, datetime.fromtimestamp(caught, UTC), message)


def letters(request: HttpRequest) -> HttpResponse:
    """Show the newest mails; only those to an address that contains `to`, when given."""
    wanted = request.GET.get("to", "").strip().lower()
    found = sorted((_letter(key) for key in _box().iterkeys()), key=lambda letter: letter.caught_at, reverse=True)
    shown = [letter for letter in found if wanted in str(letter.message["To"]).lower()][:MOST]
    return render(request, "hub/letters.html", {"letters": shown, "to": wanted, "many": len(found)})


def letter(request: HttpRequest, key: str) -> HttpResponse:
    """Show a mail: its headers, and its HTML in a frame of its own."""
    found = _letter(key)
    shown = {"letter": found, "plain": found.part("plain"), "html": bool(found.part("html"))}
    return render(request, "hub/letter.html", shown)


@xframe_options_sameorigin
def html(request: HttpRequest, key: str) -> HttpResponse:
    """Return the HTML part as a mail program would show it: no scripts, nothing loaded; its links open in the whole window."""
    shown = _letter(key).part("html").replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(shown)


_framed: Any = csp_replace({"frame-src": ["'self'"]})
_as_mail: Any = csp_replace(
    {
        "style-src": ["'unsafe-inline'"],
        "script-src": ["'none'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
    }
)
urlpatterns = [
    path("", letters, name="letters"),
    path("<str:key>", _framed(letter), name="letter"),
    path("<str:key>/html", _as_mail(html), name="letter_html"),
]
