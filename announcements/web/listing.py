"""The list of announcements: sent, scheduled, drafts and archive, grouped by time; and what is done with one of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web.acting import ACTIONS, at_once, said, undo
from announcements.web.pages import Page, faults, need

# Each state with the time that it is listed by.
STATES = {
    "published": "published_at",
    "scheduled": "scheduled_for",
    "draft": "updated_at",
    "archive": "published_at",
}
PLACES = {"draft": "drafts", "scheduled": "scheduled"}
WEEK = 7
DONE = "announcement_done"


class _Acting(Page):
    """What does something with one of them, and tells it on the next page."""

    def _act(self, do: str, announcement_id: int, sent: QueryDict) -> Answer:
        path = f"announcements/{announcement_id}"
        item = {} if do == "fetch_back" else need(self.api.get(path))
        given = {name: sent.get(name, "") for name in sent}
        answer = ACTIONS[do](self.api, announcement_id, given)
        if answer.status == 404:
            need(answer)
        if answer.ok:
            shown: dict[str, Any] = item or answer.data
            title = shown["title"] or _("Untitled")
            done = {"said": said(do, item, answer) % {"title": title}, "undo": undo(do, item, answer)}
            self.request.session[DONE] = done
        return answer


class Announcements(_Acting):
    """What I manage."""

    template = "web/announcements.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one state of them, with how far those that are out have got."""
        return self._show(done=request.session.pop(DONE, None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do with one of them what the button that was pressed says."""
        do, number = request.POST.get("do", ""), request.POST.get("announcement", "")
        if do not in ACTIONS or not number.isdecimal():
            return redirect(request.get_full_path())
        answer = self._act(do, int(number[:18]), request.POST)
        if answer.ok:
            return redirect(request.get_full_path())
        return self._show(problems=faults(answer), status=answer.status)

    def _show(self, **more: Any) -> HttpResponse:
        state = self.request.GET.get("state", "")
        state = state if state in STATES else "published"
        search, cursor = self.request.GET.get("search", "")[:120], self.request.GET.get("cursor")
        found = need(
            self.api.get("announcements", {"state": state, "search": search} | ({"cursor": cursor} if cursor else {}))
        )
        items = found["results"]
        if state in ("published", "archive"):
            self._count(items)
        if state == "published" and not (search or cursor):
            items = self._leaving() + items
        for item in items:
            item["changes"] = self._changes(item)
        return self.show(
            place=PLACES.get(state, "announcements"),
            states=STATES,
            state=state,
            search=search,
            groups=grouped(items, state, timezone.localdate()),
            next=found["next"],
            **self._first(state, search),
            **more,
        )

    def _changes(self, item: dict[str, Any]) -> bool:
        """Tell whether buttons to change it are offered: to admins and its author; whoever else manages a group of it only looks."""
        return bool(self.me and (self.me["role"] != "member" or item["author_id"] == self.me["id"]))

    def _count(self, items: list[dict[str, Any]]) -> None:
        """Note on each how far it got."""
        ids = ",".join(str(item["id"]) for item in items)
        found = need(self.api.get("reach", {"announcement_ids": ids}))["results"] if ids else []
        reach = {one["announcement_id"]: one for one in found}
        for item in items:
            item["reach"] = reach.get(item["id"])
            delivered = item["reach"] is None or item["reach"]["progress"]["finished_at"]
            item["sending"] = item["state"] == "published" and not delivered

    def _leaving(self) -> list[dict[str, Any]]:
        """Return what goes out in this minute; until then that can be undone."""
        if not (self.tallies and self.tallies["scheduled"]):
            return []
        soonest = need(self.api.get("announcements", {"state": "scheduled", "limit": 5}))["results"]
        return [item | {"leaves": True} for item in soonest if at_once(item)]

    def _first(self, state: str, search: str) -> dict[str, Any]:
        """Return what the page offers while nothing has ever been sent."""
        counts = self.tallies or {}
        if state != "published" or search or counts.get("published") or counts.get("archive"):
            return {}
        drafts = need(self.api.get("announcements", {"state": "draft", "limit": 1}))["results"]
        beginnings = need(self.api.get("templates"))["results"] if self.tallies else []
        return {"first": True, "draft": drafts[0] if drafts else None, "beginnings": beginnings[:6]}


class Withdraw(_Acting):
    """Taking one back, with a reason."""

    template = "web/withdraw.html"

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Ask for the reason."""
        return self.show(place="announcements", item=self._mine(announcement_id))

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Withdraw it."""
        item = self._mine(announcement_id)
        answer = self._act("withdraw", announcement_id, request.POST)
        if answer.ok:
            return redirect("announcements")
        problems, reason = faults(answer), request.POST.get("reason", "")
        return self.show(place="announcements", item=item, problems=problems, reason=reason, status=answer.status)

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


def grouped(items: list[dict[str, Any]], state: str, today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return announcements under headings of time, what is being sent first."""
    now = [item for item in items if sending(item)]
    heading = _ahead if state == "scheduled" else _ago
    rest = [item for item in items if not sending(item)]
    dated = groupby(rest, lambda item: heading(_day(item[STATES[state]]), today))
    return ([(_("Now"), now)] if now else []) + [(name, list(some)) for name, some in dated]


def sending(item: dict[str, Any]) -> bool:
    """Tell whether it is going out now."""
    return bool(item.get("leaves") or item.get("sending"))


def _day(instant: str) -> date:
    return timezone.localdate(datetime.fromisoformat(instant))


def _ago(day: date, today: date) -> str:
    monday = today - timedelta(days=today.weekday())
    if day >= monday:
        return _("This week")
    if day >= monday - timedelta(days=WEEK):
        return _("Last week")
    return _month(day, today)


def _ahead(day: date, today: date) -> str:
    monday = today - timedelta(days=today.weekday())
    if day <= today:
        return _("Today")
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    if day < monday + timedelta(days=WEEK):
        return _("This week")
    if day < monday + timedelta(days=2 * WEEK):
        return _("Next week")
    return _month(day, today)


def _month(day: date, today: date) -> str:
    if (day.year, day.month) == (today.year, today.month):
        said = _("Later in %(month)s") if day > today else _("Earlier in %(month)s")
        return said % {"month": date_format(day, "F")}
    return date_format(day, "F" if day.year == today.year else "F Y")
