"""The trail of the workspace, for its owners."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from announcements.web import trail_words
from announcements.web.pages import Page, faults, need

FILTERS = ("verb", "person_id", "since", "until")


class Trail(Page):
    """Who did what, newest first; filtered by what, by whom and when."""

    template = "web/audit.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of it; a filter that cannot be used is said at its field."""
        given = {name: value for name in FILTERS if (value := request.GET.get(name, "").strip())}
        place = {"cursor": cursor} if (cursor := request.GET.get("cursor")) else {}
        answer = self.api.get("audit", _instants(given) | place)
        if answer.status == 422:
            return self._show(given, need(self.api.get("audit")), problems=faults(answer), status=422)
        return self._show(given, need(answer))

    def _show(self, given: dict[str, str], found: dict[str, Any], **more: Any) -> HttpResponse:
        for entry in found["results"]:
            entry["said"], entry["more"] = trail_words.sentence(entry), trail_words.details(entry)
        known = sorted(((verb, trail_words.label(verb)) for verb in found.pop("verbs")), key=lambda one: one[1])
        query, asked = urlencode(given), urlencode(_instants(given))
        return self.show(
            place="settings", section="audit", form=given, known=known, query=query, asked=asked, **found, **more
        )


def _instants(given: dict[str, str]) -> dict[str, str]:
    """Return the filters as the API takes them: a day on its own begins at midnight."""
    days = {name: f"{given[name]}T00:00" for name in ("since", "until") if name in given}
    return given | days
