"""What speaks for me without me: my tokens, and the devices I have connected."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.api.client import Answer
from announcements.web.pages import Page, faults, need

# What each scope lets its holder do, in words.
SCOPES = {
    "feed:read": gettext_lazy("Read your announcements"),
    "receipts:write": gettext_lazy("Say what you have seen, and mark it as read"),
    "announcements:read": gettext_lazy("Read announcements you may see, with your drafts"),
    "announcements:write": gettext_lazy("Write, publish and change your announcements"),
    "people:read": gettext_lazy("See people and groups"),
    "people:write": gettext_lazy("Invite people, change them and their groups"),
    "workspace:write": gettext_lazy("Change the workspace: name, logo, hours, new tab, pausing mail"),
    "reach:read": gettext_lazy("See the numbers of announcements"),
    "facts:read": gettext_lazy("Take along single facts about reading"),
    "audit:read": gettext_lazy("Read the audit trail"),
}
NEVER = "never"
DAYS = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("a year"),
    NEVER: gettext_lazy("no end, until you revoke it"),
}


def in_words(scopes: list[str]) -> list[str]:
    """Return what a holder of these scopes may do."""
    return [str(SCOPES.get(scope, scope)) for scope in scopes]


class Access(Page):
    """My tokens and devices."""

    template = "web/access.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a token and show its key this once; revoke one; disconnect a device."""
        sent = request.POST
        if number := sent.get("token"):
            return self._done(self.api.delete(f"tokens/{number}"), _("The token is revoked."))
        if number := sent.get("device"):
            return self._done(self.api.delete(f"devices/{number}"), _("The device is disconnected."))
        made = self.api.post("tokens", self._given())
        if made.ok:
            return self._show(made=made.data)
        problems = faults(made)
        if not sent.getlist("scopes"):
            problems["scopes"] = [_("Choose at least one thing it may do.")]
        return self._show(form=sent, chosen=sent.getlist("scopes"), problems=problems, status=made.status)

    def _done(self, answer: Answer, said: str) -> HttpResponse:
        need(answer)
        messages.success(self.request, said)
        return redirect("access")

    def _given(self) -> dict[str, Any]:
        sent = self.request.POST
        days = sent.get("days", "")
        given: dict[str, Any] = {"name": sent.get("name", ""), "scopes": sent.getlist("scopes")}
        if days == NEVER:
            return given | {"expires_at": None}
        if days in DAYS:
            return given | {"expires_at": (timezone.now() + timedelta(days=int(days))).isoformat()}
        return given

    def _show(self, **more: Any) -> HttpResponse:
        tokens, devices = (need(self.api.get(name))["results"] for name in ("tokens", "devices"))
        for row in [*tokens, *devices]:
            row["may"] = in_words(row["scopes"])
        shown = {"form": {"days": "90"}, "chosen": [], "scopes": SCOPES.items(), "days": DAYS.items()} | more
        return self.show(place="settings", section="access", tokens=tokens, devices=devices, **shown)
