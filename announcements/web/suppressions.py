"""Addresses that mail goes to no more, for admins."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from announcements.web.company import CompanyPage
from announcements.web.pages import need


class Suppressions(CompanyPage):
    """What came back, and letting mail go there again."""

    template = "web/suppressions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of them."""
        search = self._address() or request.GET.get("search", "").strip()[:254]
        place = {"cursor": cursor} if (cursor := request.GET.get("cursor")) else {}
        found = need(self.api.get("suppressions", {"search": search} | place))
        return self.show(place="settings", section="mail", search=search, query=urlencode({"search": search}), **found)

    def _address(self) -> str:
        """Return the address of the person who is asked for, if anybody is."""
        given = self.request.GET.get("person", "")
        return str(need(self.api.get(f"people/{given[:18]}"))["email"]) if given.isdecimal() else ""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let mail go to an address again."""
        given = request.POST.get("suppression", "")
        need(self.api.delete(f"suppressions/{given[:18] if given.isdecimal() else 0}"))
        messages.success(request, _("Mail goes to that address again, from the next nudge or digest on."))
        return redirect("suppressions")
