"""Who asks to join, and the answer to them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web.pages import Page, faults, need


class JoinRequests(Page):
    """The list; letting somebody in, or not."""

    template = "web/requests.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show who waits."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Admit or refuse somebody."""
        chosen = request.POST.get("person", "")
        person_id = int(chosen) if chosen.isdecimal() else 0
        if request.POST.get("do") == "refuse":
            given = {"reason": request.POST.get("reason", "")}
            answer = self.api.post(f"join-requests/{person_id}/refuse", given)
        else:
            answer = self.api.post(f"join-requests/{person_id}/admit", {})
        if answer.ok:
            messages.success(request, self._done(answer))
            return redirect("join_requests")
        return self._show(problems=faults(answer), status=answer.status)

    def _done(self, answer: Answer) -> str:
        if not answer.data:
            return _("They were turned away and removed. A mail tells them.")
        return _("%(name)s is in. A mail tells them.") % {"name": answer.data["name"]}

    def _show(self, **more: Any) -> HttpResponse:
        query = {"cursor": cursor} if (cursor := self.request.GET.get("cursor")) else {}
        found = need(self.api.get("join-requests", query))
        return self.show(place="people", section="requests", found=found, **more)
