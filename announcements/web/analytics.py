"""The analytics of an announcement: how far it got, when, and who is missing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy

from announcements.web.curve import draw
from announcements.web.pages import Page, need
from announcements.web.reading import nudges_to_come

# How far somebody may have got who is missing, as the API says it.
STUCK = ("nothing", "displayed", "opened", "read")
BACK = (reverse_lazy("announcements"), gettext_lazy("All announcements"))
STAGES = ("recipients", "displayed", "opened", "read", "acknowledged")


class Analytics(Page):
    """Reach, by group and over time, and who is missing."""

    template = "web/analytics.html"
    back = BACK

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show the numbers as they are now."""
        return self._show(announcement_id)

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Ask first. What is sent here comes from a page of before, which nudged and stopped nudging from here."""
        need(self.api.get(f"announcements/{announcement_id}/nudges"))
        asked = "stop_nudging" if request.POST.get("do") == "stop" else "nudge"
        return redirect(asked, announcement_id=announcement_id)

    def _show(self, announcement_id: int) -> HttpResponse:
        landed = numbers(self, announcement_id)
        item, reach, steps = landed["item"], landed["reach"], landed["steps"]
        people: dict[str, Any] = {"results": [], "next": None}
        chosen = asked_of(self.request, reach)
        if reach["names"]:
            query = chosen | ({"cursor": cursor} if (cursor := self.request.GET.get("cursor")) else {})
            people = need(self.api.get(f"announcements/{announcement_id}/missing", query))
        return self.show(
            place="announcements",
            people=people,
            chosen=chosen,
            query=urlencode(chosen),
            stuck=stuck(reach, chosen, asked=item["ask_acknowledge"]),
            nudging=item["ask_acknowledge"] and item["changes"] and item["state"] == "published",
            to_come=nudges_to_come(steps),
            missing=reach["recipients"] - (reach["acknowledged" if item["ask_acknowledge"] else "read"] or 0),
            **landed,
        )


def asked_of(request: HttpRequest, reach: dict[str, Any]) -> dict[str, str]:
    """Return which of the missing are asked for, as the API is asked; what it would refuse is left out."""
    given = request.GET
    found = {"search": given.get("search", "").strip()[:100], "group_id": given.get("group_id", "")}
    if given.get("got_to") in STUCK and reach["privacy"] != "works_council":
        found["got_to"] = given["got_to"]
    elif given.get("unreachable"):
        found["unreachable"] = "true"
    if found["group_id"] not in {str(group["group_id"]) for group in reach["by_group"]}:
        del found["group_id"]
    return {name: value for name, value in found.items() if value}


def stuck(reach: dict[str, Any], chosen: dict[str, str], *, asked: bool) -> list[dict[str, Any]]:
    """Return where the missing are stuck, of all or of a group: how many are, what asks for them, whether they are shown."""
    group: dict[str, Any] = next(
        (one for one in reach["by_group"] if str(one["group_id"]) == chosen.get("group_id")), {}
    )
    counts = reach | group
    found = [{"got_to": "", "count": counts["recipients"] - (counts["acknowledged" if asked else "read"] or 0)}]
    if reach["privacy"] != "works_council":
        steps = stages(counts, asked=asked)[1:]
        found += [{"got_to": got_to, "count": one["lost"]} for got_to, one in zip(STUCK, steps, strict=False)]
    found.append({"got_to": "unreachable", "count": None})
    kept = {name: value for name, value in chosen.items() if name in ("search", "group_id")}
    at = chosen.get("got_to") or ("unreachable" if "unreachable" in chosen else "")
    for one in found:
        # How many of them a search finds is not counted.
        one |= {"count": None} if "search" in kept else {}
        one |= {"query": urlencode(kept | _asking(one["got_to"])), "shown": one["got_to"] == at}
    return found


def _asking(got_to: str) -> dict[str, str]:
    return {"unreachable": "true"} if got_to == "unreachable" else {"got_to": got_to} if got_to else {}


class Charts(Page):
    """What is drawn of it, alone: whoever looks on is shown it anew, and looks at nobody's name."""

    template = "web/analytics_charts.html"
    back = BACK

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show it as it is now."""
        return self.show(**numbers(self, announcement_id, joined_later=False))


def numbers(page: Page, announcement_id: int, *, joined_later: bool = True) -> dict[str, Any]:
    """Return what a page shows of how an announcement landed, but for names; who joined later is counted only where that is shown."""
    reach = need(page.api.get(f"announcements/{announcement_id}/reach", {"joined_later": str(joined_later).lower()}))
    item = need(page.api.get(f"announcements/{announcement_id}"))
    nudges: dict[str, Any] = {"results": [], "stopped_at": None}
    told = item["ask_acknowledge"] or not reach["few"]
    if item["ask_acknowledge"]:
        nudges = need(page.api.get(f"announcements/{announcement_id}/nudges"))
    steps = nudges["results"]
    return {
        "item": item,
        "reach": reach,
        "reach_csv": f"/api/v1/announcements/{announcement_id}/reach.csv",
        "steps": steps,
        "stopped_at": nudges["stopped_at"],
        "stages": stages(reach, asked=item["ask_acknowledge"]),
        "chart": draw(reach, steps, (page.me["work_starts"], page.me["work_ends"])) if page.me and told else None,
        "groups": [group | {"parts": parts(group)} for group in reach["by_group"]],
        "channels": bar([{"name": name, "count": count} for name, count in reach["by_channel"].items()]),
        "now": timezone.localtime(),
    }


def stages(reach: dict[str, Any], *, asked: bool) -> list[dict[str, Any]]:
    """Return the funnel: of each stage that is told its name, its number, and how many were lost since the one before."""
    untold = {"read"} if reach["privacy"] == "works_council" else set[str]()
    names = [name for name in (STAGES if asked else STAGES[:-1]) if name not in untold and reach[name] is not None]
    counts = [reach[name] for name in names]
    losses = [0, *(before - after for before, after in zip(counts, counts[1:], strict=False))]
    return [
        {"name": name, "count": count, "lost": lost} for name, count, lost in zip(names, counts, losses, strict=True)
    ]


def parts(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the shares of a group that confirmed, only read, only opened, or neither, of a bar of a hundred."""
    names = ("acknowledged", "read", "opened", "recipients")
    found, before = [], 0
    for name in names:
        found.append({"name": "none" if name == "recipients" else name, "count": counts[name] - before})
        before = counts[name]
    return bar(found)


def bar(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return counts with where each begins and how wide it is, in a bar of a hundred."""
    whole, x = sum(one["count"] for one in found) or 1, 0.0
    for one in found:
        one |= {"x": round(x, 2), "width": round(one["count"] / whole * 100, 2), "all": whole}
        x += one["count"] / whole * 100
    return found


class Definitions(Page):
    """What each number means."""

    template = "web/definitions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self.show(place="announcements")
