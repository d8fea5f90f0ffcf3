"""Where the links in our mail lead. Opening one changes nothing: a mail scanner opens them all."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from announcements.api.client import Answer
from announcements.web import pressing
from announcements.web.pages import Page, faults, need


# The token is the key, and a mail program that unsubscribes by POST (RFC 8058) has no session to protect.
@method_decorator(csrf_exempt, name="dispatch")
class _MailLink(Page):
    public = True
    purpose: ClassVar[str]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what the link is about, and the button that does it."""
        return self._show(token, self._about(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Do it, when somebody pressed the button."""
        if not pressing.pressed(request, token, now=timezone.now()):
            return self._show(token, self._about(token), problems={"": [_("Have a look, and press the button again.")]})
        done = self._do(token)
        problems = {} if done.ok else faults(done)
        return self._show(token, self._about(token), done=done.ok, problems=problems)

    def _about(self, token: str) -> Answer:
        return self.api.get(f"mail-links/{token}", {"purpose": self.purpose})

    def _do(self, token: str) -> Answer:
        raise NotImplementedError

    def _show(self, token: str, about: Answer, **more: Any) -> HttpResponse:
        if about.status == HTTPStatus.NOT_FOUND:
            return self.show(template="web/link_dead.html", said=about.data["detail"], status=about.status)
        need(about)
        shown = self.show(link=about.data, shown=pressing.shown(token, now=timezone.now()), **more)
        # The address is the key: no other site hears of it, no search engine keeps it.
        shown["Referrer-Policy"], shown["X-Robots-Tag"] = "no-referrer", "noindex"
        return shown


class MarkAsRead(_MailLink):
    """Confirm by the link of a nudge."""

    template = "web/mark_as_read.html"
    purpose = "acknowledge"

    def _do(self, token: str) -> Answer:
        return self.api.post(f"mail-links/{token}/acknowledge", {})


class Unsubscribe(_MailLink):
    """Leave the digest, also by the one click of a mail program (RFC 8058); or choose how often it comes."""

    template = "web/unsubscribe.html"
    purpose = "unsubscribe"

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Do it. A program gets an answer that is no page, and no cookie with it."""
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return super().post(request, token)
        done = self._do(token)
        return HttpResponse(status=200 if done.ok else done.status)

    def _do(self, token: str) -> Answer:
        if digest := self.request.POST.get("digest"):
            return self.api.put(f"mail-links/{token}/preference", {"digest": digest})
        return self.api.post(f"mail-links/{token}/unsubscribe", {})
