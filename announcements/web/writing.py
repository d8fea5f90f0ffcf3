"""Writing: the form behind new, edit and correct."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web import scheduling
from announcements.web.audience import NOBODY, as_audience, choices
from announcements.web.editing import editing, schema
from announcements.web.pages import Page, faults, need
from announcements.web.preview import as_given as bare
from announcements.web.preview import viewers
from announcements.web.templates import KINDS, begun

MOMENT = 60  # seconds: publishing that is undone for a moment, rather than a schedule
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("title", "summary", "body", "deadline", "expires_at"), ""),
    "format": "markdown",
    "kind": "update",
    "ask_acknowledge": False,
    "pin": False,
    "nudge_hours": [],
    "audience": NOBODY,
    "revision": "",
}


class _Form(Page):
    """What new and edit share: an audience to choose, and the form as it was sent when it could not be saved."""

    template = "web/write.html"

    def _show(self, form: dict[str, Any], **more: Any) -> HttpResponse:
        chosen = choices(self.api, form["audience"], self.me or {})
        asked = form["nudge_hours"] if form["ask_acknowledge"] else (self.workspace or {}).get("nudge_hours", [])
        return self.show(
            form=form, schema=schema(self.api), kinds=KINDS, choices=chosen, steps=scheduling.steps(asked), **more
        )

    def _save(self, announcement_id: int | None, given: dict[str, Any]) -> Answer:
        if announcement_id is None:
            return self.api.post("announcements", {k: v for k, v in given.items() if k != "revision"})
        return self.api.patch(f"announcements/{announcement_id}", given)

    def _finish(self, request: HttpRequest, answer: Answer) -> HttpResponse:
        """Go on after a draft was saved: publish it, or write on."""
        id = answer.data["id"]
        if request.POST.get("do") != "publish":
            return redirect("edit", announcement_id=id)
        published = scheduling.go_out(self.api, id, answer.data["revision"], request.POST)
        if published.ok:
            return redirect("announcement" if published.data["published_at"] else "edit", announcement_id=id)
        form = as_sent(request.POST) | {"revision": answer.data["revision"]}
        item = need(self.api.get(f"announcements/{id}"))
        return self._show(form, item=item, problems=faults(published), status=published.status)


@editing
class Write(_Form):
    """A new announcement."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form; who may address nobody is told before they write."""
        if not (self.me and self.me["may_publish"]):
            raise PermissionDenied(
                _("Admins, owners and managers of groups write announcements. Ask an admin to make you a manager.")
            )
        return self._show(EMPTY | begun(self.api, request.GET.get("template", "")))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save a draft, and publish it when asked to."""
        answer = self._save(None, as_given(request.POST))
        if answer.ok:
            return self._finish(request, answer)
        return self._show(as_sent(request.POST), problems=faults(answer), status=answer.status)


@editing
class Edit(_Form):
    """A draft, or a correction of what is published."""

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show the form filled in; for its readers there is nothing to edit, for who only sees its numbers neither."""
        item = self._mine(announcement_id)
        if item["state"] == "scheduled":
            return self._wait(item)
        return self._show(as_form(item), item=item)

    def _show(self, form: dict[str, Any], **more: Any) -> HttpResponse:
        item = more["item"]
        if item["published_at"]:
            more["viewers"] = viewers(self.api, item, bare(item["audience"]))
        return super()._show(form, **more)

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Save, publish, schedule or not, correct, discard or withdraw."""
        item = self._mine(announcement_id)
        match request.POST.get("do"):
            case "discard":
                need(self.api.delete(f"announcements/{announcement_id}"))
                return redirect("announcements")
            case "unschedule":
                need(self.api.delete(f"announcements/{announcement_id}/schedule"))
                return redirect("edit", announcement_id=announcement_id)
            case "withdraw":
                answer = self.api.post(
                    f"announcements/{announcement_id}/withdraw", {"reason": request.POST.get("reason", "")}
                )
            case "correct":
                answer = self.api.post(f"announcements/{announcement_id}/correct", as_correction(item, request.POST))
            case _:
                answer = self._save(announcement_id, as_given(request.POST))
                if answer.ok:
                    return self._finish(request, answer)
        if answer.ok:
            return redirect("announcement", announcement_id=announcement_id)
        return self._show(as_sent(request.POST), item=item, problems=faults(answer), status=answer.status)

    def _wait(self, item: dict[str, Any]) -> HttpResponse:
        soon = (datetime.fromisoformat(item["scheduled_for"]) - timezone.now()).total_seconds() < MOMENT
        return self.show(template="web/going_out.html", item=item, soon=soon)

    def _mine(self, announcement_id: int) -> dict[str, Any]:
        item: dict[str, Any] = need(self.api.get(f"announcements/{announcement_id}"))
        if not item["manages"]:
            need(self.api.get(f"announcements/{announcement_id}/reach"))  # refuses, in the API's words
        if not item["changes"]:
            raise PermissionDenied(
                _(
                    "Admins and owners change it, and its author while they may publish to its audience. Ask one of them."
                )
            )
        return item


def as_given(sent: QueryDict) -> dict[str, Any]:
    """Return a sent form in the API's words."""
    given: dict[str, Any] = {name: sent.get(name, "") for name in ("title", "summary")}
    given["body" if sent.get("format") == "html" else "body_markdown"] = sent.get("body", "")
    if "kind" in sent:
        given["kind"] = sent["kind"]
    given["audience"] = as_audience(sent)
    given["ask_acknowledge"] = "ask_acknowledge" in sent
    if given["ask_acknowledge"]:
        given["nudge_hours"] = scheduling.as_steps(sent)
    for name in ("deadline", "expires_at"):
        given[name] = as_instant(sent.get(name, ""))
    given["pin"] = "pin" in sent
    if "when" in sent:
        given["planned"] = scheduling.planned(sent)
    if (revision := sent.get("revision", "")).isdecimal():
        given["revision"] = int(revision[:9])
    return given


