"""Pausing and resuming mail, from the page of the mail server."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from announcements.web.company import CompanyPage
from announcements.web.pages import need


class Sending(CompanyPage):
    """The buttons beside how mail gets on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the buttons, for who comes by an address that was a form's."""
        return redirect("mail_server")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Pause, or resume."""
        if request.POST.get("do") == "pause":
            need(self.api.post("workspace/mail-server/pause", {}))
            messages.success(request, _("Nudges and digests wait until somebody resumes them."))
        else:
            need(self.api.post("workspace/mail-server/resume", {}))
            messages.success(request, _("What waits leaves now."))
        return redirect("mail_server")
