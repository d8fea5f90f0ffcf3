"""Finding again: the search, and the archive of all that one may read."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from announcements.web.pages import Page, faults, need

KINDS = ("update", "news", "story", "decision", "policy")
LONGEST = 400
PART = 20


class Search(Page):
    """What has the words that were typed."""

    template = "web/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show announcements, people and links; without words just the box."""
        query = request.GET.get("q", "").replace("\0", "").encode("utf-8", "ignore").decode()[:LONGEST]
        asked: dict[str, Any] = {"q": query, "limit": PART}
        if cursor := request.GET.get("cursor"):
            asked["cursor"] = cursor
        answer = self.api.get("search", asked)
        found = answer.data if answer.ok else {"announcements": [], "next": None, "people": [], "links": []}
        problems = {} if answer.ok else faults(answer)
        return self.show(place="search", query=query, found=found, further=bool(cursor), problems=problems)


class Archive(Page):
    """All that the reader may read, by month."""

    template = "web/archive.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a part of it, newest first."""
        chosen = _chosen(request.GET)
        cursor = request.GET.get("cursor")
        asked = chosen | {"limit": PART} | ({"cursor": cursor} if cursor else {})
        found = need(self.api.get("archive", asked))
        if cursor:
            found["authors"] = need(self.api.get("archive", {"limit": 1}))["authors"]
        months = [
            {"first": parts[0]["arrived_at"], "items": parts}
            for _month, each in groupby(sorted(found["results"], key=_month, reverse=True), _month)
            if (parts := list(each))
        ]
        groups = need(self.api.get("groups"))["results"]
        shown = {"found": found, "months": months, "groups": groups, "kinds": KINDS}
        onward = "&".join(f"{name}={value}" for name, value in chosen.items())
        return self.show(place="archive", chosen=chosen, onward=onward, further=bool(cursor), **shown)


def _chosen(sent: QueryDict) -> dict[str, Any]:
    """Return the filters that were chosen; what is none is passed over, as "all" is."""
    numbers = {name: sent.get(name, "") for name in ("author_id", "group_id")}
    chosen: dict[str, Any] = {
        name: int(value) for name, value in numbers.items() if value.isascii() and value.isdecimal() and int(value) > 0
    }
    return chosen | ({"kind": kind} if (kind := sent.get("kind")) in KINDS else {})


def _month(item: dict[str, Any]) -> tuple[int, int]:
    at = timezone.localtime(datetime.fromisoformat(item["arrived_at"]))
    return at.year, at.month
