"""The ways in that need no invitation: the sign-up page, claimed domains, links for many."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from announcements.api.client import Answer
from announcements.web.pages import Page, faults, need


class WaysIn(Page):
    """The join policy, the domains, the links."""

    template = "web/ways_in.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change one of them."""
        answer = self._do(request.POST.get("do", ""))
        if answer.ok:
            return redirect("ways_in")
        problems = faults(answer)
        if request.POST.get("do") == "link" and "name" in problems:
            problems["link_name"] = problems.pop("name")
        return self._show(form=request.POST, problems=problems, status=answer.status)

    def _do(self, what: str) -> Answer:
        given = self.request.POST
        chosen = int(given["id"]) if given.get("id", "").isdecimal() else 0
        if what == "policy":
            return self.api.patch("workspace", {"join_policy": given.get("join_policy", "")})
        if what == "claim":
            return self.api.post("domains", {"name": given.get("name", "")})
        if what == "release":
            return self.api.delete(f"domains/{chosen}")
        if what == "rotate":
            return self.api.post(f"claim-links/{chosen}/rotate", {})
        if what == "revoke":
            return self.api.delete(f"claim-links/{chosen}")
        return self.api.post("claim-links", self._link())

    def _link(self) -> dict[str, Any]:
        given = self.request.POST
        most = given.get("most_uses", "").strip()
        return {
            "name": given.get("link_name", ""),
            "domains": given.get("domains", "").replace(",", " ").split(),
            "most_uses": int(most) if most.isdecimal() else most or None,
            "expires_at": _end_of(given.get("expires_on", "")),
        }

    def _show(self, **more: Any) -> HttpResponse:
        return self.show(
            place="people",
            section="ways_in",
            domains=need(self.api.get("domains"))["results"],
            links=need(self.api.get("claim-links"))["results"],
            sign_up=self.request.build_absolute_uri(reverse("account_signup")),
            today=timezone.localdate().isoformat(),
            **more,
        )


def _end_of(day: str) -> str | None:
    """Return the last minute of a day on the admin's clock; a day that cannot be read stays as it was given, for the API to refuse."""
    try:
        last = datetime.fromisoformat(day).date()
    except ValueError:
        return day or None
    return timezone.make_aware(datetime.combine(last, time(23, 59))).isoformat()
