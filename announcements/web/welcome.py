"""The first page of an installation, and of everybody who is not signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from announcements.web.pages import Page, faults, need


class Welcome(Page):
    """Create your workspace, look around with a demo company, or sign in."""

    public = True
    template = "web/welcome.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is possible here; who is signed in goes to their tab."""
        if self.me:
            return redirect("tab")
        return self.show(hub=need(self.api.get("hub")))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the demo company."""
        answer = self.api.post("demo", {})
        if answer.ok:
            return redirect("welcome")
        return self.show(hub=need(self.api.get("hub")), problems=faults(answer), status=answer.status)
