"""What an announcement said over time, for those who manage it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from announcements.web.pages import faults, need
from announcements.web.reading import AnnouncementPage
from announcements.web.writing import as_instant


class History(AnnouncementPage):
    """Its versions, what changed between any two, and saying again what one said."""

    template = "web/history.html"

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show the versions, newest first."""
        return self._show(announcement_id)

    def post(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Restore a version."""
        number = _number(request.POST.get("number", ""))
        given: dict[str, Any] = {"change": request.POST.get("change", "")}
        if (revision := request.POST.get("revision", "")).isdecimal():
            given["revision"] = int(revision[:9])
        if deadline := as_instant(request.POST.get("deadline", "")):
            given["deadline"] = deadline
        answer = self.api.post(f"announcements/{announcement_id}/versions/{number}/restore", given)
        if answer.ok:
            said = _("It says again what version %(number)s said. This is version %(version)s.")
            messages.success(request, said % {"number": number, "version": answer.data["version"]})
            return redirect("history", announcement_id=announcement_id)
        return self._show(announcement_id, problems=faults(answer), status=answer.status)

    def _show(self, announcement_id: int, **more: Any) -> HttpResponse:
        versions = need(self.api.get(f"announcements/{announcement_id}/versions"))["results"]
        item = need(self.api.get(f"announcements/{announcement_id}"))
        difference = self._difference(announcement_id, item["version"])
        return self.show(place="announcements", item=item, versions=versions[::-1], difference=difference, **more)

    def _difference(self, announcement_id: int, newest: int) -> dict[str, Any] | None:
        """Return what changed between the two versions that were asked for; the last two if none were."""
        if newest <= 1:
            return None
        until = _number(self.request.GET.get("until", "")) or newest
        since = _number(self.request.GET.get("since", "")) or max(1, until - 1)
        older, newer = min(since, until), max(since, until)
        answer = self.api.get(f"announcements/{announcement_id}/versions/{newer}/changes", {"since": older})
        found: dict[str, Any] = need(answer)
        return found


def _number(sent: str) -> int:
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0
