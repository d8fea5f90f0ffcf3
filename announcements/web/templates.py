"""Templates: chosen when an announcement is begun, and kept by admins."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.api.client import Client
from announcements.web.editing import editing, schema
from announcements.web.pages import Page, faults, need

TEXTS = ("name", "purpose", "icon", "kind", "title", "summary")
ICONS = {
    "file-text": gettext_lazy("a sheet"),
    "shuffle": gettext_lazy("a change"),
    "flag": gettext_lazy("a flag"),
    "calendar-days": gettext_lazy("a calendar"),
    "hand-heart": gettext_lazy("a hand"),
    "triangle-alert": gettext_lazy("a warning"),
    "scroll-text": gettext_lazy("a policy"),
    "sparkles": gettext_lazy("sparkles"),
}
KINDS = {
    "update": gettext_lazy("Update"),
    "news": gettext_lazy("News"),
    "story": gettext_lazy("Story"),
    "decision": gettext_lazy("Decision"),
    "policy": gettext_lazy("Policy"),
}
EMPTY = {**dict.fromkeys((*TEXTS, "body"), ""), "icon": "file-text", "kind": "update", "format": "markdown"}
REMOVED = "template_removed"


class Templates(Page):
    """All of them: one is chosen to begin with."""

    template = "web/templates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them; right after one was removed, also the way back."""
        return self._show(removed=request.session.get(REMOVED) if "removed" in request.GET else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remove one, or bring back the one that was removed last."""
        if request.POST.get("do") == "restore":
            return self._restore()
        number = request.POST.get("template", "")
        if not number.isdecimal():
            return redirect("templates")
        item = need(self.api.get(f"templates/{int(number[:18])}"))
        need(self.api.delete(f"templates/{int(number[:18])}"))
        request.session[REMOVED] = {name: item[name] for name in (*TEXTS, "body", "ask_acknowledge")}
        return redirect(f"{reverse('templates')}?removed")

    def _restore(self) -> HttpResponse:
        words = self.request.session.pop(REMOVED, None)
        answer = self.api.post("templates", words) if words else None
        if answer is None or answer.ok:
            return redirect("templates")
        return self._show(problems=faults(answer), status=answer.status)

    def _show(self, **more: Any) -> HttpResponse:
        found = need(self.api.get("templates"))["results"]
        return self.show(place="announcements", found=found, admin=_admin(self.me), **more)


class _Form(Page):
    """What new and edit share."""

    template = "web/template_form.html"

    def _show(self, form: dict[str, Any], **more: Any) -> HttpResponse:
        return self.show(place="announcements", form=form, icons=ICONS, kinds=KINDS, schema=schema(self.api), **more)

    def _may(self) -> None:
        if not _admin(self.me):
            raise PermissionDenied(_("Templates are kept by admins and owners. Ask one of them."))


@editing
class New(_Form):
    """A new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        self._may()
        return self._show(EMPTY)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add it."""
        self._may()
        answer = self.api.post("templates", _given(request.POST))
        if answer.ok:
            return redirect("templates")
        return self._show(_sent(request.POST), problems=faults(answer), status=answer.status)


@editing
class Edit(_Form):
    """One of them."""

    def get(self, request: HttpRequest, template_id: int) -> HttpResponse:
        """Show the form filled in."""
        item = need(self.api.get(f"templates/{template_id}"))
        self._may()
        return self._show(as_form(item), item=item)

    def post(self, request: HttpRequest, template_id: int) -> HttpResponse:
        """Change it."""
        item = need(self.api.get(f"templates/{template_id}"))
        self._may()
        answer = self.api.patch(f"templates/{template_id}", _given(request.POST))
        if answer.ok:
            return redirect("templates")
        return self._show(_sent(request.POST), item=item, problems=faults(answer), status=answer.status)


def begun(api: Client, chosen: str) -> dict[str, Any]:
    """Return what the form of a new announcement holds when a template was chosen: nothing of its own without one."""
    if not chosen.isdecimal():
        return {}
    form = as_form(need(api.get(f"templates/{int(chosen[:18])}")))
    return {name: form[name] for name in ("title", "summary", "body", "format", "kind", "ask_acknowledge")}


def as_form(item: dict[str, Any]) -> dict[str, Any]:
    """Return a template as a form shows it: the body as Markdown where that loses nothing, else as HTML."""
    as_markdown = item["body_markdown"] is not None
    words = {name: item[name] for name in (*TEXTS, "ask_acknowledge")}
    body = item["body_markdown"] if as_markdown else item["body"]
    return words | {"body": body, "html": item["body"], "format": "markdown" if as_markdown else "html"}


def _given(sent: QueryDict) -> dict[str, Any]:
    given: dict[str, Any] = {name: sent.get(name, "") for name in TEXTS if name in sent}
    given["body" if sent.get("format") == "html" else "body_markdown"] = sent.get("body", "")
    return given | {"ask_acknowledge": "ask_acknowledge" in sent}


def _sent(sent: QueryDict) -> dict[str, Any]:
    shown = {name: sent.get(name, "") for name in (*TEXTS, "body", "format")}
    return EMPTY | shown | {"ask_acknowledge": "ask_acknowledge" in sent}


def _admin(me: dict[str, Any] | None) -> bool:
    return me is not None and me["role"] != "member"
