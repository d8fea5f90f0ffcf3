"""Taking all announcements along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from announcements.web.pages import Page, faults, need


class Taking(Page):
    """Asking for all announcements as a file; what was asked for, how far it has come, and the way to its file."""

    template = "web/taking.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what was asked for."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask for it."""
        answer = self.api.post("exports", {"kind": "announcements"})
        if answer.ok:
            return redirect("taking")
        need(self.api.get("exports"))  # who may not see the page is told so by it
        return self._show(problems=faults(answer), status=answer.status)

    def _show(self, **more: Any) -> HttpResponse:
        query = {"before": before} if (before := self.request.GET.get("before")) else {}
        found = need(self.api.get("exports", query))
        busy = any(one["stage"] == "working" for one in found["results"])
        return self.show(
            place="settings", section="announcements", exports=found["results"], next=found["next"], busy=busy, **more
        )
