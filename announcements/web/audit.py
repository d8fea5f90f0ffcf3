"""The trail of the workspace, for its owners."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from announcements.web.pages import Page, faults, need

FILTERS = ("verb", "person_id", "since", "until")
# What entries say. A verb that is not here is shown as it is.
WORDS = {
    "audit_exported": _("took the trail"),
    "deactivated": _("deactivated"),
    "groups_closed": _("closed empty groups"),
    "groups_created": _("created groups"),
    "import_finished": _("finished an import of people"),
    "import_started": _("started an import of people"),
    "import_undone": _("undid an import of people"),
    "device_connected": _("connected a device"),
    "device_ended": _("disconnected a device"),
    "device_used": _("used a device"),
    "mail_paused": _("paused mail"),
    "mail_resumed": _("resumed mail"),
    "missing_looked_at": _("looked at who is missing"),
    "announcements_export_asked": _("had all announcements put together"),
    "announcements_export_taken": _("took all announcements along"),
    "audience_exported": _("took the list of an audience"),
    "people_exported": _("took the list of people"),
    "own_data_exported": _("took along what is stored about"),
    "reactivated": _("reactivated"),
    "role_changed": _("changed the role of"),
    "second_factor_taken": _("took away the second factor of"),
    "suppression_lifted": _("let mail go again to"),
    "token_issued": _("made a token"),
    "token_revoked": _("revoked a token"),
    "token_used": _("used a token"),
}


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
            entry["words"] = WORDS.get(entry["verb"], _plain(entry["verb"]))
        known = [(verb, WORDS.get(verb, _plain(verb))) for verb in found.pop("verbs")]
        query, asked = urlencode(given), urlencode(_instants(given))
        return self.show(
            place="settings", section="audit", form=given, known=known, query=query, asked=asked, **found, **more
        )


def _instants(given: dict[str, str]) -> dict[str, str]:
    """Return the filters as the API takes them: a day on its own begins at midnight."""
    days = {name: f"{given[name]}T00:00" for name in ("since", "until") if name in given}
    return given | days


def _plain(verb: str) -> str:
    return verb.replace("_", " ")
