"""Where a person lets a device in: by the code it shows, or because it has opened their browser."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web.access import in_words
from announcements.web.pages import Page, faults, need

ASKED = (
    "response_type", "client_id", "redirect_uri", "code_challenge", "code_challenge_method", "scope", "state", "device_name",
)  # fmt: skip
# What is wrong with these is never told by sending the browser there: who would be told is not known.
UNSURE = {"client_id", "redirect_uri"}
ERRORS = {"scope": "invalid_scope", "response_type": "unsupported_response_type"}


class Connect(Page):
    """Type in the code of a device; see what asks; let it in or not."""

    template = "web/connect.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the code, or show what asks by it, or what became of it."""
        if (done := request.GET.get("done")) in {"connected", "refused"}:
            return self.show(done=done)
        code = request.GET.get("code", "").strip()
        return self._asks(code) if code else self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer it. Only a click here does: a link that is opened changes nothing."""
        code = request.POST.get("code", "")
        grants = request.POST.get("do") == "connect"
        known = _letters(code)
        answer = (
            self.api.post(f"pairings/{known}/grant", {}) if grants else self.api.post(f"pairings/{known}/refuse", {})
        )
        if answer.ok:
            return redirect(f"{reverse('connect')}?{urlencode({'done': 'connected' if grants else 'refused'})}")
        return self._unknown(code, answer)

    def _asks(self, code: str) -> HttpResponse:
        answer = self.api.get(f"pairings/{_letters(code)}")
        if not answer.ok:
            return self._unknown(code, answer)
        return self.show(asks=answer.data, may=in_words(answer.data["scopes"]), code=code)

    def _unknown(self, code: str, answer: Answer) -> HttpResponse:
        unknown = answer.status == HTTPStatus.NOT_FOUND
        said = _("No device is waiting with this code. Codes are good for ten minutes, once.")
        problems = {"code": [said]} if unknown else faults(answer)
        return self.show(problems=problems, code=code, status=422 if unknown else answer.status)


def _letters(code: str) -> str:
    """Return a code as it stands in an address: people type it with dashes and spaces."""
    return re.sub("[^A-Za-z]", "", code) or "-"


class Authorize(Page):
    """See which program asks; let it in or not; go back to it."""

    template = "web/authorize.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what asks. What a program got wrong is said to it, where it is known who that is."""
        answer = self.api.get("oauth/authorize", self._sent())
        if not answer.ok:
            return self._wrong(answer)
        page = self.show(asks=answer.data, may=in_words(answer.data["scopes"]))
        there = urlsplit(self._sent()["redirect_uri"])
        # A browser holds a form to this rule through every redirect that follows.
        allow = csp_update({"form-action": [f"{there.scheme}://{there.netloc}"]})
        allow(lambda _request: page)(request)  # it marks the page
        return page

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer, and go back."""
        if request.POST.get("do") == "connect":
            answer = self.api.post("oauth/authorize", self._sent())
            return HttpResponseRedirect(answer.data["redirect_to"]) if answer.ok else self._wrong(answer)
        answer = self.api.get("oauth/authorize", self._sent())
        return self._back("access_denied") if answer.ok else self._wrong(answer)

    def _sent(self) -> dict[str, Any]:
        return {name: self.request.GET[name] for name in ASKED if name in self.request.GET}

    def _wrong(self, answer: Answer) -> HttpResponse:
        problems = faults(answer)
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and not UNSURE & set(problems):
            error = next((ERRORS[name] for name in ERRORS if name in problems), "invalid_request")
            if need(self.api.get("oauth/authorize", self._sent() | self._sure())):
                return self._back(error)
        return self.show(problems=problems, status=answer.status)

    def _sure(self) -> dict[str, Any]:
        """Return what makes any question a right one, but for who asks and where it goes back."""
        return {
            "response_type": "code", "scope": "", "state": "", "device_name": "", "code_challenge_method": "S256", "code_challenge": "A" * 43,
        }  # fmt: skip

    def _back(self, error: str) -> HttpResponse:
        sent = self._sent()
        told = {"error": error} | ({"state": sent["state"]} if sent.get("state") else {})
        there = sent["redirect_uri"]
        return HttpResponseRedirect(f"{there}{'&' if '?' in there else '?'}{urlencode(told)}")
