"""The new tab, as a page."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator

from announcements.web.pages import Page, faults, need
from announcements.web.tab_settings import DRAWN

PAST = 6
MOST_PIPS = 8
WEEK = timedelta(days=7)
LASTS = int(timedelta(days=365).total_seconds())  # each opening brings the next copy
MORNING_UNTIL, AFTERNOON_UNTIL = 12, 18
# What a page is made of, as the tab's worker finds it: under names of its content, so that the same names are the same files.
NAMED = re.compile(rb'(?:src|href)="(/(?:static|brand)/[^"]+)"')


# The one script that a page may name by a text: the tab's own worker.
@method_decorator(csp_replace({"trusted-types": ["mantel-worker"]}), name="dispatch")
class Tab(Page):
    """What waits for the reader, what is new, and what they met lately."""

    template = "web/tab.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the feed."""
        setup, waiting = self._setup(), self.waiting
        for_later = request.headers.get("Mantel-Copy")
        response = self._show(setup=setup, waiting=waiting, copy=for_later)
        if for_later:
            response["Mantel-Files"] = _files(response.content)
        here = request.headers.get("Mantel-Files") == response.get("Mantel-Files")
        # What says what is to be done is not kept: it may be done by the next time. Nor is what names files that are not there yet.
        if for_later == "browser" and here and not (setup or waiting):
            response["Cache-Control"] = f"private, max-age={LASTS}"
            patch_vary_headers(response, ["Cookie"])  # for this browser as it is signed in now, and for no other
            # With that header a browser throws away the process that it has started for a new tab, and starts another. Whoever
            # comes from another site is not answered from this cache, and the worker's copy has it; whoever comes from another
            # port of this host is, and the page's script asks the hub instead.
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark as read without a script."""
        announcement_id, version = request.POST.get("announcement", ""), request.POST.get("version", "")
        if not (announcement_id.isdecimal() and version.isdecimal()):
            return redirect("tab")
        given = {"version": int(version), "channel": "tab"}
        answer = self.api.post(f"announcements/{announcement_id}/acknowledge", given)
        if answer.ok:
            return redirect("tab")
        return self._show(problems=faults(answer), status=answer.status)

    def _show(self, **more: Any) -> HttpResponse:
        feed = parted(need(self.api.get("feed"))["items"])
        own = need(self.api.get("tab/own"))
        return self.show(**feed, own=own, icons=DRAWN, part_of_day=_part_of_day(timezone.localtime()), **more)

    def _setup(self) -> dict[str, Any] | None:
        """Return how far an owner is with the set-up, while it is open."""
        if not self.me or self.me["role"] != "owner":
            return None
        found: dict[str, Any] = need(self.api.get("setup"))
        return None if found["closed_at"] else found


def parted(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a feed in three parts: what is owed, what is new, what is past; with the sums that the sentence needs."""
    owed = [item for item in items if item["required"] and not item["acknowledged_at"]]
    # A feed that was kept by the version before this one does not say what was dismissed.
    news = [item for item in items if not (item["required"] or item["read_at"] or item.get("dismissed_at"))]
    past = [item for item in items if item not in owed and item not in news]
    since = timezone.now() - WEEK
    read = [item for item in past if item["required"] and datetime.fromisoformat(item["acknowledged_at"]) > since]
    done = len(read)
    return {
        "owed": owed,
        "news": news,
        "past": past[:PAST],
        "minutes": sum(item["minutes"] for item in owed),
        "done": done,
        "in_time": all(_in_time(item) for item in read),
        "week": done + len(owed),
        "saved": sum(bool(item.get("saved_at")) for item in items),
        "pips": [place < done for place in range(done + len(owed))] if done + len(owed) <= MOST_PIPS else [],
        "any_required": any(item["required"] for item in items),
    }


def _files(page: bytes) -> str:
    """Return a name for all that a page is made of."""
    return hashlib.sha256(b" ".join(sorted({*NAMED.findall(page)}))).hexdigest()[:16]


def _in_time(item: dict[str, Any]) -> bool:
    """Tell whether it was confirmed by the date asked, if there is one."""
    until = item["deadline"]
    return bool(until) and datetime.fromisoformat(item["acknowledged_at"]) <= datetime.fromisoformat(until)


def _part_of_day(now: datetime) -> str:
    return "morning" if now.hour < MORNING_UNTIL else "afternoon" if now.hour < AFTERNOON_UNTIL else "evening"
