"""What lets me in: password, second factors, the browsers that are signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from announcements.api.client import Answer, Client
from announcements.web.pages import Page, faults, need

# Where somebody proves again that it is them, by what they have.
AGAIN = {"totp": "mfa_reauthenticate", "passkey": "mfa_reauthenticate_webauthn", "": "account_reauthenticate"}


def again(api: Client, back: str) -> str:
    """Return where somebody proves that it is them, by what they have, before they come back."""
    kinds = {factor["kind"] for factor in need(api.get("second-factors"))["results"]}
    page = reverse(AGAIN[next((kind for kind in ("totp", "passkey") if kind in kinds), "")])
    return f"{page}?{urlencode({'next': back})}"


class Security(Page):
    """My password, second factors and sessions; for admins, whether everybody needs a second factor."""

    template = "web/security.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what lets me in."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """End a session, sign out everywhere else, remove a second factor, or ask everybody for one."""
        done, said = self._do(request.POST)
        if done.ok:
            messages.success(request, said)
            return redirect("security")
        if done.data["code"] == "sign_in_not_fresh":
            return redirect(again(self.api, reverse("security")))
        return self._show(problems=faults(done), status=done.status)

    def _do(self, sent: Any) -> tuple[Answer, str]:
        if number := sent.get("session"):
            return self.api.delete(f"sessions/{number}"), _("That browser is signed out.")
        if number := sent.get("factor"):
            return self.api.delete(f"second-factors/{number}"), _("It is removed.")
        if required := sent.get("required"):
            said = _("Everybody needs a second factor now.") if required == "1" else _("A second factor is up to each.")
            return self.api.patch("workspace", {"second_factor_required": required == "1"}), said
        return self.api.delete("sessions"), _("All other browsers, tokens and devices are signed out.")

    def _show(self, **more: Any) -> HttpResponse:
        found = need(self.api.get("second-factors"))
        sessions = need(self.api.get("sessions"))["results"]
        for row in [*found["results"], *sessions]:
            for name in ("created_at", "last_used_at", "signed_in_at", "last_seen_at"):
                if row.get(name):
                    row[name] = datetime.fromisoformat(row[name])
        kinds: dict[str, list[Any]] = {"totp": [], "passkey": [], "recovery_codes": []}
        for factor in found["results"]:
            kinds[factor["kind"]].append(factor)
        return self.show(
            place="settings", section="security", required=found["required"], kinds=kinds, sessions=sessions, **more
        )


class SecondFactor(Page):
    """Where somebody is led whose workspace asks for a second factor, until they have one."""

    template = "web/second_factor.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Offer both kinds; who has one already goes on."""
        found = need(self.api.get("second-factors"))
        if any(factor["kind"] != "recovery_codes" for factor in found["results"]):
            return redirect("security")
        return self.show(me=None, workspace=None)
