"""An announcement, as its readers and its managers see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from announcements.web.pages import Page, faults, need

FEW = 6
SAVING = ("saved", "unsaved")


class AnnouncementPage(Page):
    """A page about one announcement. Who may not see it is told what to do, and not whether there is one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show what helps where there is nothing."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            response = self.show(template="web/not_for_you.html", status=404)
            response["Cache-Control"] = "private, no-store"
            return response


class Announcement(AnnouncementPage):
    """The whole text, and the bar that asks to mark it as read; for managers also who is aligned."""

    template = "web/announcement.html"

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show it; before it is published, to those who write it, as its readers will see it."""
        return self._show(need(self.api.get(f"announcements/{announcement_id}")))

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Mark as read, or take it back; save for later, or no longer: without a script."""
        do = request.POST.get("do")
        if do == "undo":
            answer = self.api.delete(f"announcements/{announcement_id}/acknowledge")
        elif do in SAVING:
            said = {"announcement_id": announcement_id, "fact": do, "channel": "page"}
            said |= {"client_id": str(uuid4()), "at": timezone.now().isoformat()}
            answer = self.api.post("receipts", {"receipts": [said]})
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
        context = self._management(item) | {"difference": self._changes(item)}
        address = self.request.build_absolute_uri(self.request.path)
        return self.show(item=item, mine=mine, following=following, owed=len(owed), address=address, **context, **more)

    def _changes(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """Return what changed since the version that the reader knows."""
        if not item["changed_at"] or not item["delivery"]:
            return None
        id = item["id"]
        found: dict[str, Any] | None = need(self.api.get(f"announcements/{id}/changes"))["changes"]
        return found

    def _management(self, item: dict[str, Any]) -> dict[str, Any]:
        if not item["manages"] or not item["published_at"]:
            return {}
        id = item["id"]
        reach = need(self.api.get(f"announcements/{id}/reach"))
        if not item["ask_acknowledge"] or item["state"] == "withdrawn":
            return {"reach": reach}
        missing = need(self.api.get(f"announcements/{id}/missing", {"limit": FEW}))["results"]
        nudges = need(self.api.get(f"announcements/{id}/nudges"))
        owing = reach["recipients"] - reach["acknowledged"]
        planned = {"to_come": nudges_to_come(nudges["results"]), "stopped_at": nudges["stopped_at"]}
        return {"reach": reach, "missing": missing, "owing": owing, **planned}


def nudges_to_come(steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return how many nudges are still to come, from the first to the last of them, and whether their steps have begun to go out already."""
    waiting = [step for step in steps if step["queued"]]
    if not waiting:
        return None
    due_first, due_last = min(step["due_first"] for step in waiting), max(step["due_last"] for step in waiting)
    begun = datetime.fromisoformat(due_first) <= timezone.now()
    return {
        "many": sum(step["queued"] for step in waiting),
        "due_first": due_first,
        "due_last": due_last,
        "begun": begun,
    }
