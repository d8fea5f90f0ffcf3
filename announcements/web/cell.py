"""A cell of the heat map: the announcements it counts, each with its numbers there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from announcements.web.alignment import KINDS, PERIODS, one_of
from announcements.web.pages import Page, need

AT_ONCE = 20
WEEK = 7


class Cell(Page):
    """What was asked of a group, or by a topic, in a week or in all weeks of the heat map."""

    template = "web/cell.html"
    back = (reverse_lazy("alignment"), gettext_lazy("Go to alignment"))

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        found = need(self.api.get("alignment/cell", self._asked()))
        span = self._span()
        monday = date.fromisoformat(found["monday"])
        kept = {name: request.GET[name] for name in ("group", "topic", "since", "span") if name in request.GET}
        return self.show(
            place="alignment",
            found=found,
            monday=monday,
            sunday=monday + timedelta(days=WEEK * span - 1),
            span=span,
            topic=found["name"] if request.GET.get("topic") else "",
            weeks=one_of(request.GET.get("weeks"), PERIODS, "12"),
            kind=one_of(request.GET.get("kind"), KINDS, "function"),
            kept=kept,
        )

    def _span(self) -> int:
        return int(one_of(self.request.GET.get("span"), PERIODS, "1"))

    def _asked(self) -> dict[str, Any]:
        """Return what the API is asked for, which refuses what names no cell."""
        given = self.request.GET
        names = {"since": "since", "group": "group_id", "topic": "topic", "cursor": "cursor"}
        asked = {names[name]: given[name] for name in names if given.get(name)}
        return {"weeks": self._span(), "limit": AT_ONCE} | asked
