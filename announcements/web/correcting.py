"""A correction before it is made, as somebody will see it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from announcements.web.pages import Page, need
from announcements.web.preview import document, still
from announcements.web.writing import as_given

WORDS = ("title", "summary", "body", "body_markdown")
TEMPLATES = {"page": "web/preview_page.html", "tab": "web/preview_tab.html"}


class Words(Page):
    """What stands in the form of a correction, for a frame; nothing of it is kept."""

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Lead to the form, for who comes by an address that was a form's."""
        need(self.api.get(f"announcements/{announcement_id}/preview"))
        return redirect("edit", announcement_id=announcement_id)

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show it on the tab or the page of who is chosen, or as their mail."""
        channel, person = request.POST.get("seen_on", ""), request.POST.get("seen_as", "")
        channel = channel if channel in {*TEMPLATES, "mail"} else "page"
        whose = (
            int(person[:18])
            if person.isdecimal()
            else need(self.api.get(f"announcements/{announcement_id}"))["author_id"]
        )
        words = {name: value for name, value in as_given(request.POST).items() if name in WORDS}
        found = need(self.api.post(f"announcements/{announcement_id}/preview?channel={channel}&person={whose}", words))
        look = request.POST.get("seen_look", "")
        return document(found, look) if channel == "mail" else still(self, found, TEMPLATES[channel], look)
