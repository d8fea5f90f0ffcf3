"""The charts of a company, to take along: alignment by week, time until read, load, who writes to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from announcements.api.client import files
from announcements.web import alignment, flows
from announcements.web.charts import WIDTH, nothing, taken
from announcements.web.drawing import ROOM, Bar, Cell, bars, keys, strips, table
from announcements.web.gauges import strips as placed
from announcements.web.pages import Page, need
from announcements.web.sheet import EDGE, Sheet
from announcements.web.templatetags.web import many

# How wide a column is at least: of weeks, and of groups by name.
WEEK, GROUP = 44, 110
# What the numbers of a chart are of.
OF = {"weeks": "week", "times": "times", "load": "load"}
TOPICS = {
    "update": gettext_lazy("Update"),
    "news": gettext_lazy("News"),
    "story": gettext_lazy("Story"),
    "decision": gettext_lazy("Decision"),
    "policy": gettext_lazy("Policy"),
}


class AlignmentChart(Page):
    """A chart of alignment as SVG."""

    def get(self, request: HttpRequest, chart: str) -> HttpResponse:
        """Answer it as a file, from the numbers that the page shows to the same person."""
        if chart not in DRAWN:
            raise Http404
        weeks = alignment.one_of(request.GET.get("weeks"), alignment.PERIODS, "12")
        kind = alignment.one_of(request.GET.get("kind"), alignment.KINDS, "function")
        found = need(self.api.get("alignment", {"weeks": weeks, "kind": kind}))
        rows = [alignment.row_of(group, found["weeks"]) for group in found["groups"]]
        rows = [row | {"name": row["name"] if row["group_id"] else str(TOPICS[row["name"]])} for row in rows]
        name, body = DRAWN[chart]
        columns = len(found["weeks"]) + 1 if chart == "weeks" else 0
        width = max(WIDTH, 2 * EDGE + ROOM + WEEK * columns)
        title = _("Alignment, last %(weeks)s weeks") % {"weeks": weeks}
        sheet = Sheet(width=width, title=title, chart=str(name), said=_in_short(found["whole"]))
        if rows:
            body(sheet, rows, found)
        else:
            nothing(sheet, _("There is no group of this kind."))
        return taken(sheet, "alignment", files.ALIGNED[OF[chart]], kind, f"{weeks}-weeks", whose=self.workspace)


class FlowsChart(Page):
    """Who writes to whom as SVG."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer it as a file, from the numbers that the page shows to the same person."""
        weeks = alignment.one_of(request.GET.get("weeks"), alignment.PERIODS, "12")
        kind = alignment.one_of(request.GET.get("kind"), flows.KINDS, "function")
        found = flows.table_of(need(self.api.get("flows", {"weeks": weeks, "kind": kind})))
        columns = [column.get("name") or _("Everyone") for column in found["columns"]]
        title = _("Who writes to whom, last %(weeks)s weeks") % {"weeks": weeks}
        said = _("How many announcements went to somebody of a group, and how many of their readers have read.")
        width = max(WIDTH, 2 * EDGE + ROOM + GROUP * len(columns))
        sheet = Sheet(width=width, title=title, chart=_("From group to group"), said=said)
        if found["rows"]:
            table(sheet, columns, [_flows_from(row) for row in found["rows"]])
            nothing(sheet, said)
        else:
            nothing(sheet, _("Nothing went from group to group in these weeks."))
        return taken(sheet, "who-writes-to-whom", kind, f"{weeks}-weeks", whose=self.workspace)


def _flows_from(row: dict[str, Any]) -> tuple[str, list[Cell]]:
    return row["group"].get("name") or _("Others"), [_flow(cell) for cell in row["cells"]]


def _flow(cell: dict[str, Any] | None) -> Cell:
    if cell is None:
        return Cell("–", None)
    read = cell["read"] * 100 // cell["recipients"] if cell["recipients"] else 0
    return Cell(f"{many(cell['announcements'])} · {read}%", cell["shade"])


def _in_short(whole: dict[str, int]) -> str:
    return _("%(part)s of %(all)s confirmations came on time.") % {
        "part": many(whole["on_time"]),
        "all": many(whole["asked"]),
    }


def _weeks(sheet: Sheet, rows: list[dict[str, Any]], found: dict[str, Any]) -> None:
    columns = [date_format(date.fromisoformat(week["monday"]), "j M") for week in found["weeks"]]
    lines = [(row["name"], [*map(_cell, row["cells"]), _whole(row)]) for row in rows]
    table(sheet, [*columns, _("All")], lines)
    keys(sheet, _("under 50"), _("93 and up"))
    nothing(sheet, _("Percent confirmed on time of what is due, by the week of publishing."))
    nothing(sheet, _("The outlined week is still running; … is not due yet."))


def _cell(cell: dict[str, Any]) -> Cell:
    said = _untold(cell) if cell["percent"] is None else str(cell["percent"])
    return Cell(said, cell["shade"], outlined=cell["running"])


def _whole(row: dict[str, Any]) -> Cell:
    return Cell(_untold(row["whole"]) if row["percent"] is None else f"{row['percent']}%", None)


def _untold(share: dict[str, Any]) -> str:
    """Return what stands where there is no percentage: dots where something is asked and not due yet."""
    return "…" if share["not_due"] else "–"


def _times(sheet: Sheet, rows: list[dict[str, Any]], found: dict[str, Any]) -> None:
    drawn = placed(rows)
    if not drawn["rows"]:
        return nothing(sheet, _("Reading times are not measured here, or nothing was published in these weeks."))
    lines = [
        row | {"said": _("%(median)s, nine of ten: %(late)s") % {"median": row["took"], "late": row["late"]}}
        for row in drawn["rows"]
    ]
    ticks = [tick | {"label": f"{tick['label']} {_('h')}"} for tick in drawn["ticks"]]
    return strips(sheet, lines, ticks)


def _load(sheet: Sheet, rows: list[dict[str, Any]], found: dict[str, Any]) -> None:
    drawn = alignment.loads_of(rows)
    said = _("%(minutes)s min, %(items)s announcements")
    lines = [Bar(row["name"], [("h6", row["wide"] / 100)], said % row["load"]) for row in drawn]
    return bars(sheet, lines) if lines else nothing(sheet, _("Nothing reached these groups."))


DRAWN: dict[str, tuple[Any, Callable[[Sheet, list[dict[str, Any]], dict[str, Any]], None]]] = {
    "weeks": (gettext_lazy("Who is aligned, week by week"), _weeks),
    "times": (gettext_lazy("Time until people read, in working hours: the middle half and the median"), _times),
    "load": (gettext_lazy("Reading per person and week"), _load),
}
