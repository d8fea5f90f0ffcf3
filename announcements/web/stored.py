"""What is stored about me, in words and counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from announcements.web.pages import Page, need

CHANNELS = {"tab": _("new tab"), "page": _("page"), "extension": _("extension"), "mail": _("mail")}
WHY = {
    "nudge": _("Not confirmed yet"),
    "digest": _("Digest of what you had not opened"),
    "letter": _("About your account"),
    "invitation": _("You were invited"),
    "claim": _("You asked for a way in"),
    "admitted": _("You were let in"),
    "refused": _("Your request was answered"),
}
STATES = {
    "queued": _("planned"),
    "submitting": _("being sent"),
    "submitted": _("sent"),
    "failed": _("not delivered"),
    "uncertain": _("may have been sent"),
    "skipped": _("not needed any more"),
}


class Stored(Page):
    """What is stored about me."""

    template = "web/stored.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it in short; the whole is a file."""
        found = need(self.api.get("me/stored/summary"))
        for mail in found["mails"]:
            mail["why"], mail["became"] = WHY[mail["kind"]], STATES[mail["state"]]
        channels = [(CHANNELS[name], many) for name, many in found["counts"]["facts"].items()]
        return self.show(place="settings", section="stored", stored=found, channels=channels)
