"""What stands beside the list on everybody's new tab: clocks and links."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from announcements.api.client import Answer
from announcements.web.company import CompanyPage
from announcements.web.pages import faults
from announcements.web.templatetags.web import city
from announcements.web.zones import zones

PARTS = {"clocks": ("label", "timezone"), "links": ("label", "url", "icon")}
# What the door calls by the name of a drawing, by what it shows.
ICONS = {
    "link": _("Link"),
    "globe": _("Globe"),
    "house": _("House"),
    "book-open": _("Book"),
    "calendar": _("Calendar"),
    "calendar-off": _("Time off"),
    "message-square": _("Message"),
    "mail": _("Letter"),
    "phone": _("Phone"),
    "life-buoy": _("Help"),
    "users": _("People"),
    "graduation-cap": _("Learning"),
    "heart-pulse": _("Health"),
    "receipt": _("Receipt"),
    "wallet": _("Wallet"),
    "calculator": _("Calculator"),
    "scale": _("Scales"),
    "chart-column": _("Chart"),
    "folder": _("Folder"),
    "file-text": _("Document"),
    "hard-drive": _("Disk"),
    "package": _("Parcel"),
    "truck": _("Truck"),
    "map-pin": _("Place"),
    "wrench": _("Tools"),
    "shield": _("Shield"),
    "code": _("Code"),
    "palette": _("Design"),
    "coffee": _("Coffee"),
    "utensils": _("Meal"),
}
# As a tab brings them along; the first stands for what a newer hub calls by another name.
DRAWN = sorted(ICONS, key=lambda icon: icon != "link")
Rows = dict[str, list[dict[str, Any]]]


class TabSettings(CompanyPage):
    """The clocks and links of the new tab."""

    template = "web/tab_settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them in their order."""
        return self._show(shown(self.workspace or {}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save them; or move, add or remove one, which is not saved yet."""
        rows = as_rows(request.POST)
        if arrange(rows, request.POST.get("do", "")):
            return self._show(rows, unsaved=True)
        rows = compact(rows)
        answer = self.api.patch("workspace", rows)
        return redirect("tab_settings") if answer.ok else self._show(*refused(rows, answer))

    def _show(self, rows: Rows, problems: dict[str, list[str]] | None = None, **more: Any) -> HttpResponse:
        status = 422 if problems else 200
        context = choices() | {"rows": rows, "problems": problems or {}} | more
        return self.show(place="settings", section="tab", status=status, **context)


def choices() -> dict[str, Any]:
    """Return what the form lets one choose from."""
    return {"zones": zones(), "icons": ICONS}


def shown(workspace: dict[str, Any]) -> Rows:
    """Return the rows of the form; an empty one where there is none yet."""
    rows = {part: [dict(one) for one in workspace[part]] for part in PARTS}
    return {part: found or [_empty(part)] for part, found in rows.items()}


def as_rows(sent: QueryDict) -> Rows:
    """Return the rows as they were sent."""
    return {
        part: [
            dict(zip(names, values, strict=True))
            for values in zip(*(sent.getlist(f"{part}.{name}") for name in names), strict=False)
        ]
        for part, names in PARTS.items()
    }


def arrange(rows: Rows, do: str) -> bool:
    """Do what a button of a row asks ("up-clocks-2"); return whether it was one."""
    verb, _dash, rest = do.partition("-")
    part, _dash, place = rest.partition("-")
    if part not in PARTS or verb not in {"up", "down", "remove", "add"}:
        return False
    found = rows[part]
    if verb == "add":
        found.append(_empty(part))
    elif place.isdecimal() and int(place) < len(found):
        row = found.pop(int(place))
        if verb != "remove":
            found.insert(max(0, int(place) + (1 if verb == "down" else -1)), row)
    return True


def compact(rows: Rows) -> Rows:
    """Return the rows without those left empty; a clock without a name is named after its city."""
    clocks = [clock for clock in rows["clocks"] if clock["timezone"] or clock["label"].strip()]
    for clock in clocks:
        clock["label"] = clock["label"].strip() or city(clock["timezone"])
    return {"clocks": clocks, "links": [link for link in rows["links"] if link["url"].strip() or link["label"].strip()]}


def refused(rows: Rows, answer: Answer) -> tuple[Rows, dict[str, list[str]]]:
    """Return the rows with what is wrong beside each, and all of it for the top of the page."""
    problems = faults(answer)
    for part, found in rows.items():
        for place, row in enumerate(found):
            row["faults"] = [
                one for name, said in problems.items() if name.startswith(f"{part}.{place}.") for one in said
            ]
    return {part: found or [_empty(part)] for part, found in rows.items()}, problems


def _empty(part: str) -> dict[str, Any]:
    return dict.fromkeys(PARTS[part], "") | ({"icon": "link"} if part == "links" else {})
