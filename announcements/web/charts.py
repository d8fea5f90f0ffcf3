"""The charts of an announcement, to take along: how far it got, over time, by group, by channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.api.client import files
from announcements.web.analytics import bar, parts, stages
from announcements.web.curve import draw
from announcements.web.drawing import Bar, bars
from announcements.web.pages import Page, need
from announcements.web.sheet import EDGE, Sheet
from announcements.web.templatetags.web import many

WIDTH = 720
# Which rows of the numbers a chart draws.
OF = {"funnel": "everybody", "curve": "until", "groups": "group", "channels": "channel"}
NAMES = {
    "recipients": gettext_lazy("Audience"),
    "displayed": gettext_lazy("Displayed"),
    "opened": gettext_lazy("Opened"),
    "read": gettext_lazy("Read"),
    "acknowledged": gettext_lazy("Confirmed"),
    "none": gettext_lazy("Neither"),
    "tab": gettext_lazy("New tab"),
    "page": gettext_lazy("Announcement"),
    "extension": gettext_lazy("Extension"),
    "mail": gettext_lazy("Email"),
}
COLORS = {
    "recipients": "h2", "displayed": "h3", "opened": "h4", "read": "h5", "acknowledged": "h6",
    "tab": "c-tab", "mail": "c-email", "page": "c-slack", "extension": "h3",
}  # fmt: skip
PARTS = {"acknowledged": "h6", "read": "h4", "opened": "h2", "none": "c-mute"}


class Chart(Page):
    """A chart of an announcement as SVG."""

    def get(self, request: HttpRequest, announcement_id: int, chart: str) -> HttpResponse:
        """Answer it as a file; from the numbers that its page shows, so to those alone who may see them."""
        if chart not in DRAWN:
            raise Http404
        reach = need(self.api.get(f"announcements/{announcement_id}/reach"))
        item = need(self.api.get(f"announcements/{announcement_id}"))
        steps: list[dict[str, Any]] = []
        if item["ask_acknowledge"] and chart == "curve":
            steps = need(self.api.get(f"announcements/{announcement_id}/nudges"))["results"]
        name, body = DRAWN[chart]
        sheet = Sheet(
            width=WIDTH, title=item["title"], chart=_heading(chart, reach) or str(name), said=_in_short(item, reach)
        )
        body(sheet, item, reach | {"steps": steps, "hours": self._hours()})
        title = files.titled(item["title"], announcement_id)
        return taken(sheet, title, files.SHOWN[OF[chart]], whose=self.workspace)

    def _hours(self) -> tuple[str, str]:
        return (self.me["work_starts"], self.me["work_ends"]) if self.me else ("09:00", "17:00")


def taken(sheet: Sheet, *named: str, whose: dict[str, Any] | None) -> HttpResponse:
    """Answer a drawing as a file to keep: its name says what it shows and of which day, its foot whose it is and as of when."""
    now = timezone.localtime()
    company = whose["name"] if whose else ""
    answer = sheet.finish(f"{company} · {_('as of')} {date_format(now, 'j F Y, H:i')}")
    answer["Content-Disposition"] = f'inline; filename="{files.called(*named, at=now)}.svg"'
    return answer


def _in_short(item: dict[str, Any], reach: dict[str, Any]) -> str:
    confirmed = _("%(many)s confirmed") % {"many": many(reach["acknowledged"])}
    if reach["few"]:
        return f"{confirmed}."
    said = _("Of %(all)s people %(opened)s opened it") % {
        "all": many(reach["recipients"]),
        "opened": many(reach["opened"]),
    }
    return f"{said}, {confirmed}." if item["ask_acknowledge"] else f"{said}."


def _heading(chart: str, reach: dict[str, Any]) -> str:
    if chart != "channels":
        return ""
    return _("Where people confirmed") if reach["channel_of"] == "acknowledged" else _("Where people opened it")


def counted(part: int, whole: int) -> str:
    """Return a count and its share: 38 of 52, 73%."""
    said = _("%(part)s of %(all)s") % {"part": many(part), "all": many(whole)}
    return f"{said}, {part * 100 // whole}%" if whole else said


def _funnel(sheet: Sheet, item: dict[str, Any], reach: dict[str, Any]) -> None:
    whole = reach["recipients"]
    found = stages(reach, asked=item["ask_acknowledge"])
    bars(
        sheet,
        [
            Bar(str(NAMES[one["name"]]), [(COLORS[one["name"]], one["count"] / (whole or 1))], said)
            for one in found
            for said in [many(whole) if one["name"] == "recipients" else counted(one["count"], whole)]
        ],
    )
    if reach["few"]:
        nothing(sheet, _("So few people that only confirmations are told."))


def _groups(sheet: Sheet, item: dict[str, Any], reach: dict[str, Any]) -> None:
    fact = "acknowledged" if item["ask_acknowledge"] else "read"
    shown = [name for name in PARTS if not (name == "acknowledged" and fact == "read")]
    shown = [name for name in shown if not (name == "read" and reach["privacy"] == "works_council")]
    sheet.legend([(PARTS[name], str(NAMES[name])) for name in shown])
    rows = [
        Bar(
            group["name"],
            [(PARTS[one["name"]], one["width"] / 100) for one in parts(group)],
            counted(group[fact], group["recipients"]),
        )
        for group in reach["by_group"]
    ]
    bars(sheet, rows)
    if not rows:
        sent = _("It was not sent to groups.") if reach["recipients"] else _("Nobody is counted here.")
        nothing(sheet, _("No group is shown.") if reach["groups_hidden"] else sent)


def _channels(sheet: Sheet, item: dict[str, Any], reach: dict[str, Any]) -> None:
    found = bar([{"name": name, "count": count} for name, count in reach["by_channel"].items()])
    bars(
        sheet,
        [
            Bar(str(NAMES[one["name"]]), [(COLORS[one["name"]], one["width"] / 100)], counted(one["count"], one["all"]))
            for one in found
        ],
    )
    if not found:
        nothing(sheet, _("Nobody has yet."))


def nothing(sheet: Sheet, words: str) -> None:
    """Write a line of words where there is no chart, or below one."""
    sheet.words(EDGE, sheet.y, words, fill="ink-2")
    sheet.y += 32


def _curve(sheet: Sheet, item: dict[str, Any], reach: dict[str, Any]) -> None:
    chart = draw(reach, reach["steps"], reach["hours"])
    asked = item["ask_acknowledge"]
    if reach["few"] and not (asked and chart):
        return nothing(sheet, _("So few people that only confirmations are told."))
    if chart is None:
        return nothing(sheet, _("Nobody has opened it yet."))
    sheet.legend(
        [
            *([] if reach["few"] else [("c-email", str(NAMES["opened"]))]),
            *([("c-tab", str(NAMES["acknowledged"]))] if asked else []),
            *([("attn", _("Nudges"))] if chart["nudges"] else []),
        ]
    )
    with sheet.moved(16, sheet.y - 12):
        _scales(sheet, chart)
        for nudge in chart["nudges"]:
            _nudge(sheet, chart, nudge)
        if asked:
            sheet.add("polygon", points=chart["area"], fill="c-tab", fill_opacity=0.12)
        for end in chart["ends"] if asked else chart["ends"][:1]:
            name, color = end["name"], "c-email" if end["name"] == "opened" else "c-tab"
            sheet.add(
                "polyline", points=chart[name], fill="none", stroke=color, stroke_width=2, stroke_linejoin="round"
            )
            sheet.add("circle", cx=end["x"], cy=end["y"], r=3, fill=color)
            said = _("%(many)s opened") if name == "opened" else _("%(many)s confirmed")
            sheet.words(end["x"] + 8, end["word"], said % {"many": many(end["many"])}, font_size=11, font_weight=550)
    sheet.y += chart["height"]
    return None


def _scales(sheet: Sheet, chart: dict[str, Any]) -> None:
    top, bottom = chart["top"], chart["bottom"]
    for night in chart["nights"]:
        sheet.add("rect", x=night["x"], y=top, width=night["width"], height=bottom - top, fill="hover")
    for line in chart["scale"]:
        sheet.add("line", x1=chart["left"], x2=chart["right"], y1=line["y"], y2=line["y"], stroke="c-grid")
        sheet.words(28, line["y"], many(line["many"]), text_anchor="end", fill="ink-3", font_size=11)
    first = timezone.localtime(chart["first"])
    if chart["begins"]:
        sheet.words(chart["left"], bottom + 14, date_format(first, "D"), fill="ink-3", font_size=11)
    for day in chart["days"]:
        sheet.words(
            day["x"], bottom + 14, date_format(day["at"], "D"), text_anchor="middle", fill="ink-3", font_size=11
        )


def _nudge(sheet: Sheet, chart: dict[str, Any], nudge: dict[str, Any]) -> None:
    x, y = nudge["x"], nudge["y"]
    sheet.add("line", x1=x, x2=x, y1=chart["top"], y2=chart["bottom"], stroke="attn", stroke_dasharray="3 3")
    sheet.add("circle", cx=x, cy=y, r=3.5, fill="attn" if nudge["sent"] else "surface", stroke="attn")
    anchor = "end" if nudge["left"] else "start"
    sheet.words(x + nudge["word"], y, nudge["label"], text_anchor=anchor, fill="attn-ink", font_size=11)


DRAWN: dict[str, tuple[Any, Callable[[Sheet, dict[str, Any], dict[str, Any]], None]]] = {
    "funnel": (gettext_lazy("How far it got"), _funnel),
    "curve": (gettext_lazy("Over time"), _curve),
    "groups": (gettext_lazy("By group"), _groups),
    "channels": (gettext_lazy("Where people opened it"), _channels),
}
