"""An announcement, as its readers and its managers see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from announcements.web.pages import Page, faults, need

FEW = 6


class Announcement(Page):
    """The whole text, and the bar that asks to mark it as read; for managers also who is aligned."""

    template = "web/announcement.html"

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show it; a draft opens where it is written."""
        item = need(self.api.get(f"announcements/{announcement_id}"))
        if item["state"] == "draft":
            return redirect("edit", announcement_id=announcement_id)
        return self._show(item)

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Mark as read, or take it back, without a script."""
        if request.POST.get("do") == "undo":
            answer = self.api.delete(f"announcements/{announcement_id}/acknowledge")
        else:
            version = request.POST.get("version", "")
            given = {"version": int(version) if version.isdecimal() else 0, "channel": "page"}
            answer = self.api.post(f"announcements/{announcement_id}/acknowledge", given)
        if answer.ok:
            return redirect("announcement", announcement_id=announcement_id)
        item = need(self.api.get(f"announcements/{announcement_id}"))
        return self._show(item, problems=faults(answer), status=answer.status)

    def _show(self, item: dict[str, Any], **more: Any) -> HttpResponse:
        feed = need(self.api.get("feed"))["items"]
        mine = next((one for one in feed if one["announcement_id"] == item["id"]), None)
        owed = [one for one in feed if one["required"] and not one["acknowledged_at"]]
        following = next((one for one in owed if one["announcement_id"] != item["id"]), None)
        context = self._management(item) | {"groups": mine["groups"] if mine else self._groups(item)}
        return self.show(item=item, mine=mine, following=following, owed=len(owed), **context, **more)

    def _groups(self, item: dict[str, Any]) -> list[str]:
        """Return the names of the groups it is for, to somebody who is in none of them: its author."""
        audience = item["audience"]  # withdrawn, it has none for readers
        if not audience or not audience["group_ids"]:
            return []
        groups = need(self.api.get("groups"))["results"]
        return [group["name"] for group in groups if group["id"] in audience["group_ids"]]

    def _management(self, item: dict[str, Any]) -> dict[str, Any]:
        if not item["manages"]:
            return {}
        id = item["id"]
        reach = need(self.api.get(f"announcements/{id}/reach"))
        if not item["ask_acknowledge"] or item["state"] == "withdrawn":
            return {"reach": reach}
        missing = need(self.api.get(f"announcements/{id}/missing", {"limit": FEW}))["results"]
        steps = need(self.api.get(f"announcements/{id}/nudges"))["results"]
        return {"reach": reach, "missing": missing, "next_nudge": next_nudge(steps)}


def next_nudge(steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the first step that still has nudges to send, and whether its first ones have gone out already."""
    step = next((step for step in steps if step["queued"]), None)
    return step and step | {"begun": datetime.fromisoformat(step["due_first"]) <= timezone.now()}
