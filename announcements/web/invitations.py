"""The invitations that are out, and what became of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from announcements.web.pages import Page, faults, need

STATES = ("waiting", "accepted", "expired", "revoked")


class Invitations(Page):
    """The list; sending one again, taking one back."""

    template = "web/invitations.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of them."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send one again, or revoke it."""
        chosen = request.POST.get("invitation", "")
        invitation_id = int(chosen) if chosen.isdecimal() else 0
        if request.POST.get("do") == "revoke":
            answer = self.api.post(f"invitations/{invitation_id}/revoke", {})
        else:
            answer = self.api.post(f"invitations/{invitation_id}/resend", {})
        if answer.ok:
            return redirect(request.get_full_path())
        return self._show(problems=faults(answer), status=answer.status)

    def _show(self, **more: Any) -> HttpResponse:
        asked = self.request.GET
        state = asked.get("state", "") if asked.get("state") in STATES else ""
        query = {"state": state, "search": asked.get("search", ""), "cursor": asked.get("cursor", "")}
        found = need(self.api.get("invitations", {name: value for name, value in query.items() if value}))
        return self.show(
            place="people", section="invitations", found=found, state=state, states=STATES, search=query["search"], **more
        )  # fmt: skip
