"""How an announcement landed, on one sheet of paper: to print, or to keep as PDF by the browser's print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from announcements.web.analytics import BACK, numbers
from announcements.web.pages import Page

# So many groups have room on the sheet, the largest first.
MOST_GROUPS = 10


class Report(Page):
    """The report of an announcement. It names nobody."""

    template = "web/report.html"
    back = BACK

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show it."""
        landed = numbers(self, announcement_id)
        groups = landed.pop("groups")
        further = len(groups) - MOST_GROUPS
        return self.show(place="announcements", groups=groups[:MOST_GROUPS], further=max(0, further), **landed)
