"""Where a link to join leads. Opening it changes nothing: a mail scanner opens them all."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from announcements.api.client import Answer
from announcements.web.pages import Page, faults
from announcements.web.zones import zones


class Join(Page):
    """Who invites whom to what; then name, password and time zone, or an address."""

    public = True
    template = "web/join.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what the link is about."""
        return self._show(token, self._about(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Come in, or ask for a way in by mail."""
        about = self._about(token)
        if not about.ok:
            return self._show(token, about)
        if about.data["kind"] == "link":
            return self._asked(token, about)
        given = {name: request.POST.get(name, "") for name in ("name", "password", "timezone")}
        given["timezone"] = given["timezone"] or about.data["timezone"]
        answer = self.api.post(f"joining/{token}", given | {"sign_in": True})
        if not answer.ok:
            form = {"name": given["name"], "timezone": given["timezone"]}
            return self._show(token, self._about(token), form=form, problems=faults(answer), status=answer.status)
        if answer.data["state"] == "active":
            return redirect("tab")
        return self._show(token, about, waiting=answer.data)

    def _asked(self, token: str, about: Answer) -> HttpResponse:
        email = self.request.POST.get("email", "")
        answer = self.api.post(f"joining/{token}/address", {"email": email})
        if answer.ok:
            return self._show(token, about, asked=email)
        return self._show(token, about, form={"email": email}, problems=faults(answer), status=answer.status)

    def _about(self, token: str) -> Answer:
        return self.api.get(f"joining/{token}")

    def _show(self, token: str, about: Answer, **more: Any) -> HttpResponse:
        if not about.ok:
            status = HTTPStatus.NOT_FOUND if about.status == HTTPStatus.NOT_FOUND else about.status
            return self.show(template="web/link_dead.html", said=about.data["detail"], status=status)
        form = {"name": about.data["name"], "timezone": ""} | more.pop("form", {})
        return self.show(way=about.data, token=token, form=form, zones=zones(), **more)