def as_correction(item: dict[str, Any], sent: QueryDict) -> dict[str, Any]:
    """Return what may still change once it is published, and whether it is more than a typo.

    A time that stands in the form as it came stays what it is: the form tells no seconds.
    """
    names = {"title", "summary", "body", "body_markdown", "revision"}
    names |= {name for name in ("deadline", "expires_at") if sent.get(name, "") != _local(item[name])}
    kept = {name: value for name, value in as_given(sent).items() if name in names}
    return kept | {"change": sent.get("change", "")}


def as_sent(sent: QueryDict) -> dict[str, Any]:
    """Return a sent form as it is shown again."""
    shown: dict[str, Any] = {
        name: sent.get(name, "")
        for name in ("title", "summary", "body", "format", "kind", "deadline", "expires_at", "revision")
    }
    shown |= {"change": sent.get("change", ""), "reason": sent.get("reason", "")}
    shown |= {
        "pin": "pin" in sent,
        "ask_acknowledge": "ask_acknowledge" in sent,
        "nudge_hours": scheduling.as_steps(sent),
    }
    return shown | scheduling.sent_when(sent) | {"audience": as_audience(sent)}


def as_form(item: dict[str, Any]) -> dict[str, Any]:
    """Return an announcement as the form shows it: the body as Markdown where that loses nothing, else as HTML."""
    as_markdown = item["body_markdown"] is not None
    return {
        "title": item["title"],
        "summary": item["summary"],
        "format": "markdown" if as_markdown else "html",
        "body": item["body_markdown"] if as_markdown else item["body"],
        "html": item["body"],
        "kind": item["kind"],
        "audience": item["audience"],
        "ask_acknowledge": item["ask_acknowledge"],
        "pin": item["pin"],
        "nudge_hours": item["nudge_hours"],
        "deadline": _local(item["deadline"]),
        "expires_at": _local(item["expires_at"]),
        "revision": item["revision"],
    } | scheduling.as_when(item)


def as_instant(local: str) -> str | None:
    """Return a field's local time, on the author's clock, as an instant; what is not one goes on as it is, to be refused."""
    try:
        parsed = parse_datetime(local)
    except ValueError:
        parsed = None
    return _aware(parsed).isoformat() if parsed else local or None


def _aware(moment: datetime) -> datetime:
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _local(instant: str | None) -> str:
    parsed = parse_datetime(instant) if instant else None
    return timezone.localtime(parsed).strftime("%Y-%m-%dT%H:%M") if parsed else ""
