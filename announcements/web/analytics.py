"""The analytics of an announcement: how far it got, when, and who is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from announcements.web.pages import Page, faults, need
from announcements.web.reading import next_nudge

STAGES = ("recipients", "displayed", "opened", "read", "acknowledged")
WIDTH, HEIGHT = 640, 220
CHANNELS = ("tab", "page", "extension", "mail")


class Analytics(Page):
    """Reach, by group and over time; the missing, and nudging them."""

    template = "web/analytics.html"

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show the numbers as they are now."""
        return self._show(announcement_id)

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Nudge one person or all who are missing, or stop nudging."""
        if request.POST.get("do") == "stop":
            answer = self.api.delete(f"announcements/{announcement_id}/nudges")
        else:
            chosen = [int(id) for id in request.POST.getlist("person") if id.isdecimal()]
            answer = self.api.post(f"announcements/{announcement_id}/nudges", {"person_ids": chosen or None})
        if answer.ok:
            messages.success(request, _told(answer.data))
            return redirect("analytics", announcement_id=announcement_id)
        return self._show(announcement_id, problems=faults(answer), status=answer.status)

    def _show(self, announcement_id: int, **more: Any) -> HttpResponse:
        reach = need(self.api.get(f"announcements/{announcement_id}/reach"))
        item = need(self.api.get(f"announcements/{announcement_id}"))
        people: dict[str, Any] = {"results": [], "next": None}
        steps: list[dict[str, Any]] = []
        if item["ask_acknowledge"]:
            query = {"cursor": cursor} if (cursor := self.request.GET.get("cursor")) else {}
            people = need(self.api.get(f"announcements/{announcement_id}/missing", query))
            steps = need(self.api.get(f"announcements/{announcement_id}/nudges"))["results"]
        return self.show(
            place="announcements",
            item=item,
            reach=reach,
            stages=stages(reach, asked=item["ask_acknowledge"]),
            chart=chart(reach["curve"], reach["recipients"], steps),
            people=people,
            steps=steps,
            next_nudge=next_nudge(steps),
            missing=reach["recipients"] - reach["acknowledged"],
            now=timezone.localtime(),
            **more,
        )


def _told(done: dict[str, Any] | None) -> str:
    """Say what became of it: nothing when nudging was stopped, else how many will be nudged."""
    if done is None:
        return gettext("No more nudges go out about this.")
    if not done["queued"]:
        return gettext("Nobody was nudged: whoever is missing was nudged by hand today, or is about to be.")
    said = ngettext(
        "One person is nudged, within their working hours.",
        "%(count)d people are nudged, each within their working hours.",
        done["queued"],
    )
    return said % {"count": done["queued"]} if "%" in said else said


def stages(reach: dict[str, Any], *, asked: bool) -> list[dict[str, Any]]:
    """Return the funnel: of each stage its name, its number, and how many were lost since the one before."""
    names = STAGES if asked else STAGES[:-1]
    counts = [reach[name] for name in names]
    losses = [0, *(before - after for before, after in zip(counts, counts[1:], strict=False))]
    return [
        {"name": name, "count": count, "lost": lost} for name, count, lost in zip(names, counts, losses, strict=True)
    ]


def chart(curve: list[dict[str, Any]], recipients: int, steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the curve is drawn from, in units of its box; None while there is nothing to draw."""
    if len(curve) < 2 or not recipients:
        return None
    times = [datetime.fromisoformat(point["at"]).timestamp() for point in curve]
    first, span = times[0], max(times[-1] - times[0], 1)

    def x(at: float) -> float:
        return round((at - first) / span * WIDTH, 1)

    def line(name: str) -> str:
        return " ".join(
            f"{x(at)},{round(HEIGHT - point[name] / recipients * HEIGHT, 1)}"
            for at, point in zip(times, curve, strict=True)
        )

    sent = [
        datetime.fromisoformat(step["due_first"]).timestamp()
        for step in steps
        if step["submitted"] and step["due_first"]
    ]
    return {
        "opened": line("opened"),
        "acknowledged": line("acknowledged"),
        "area": f"0,{HEIGHT} {line('acknowledged')} {WIDTH},{HEIGHT}",
        "nudges": [x(at) for at in sent if 0 <= at - first <= span],
        "first": curve[0]["at"],
        "last": curve[-1]["at"],
        "days": _days(curve),
        "width": WIDTH,
        "height": HEIGHT,
    }


def _days(curve: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last point of each day: the table beside the drawing."""
    return list({timezone.localtime(datetime.fromisoformat(point["at"])).date(): point for point in curve}.values())
