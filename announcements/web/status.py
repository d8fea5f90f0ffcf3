"""Whether all is well, and where to set right what is not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from announcements.web.company import CompanyPage
from announcements.web.pages import need

# What each part is called here.
NAMES = {
    "queue": _("Queue"),
    "mail": _("Mail server"),
    "due": _("Mail that is due"),
    "uncertain": _("Uncertain mail"),
    "fan_outs": _("Announcements on their way"),
    "people_imports": _("Lists of people"),
    "announcement_imports": _("Imports of announcements"),
    "backup": _("Backup"),
    "room": _("Room"),
}
# The page where a part is set right, by its name and its query, and what to press there.
PLACES = {
    "mail": ("mail_server", "", _("Look at mail")),
    "uncertain": ("mail_log", "state=uncertain", _("Show them")),
    "people_imports": ("imports", "", _("Show them")),
    "announcement_imports": ("bringing", "", _("Show them")),
}
STATES = {"well": _("well"), "warning": _("look at this"), "ill": _("not well")}


class Status(CompanyPage):
    """The page."""

    template = "web/status.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show every part, what is not well first."""
        found = need(self.api.get("workspace/status"))
        parts = [
            part | {"title": NAMES[part["name"]], "word": STATES[part["state"]], "place": PLACES.get(part["name"])}
            for part in found["parts"]
        ]
        parts.sort(key=lambda part: ("ill", "warning", "well").index(part["state"]))
        wrong = sum(part["state"] != "well" for part in parts)
        return self.show(place="settings", section="status", parts=parts, wrong=wrong, version=found["version"])
