"""How mail leaves: by a server of the company's own, or by the installation's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from announcements.api.client import Client
from announcements.web.company import CompanyPage
from announcements.web.pages import faults, need

EMPTY = {"host": "", "port": 587, "tls": "starttls", "user": "", "sender": "", "has_password": False}


class MailServer(CompanyPage):
    """The mail server of the company."""

    template = "web/mail_server.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is set."""
        return self._show(shown(self.api))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save, try, or both; or go back to the installation's server."""
        answer = save(self.api, request.POST)
        if not answer["problems"] and "try" not in request.POST.get("do", ""):
            return redirect("mail_server")
        return self._show(answer)

    def _show(self, context: dict[str, Any]) -> HttpResponse:
        status = 422 if context.get("problems") else 200
        sending = need(self.api.get("workspace/mail-server/sending"))
        return self.show(place="settings", section="mail", owns=self.owns, status=status, sending=sending, **context)


def shown(api: Client) -> dict[str, Any]:
    """Return what the form shows: the server that is set, or an empty one."""
    server = need(api.get("workspace/mail-server"))["server"]
    return {"form": server or EMPTY, "own": server is not None, "problems": {}}


def save(api: Client, sent: QueryDict) -> dict[str, Any]:
    """Do what the form asks, and return what it shows next, with `trial` when a mail was tried."""
    own = sent.get("own") != "no"
    answer = api.patch("workspace/mail-server", as_given(sent)) if own else api.delete("workspace/mail-server")
    if not answer.ok:
        kept = shown(api)
        return {"form": kept["form"] | as_sent(sent), "own": True, "problems": faults(answer)}
    context = shown(api)
    if "try" in sent.get("do", ""):
        tried = api.post("workspace/mail-server/try", {})
        context |= {"trial": tried.data} if tried.ok else {"problems": faults(tried)}
    return context


def as_given(sent: QueryDict) -> dict[str, Any]:
    """Return the sent form in the API's words; an empty password leaves the stored one as it is."""
    given: dict[str, Any] = as_sent(sent)
    given["port"] = int(given["port"]) if given["port"].isdecimal() else 0
    if password := sent.get("password"):
        given["password"] = password
    elif not given["user"]:
        given["password"] = ""
    return given


def as_sent(sent: QueryDict) -> dict[str, str]:
    """Return the sent form as it is shown again; the password is not."""
    return {name: sent.get(name, "").strip() for name in ("host", "port", "tls", "user", "sender")}
