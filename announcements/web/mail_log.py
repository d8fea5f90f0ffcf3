"""The log of mail, for who answers for it: of the company, of a person, about an announcement."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.web.pages import Page, faults, need

FILTERS = ("person_id", "announcement_id", "state", "search")
STATES = ("queued", "submitted", "failed", "uncertain", "skipped")
# Why a mail was skipped, failed or is uncertain. A reason that is not here is shown as it is.
WORDS = {
    "acknowledged": gettext_lazy("had confirmed by then"),
    "announcement_gone": gettext_lazy("the announcement had ended"),
    "bounced": gettext_lazy("it came back"),
    "cannot_be_made": gettext_lazy("it could not be made"),
    "cut_off": gettext_lazy("the connection broke on the way"),
    "empty": gettext_lazy("nothing was left to tell"),
    "given_up": gettext_lazy("the server put it off too often"),
    "just_nudged": gettext_lazy("an earlier nudge had just gone"),
    "known_delivered": gettext_lazy("a report says it arrived"),
    "mail_refused": gettext_lazy("the server minded the mail"),
    "no_such_address": gettext_lazy("the server knows no such address"),
    "person_inactive": gettext_lazy("they had left"),
    "put_off": gettext_lazy("the server said: later"),
    "recipient_refused": gettext_lazy("the server refused this address"),
    "sent_again": gettext_lazy("nobody knows whether it arrived, so it is sent once more"),
    "settled": gettext_lazy("settled by hand"),
    "stopped": gettext_lazy("its author stopped nudging"),
    "suppressed": gettext_lazy("mail does not reach this address"),
    "unsubscribed": gettext_lazy("they want no digest"),
    "worker_lost": gettext_lazy("the worker was lost on the way"),
}


class MailLog(Page):
    """What went to whom, and what became of it."""

    template = "web/mail_log.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of it."""
        given = {name: value for name in FILTERS if (value := request.GET.get(name, "").strip())}
        place = {"cursor": cursor} if (cursor := request.GET.get("cursor")) else {}
        answer = self.api.get("mail-log", given | place)
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            return self._show(given, {"results": [], "next": None}, problems=faults(answer), status=answer.status)
        return self._show(given, need(answer))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Say what became of a mail of which nobody knows."""
        kind, _slash, number = request.POST.get("mail", "").partition("/")
        path = (
            f"mail-log/{kind}/{number}/settle"
            if kind in ("nudge", "digest") and number.isdecimal()
            else "mail-log/-/0/settle"
        )
        need(self.api.post(path, {"arrived": request.POST.get("arrived") == "yes"}))
        messages.success(request, _("Settled."))
        given = {name: value for name in FILTERS if (value := request.GET.get(name, "").strip())}
        return redirect(f"/mail-log?{urlencode(given)}" if given else "/mail-log")

    def _show(self, given: dict[str, str], found: dict[str, Any], **more: Any) -> HttpResponse:
        for one in found["results"]:
            one["why"] = WORDS.get(one["reason"], one["reason"].replace("_", " "))
        first = found["results"][0] if found["results"] else {}
        return self.show(
            place="settings",
            section="mail",
            form=given,
            states=STATES,
            query=urlencode(given),
            about=first.get("title", "") if "announcement_id" in given else first.get("person_name", ""),
            may_settle=bool(self.me and self.me["role"] != "member"),
            **found,
            **more,
        )
