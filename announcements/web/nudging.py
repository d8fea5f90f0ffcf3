"""Nudging by hand: what it would do is shown before it is done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from announcements.web.analytics import BACK
from announcements.web.pages import Page, faults, need
from announcements.web.reading import nudges_to_come
from announcements.web.templatetags.web import many

LONGEST = 18  # figures of an id


class Nudging(Page):
    """How many get a nudge now, how many when they are at work next, and who is left out; then it is done."""

    template = "web/nudge.html"
    back = BACK

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Ask once more."""
        chosen = _chosen(request.GET)
        return self._show(announcement_id, chosen) if chosen != [] else self._choose_first(announcement_id)

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Nudge them."""
        chosen = _chosen(request.POST)
        if chosen == []:
            return self._choose_first(announcement_id)
        given = {name: name in request.POST for name in ("again", "outside")}
        answer = self.api.post(f"announcements/{announcement_id}/nudges", {"person_ids": chosen, **given})
        if answer.ok:
            messages.success(request, told(answer.data, why=not self._council))
            return redirect("analytics", announcement_id=announcement_id)
        return self._show(announcement_id, chosen, problems=faults(answer), status=answer.status)

    @property
    def _council(self) -> bool:
        return bool(self.workspace and self.workspace["privacy"] == "works_council")

    def _choose_first(self, announcement_id: int) -> HttpResponse:
        messages.info(self.request, gettext("Choose whom to nudge first."))
        return redirect("analytics", announcement_id=announcement_id)

    def _show(self, announcement_id: int, chosen: list[int] | None, **more: Any) -> HttpResponse:
        query = {"person_ids": ",".join(map(str, chosen))} if chosen else {}
        item = need(self.api.get(f"announcements/{announcement_id}"))
        answer = self.api.get(f"announcements/{announcement_id}/nudges/preview", query)
        if answer.status == HTTPStatus.CONFLICT:
            return self.cannot(answer.status, gettext("There is nobody to nudge"), answer.data["detail"])
        found = need(answer)
        whom = found["at_work"] + found["outside"]
        return self.show(place="announcements", item=item, found=found, chosen=chosen, whom=whom, **more)


class Stopping(Page):
    """How many planned nudges go; then nudging is stopped."""

    template = "web/stop_nudging.html"
    back = BACK

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Ask once more."""
        steps = need(self.api.get(f"announcements/{announcement_id}/nudges"))["results"]
        item = need(self.api.get(f"announcements/{announcement_id}"))
        if not item["changes"]:
            raise PermissionDenied(
                gettext(
                    "Admins and owners change it, and its author while they may publish to its audience. Ask one of them."
                )
            )
        return self.show(place="announcements", item=item, to_come=nudges_to_come(steps))

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Stop it."""
        need(self.api.delete(f"announcements/{announcement_id}/nudges"))
        messages.success(request, gettext("No more nudges go out about this."))
        return redirect("analytics", announcement_id=announcement_id)


def _chosen(given: QueryDict) -> list[int] | None:
    """Return who is chosen, nobody where that makes no sense; None where nobody was to be chosen, which means all."""
    if not given.keys() & {"chosen", "person"}:
        return None
    return [int(id) for id in given.getlist("person") if id.isdecimal() and len(id) <= LONGEST]


def told(done: dict[str, Any], *, why: bool = True) -> str:
    """Say what became of it: how many will be nudged and whether that waits, how many were so lately, and how many cannot be, and `why`."""
    unreachable = _unreachable(done["unreachable"], why=why)
    nudged = ngettext(
        "One person is nudged, within their working hours.",
        "%(count)s people are nudged, each within their working hours.",
        done["queued"],
    )
    lately = ngettext(
        "One had a nudge in the last 24 hours and is left out.",
        "%(count)s had a nudge in the last 24 hours and are left out.",
        done["lately"],
    )
    never = ngettext(
        "One cannot be reached by mail: no working days.",
        "%(count)s cannot be reached by mail: no working days.",
        done["never_at_work"],
    )
    waits = gettext("Mail does not go out just now: nudges wait until it does.")
    said = [
        (nudged, done["queued"]),
        (waits, done["queued"] if done["mail"] != "sending" else 0),
        (lately, done["lately"]),
        (never, done["never_at_work"]),
        (unreachable, done["unreachable"]),
    ]
    if parts := [words % {"count": many(number)} if "%" in words else words for words, number in said if number]:
        return " ".join(parts)
    return gettext("Nobody was nudged: whoever is missing has a nudge on its way.")


def _unreachable(number: int, *, why: bool) -> str:
    if not why:
        return ngettext(
            "No mail reaches one person who is missing.",
            "No mail reaches %(count)s people who are missing.",
            number,
        )
    return ngettext(
        "No mail reaches one person who is missing: their address is to be set right.",
        "No mail reaches %(count)s people who are missing: their addresses are to be set right.",
        number,
    )
