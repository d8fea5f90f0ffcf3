"""What all pages share: who looks, the API they look through, and what becomes of its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from announcements.api.client import Answer, Client


class Refused(Exception):
    """The API refused in a way that this page does not know how to show in its place."""

    def __init__(self, answer: Answer) -> None:
        self.status, self.said = answer.status, answer.data["detail"] if answer.data else ""
        super().__init__(f"{self.status} {self.said}")


class Page(View):
    """A page. It asks `self.api`, and shows a template over the answers; `public` pages need nobody signed in."""

    public = False
    template = ""
    # Where it leads when it cannot be shown, and what that is called.
    back: tuple[object, object] = ("/", gettext_lazy("Go to your new tab"))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask for a sign-in where one is needed; show times on the reader's clock."""
        if not (self.public or request.user.is_authenticated):
            return redirect_to_login(request.get_full_path())
        try:
            with timezone.override(ZoneInfo(self.me["timezone"]) if self.me else None):
                response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            if refusal.status == HTTPStatus.UNAUTHORIZED:
                return redirect_to_login(request.get_full_path())
            return self.cannot(refusal.status, *_in_words(refusal))
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    @cached_property
    def api(self) -> Client:
        """Return the API, as the one who looks."""
        return Client(self.request)

    @cached_property
    def me(self) -> dict[str, Any] | None:
        """Return who looks; None when nobody is signed in."""
        found: dict[str, Any] | None = need(self.api.get("me")) if self.request.user.is_authenticated else None
        return found

    @cached_property
    def workspace(self) -> dict[str, Any] | None:
        """Return the company of who looks."""
        found: dict[str, Any] | None = need(self.api.get("workspace")) if self.me else None
        return found

    @cached_property
    def tallies(self) -> dict[str, int] | None:
        """Return how many announcements who looks manages, by state; None for who may publish none."""
        found: dict[str, int] | None = (
            need(self.api.get("announcements/tallies")) if self.me and self.me["may_publish"] else None
        )
        return found

    @cached_property
    def waiting(self) -> int:
        """Return how many wait to be let in; none for whoever may not answer them."""
        if not self.me or self.me["role"] == "member":
            return 0
        many: int = need(self.api.get("join-requests", {"limit": 1}))["total"]
        return many

    def cannot(self, status: int, title: str, said: str) -> HttpResponse:
        """Return a page that says why this one cannot be shown, and where to go on."""
        context = {"status": status, "title": title, "said": said, "back": self.back}
        return render(self.request, "web/error.html", context, status=status)

    def show(self, *, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        """Return the page."""
        context = {"problems": {}, "me": self.me, "workspace": self.workspace} | context
        if "place" in context:
            context["tallies"] = self.tallies  # beside the places
        if context.get("place") == "people":
            context["waiting"] = self.waiting  # beside the join requests
        return render(self.request, template or self.template, context, status=status)


def _in_words(refusal: Refused) -> tuple[str, str]:
    """Return a title and why for whoever looks at a page: the API tells a program which field it cannot use."""
    if refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        said = _("Something in its address is not as it should be: it may be cut off, or out of date.")
        return _("This page cannot be shown"), f"{said} {_('Go back to where it led from, and choose once more.')}"
    return _("That did not work"), refusal.said


def need(answer: Answer) -> Any:
    """Return what the API answered; raise what shows its refusal as a page."""
    if answer.ok:
        return answer.data
    if answer.status == HTTPStatus.NOT_FOUND:
        raise Http404
    if answer.status == HTTPStatus.FORBIDDEN:
        raise PermissionDenied(answer.data["detail"])
    raise Refused(answer)


def by_field(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return problems by the field of the form they belong to: those of an item of a list belong to the list."""
    found: dict[str, list[str]] = {}
    for name, said in problems.items():
        found.setdefault(name.partition(".")[0], []).extend(said)
    return found


def faults(answer: Answer) -> dict[str, list[str]]:
    """Return what is wrong with a form, by field; under "" what concerns the whole."""
    found: dict[str, list[str]] = {}
    problem: Mapping[str, Any] = answer.data
    for error in problem["errors"]:
        found.setdefault(error["field"], []).append(error["message"])
    return found or {"": [problem["detail"]]}
