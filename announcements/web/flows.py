"""Who writes to whom: a table of the groups that write, and those written to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from announcements.web.alignment import PERIODS, one_of
from announcements.web.pages import Page, need

KINDS = ("function", "location", "division", "project", "other")
NOBODY = EVERYONE = 0
SHADES = 6
AT_ONCE = 20


class Flows(Page):
    """Groups and what goes between them, over some weeks."""

    template = "web/flows.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        weeks = one_of(request.GET.get("weeks"), PERIODS, "12")
        kind = one_of(request.GET.get("kind"), KINDS, "function")
        found = need(self.api.get("flows", {"weeks": weeks, "kind": kind}))
        names = {group["group_id"]: group for group in found["groups"]}
        return self.show(
            place="alignment",
            weeks=weeks,
            kind=kind,
            query=f"?weeks={weeks}&kind={kind}",
            kinds=KINDS,
            periods=PERIODS,
            table=table_of(found),
            unaddressed=[names[id] for id in found["unaddressed"]],
        )


def table_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return rows of those who write and columns of those written to; cells are None where nothing went."""
    cells = {(flow["from_id"], flow["to_id"]): flow for flow in found["flows"]}
    most = max((flow["announcements"] for flow in cells.values()), default=1)
    for flow in cells.values():
        flow["shade"] = -(-flow["announcements"] * SHADES // most)
    groups = found["groups"]
    written_to = {flow["to_id"] for flow in found["flows"]} | set(found["unaddressed"])
    columns = [group for group in groups if group["group_id"] in written_to]
    rows = [group for group in groups if any(source == group["group_id"] for source, _to in cells)]
    return {
        "columns": [{"group_id": EVERYONE}, *columns],
        "rows": [
            {
                "group": group,
                "cells": [cells.get((group["group_id"], to)) for to in (EVERYONE, *(c["group_id"] for c in columns))],
            }
            for group in [*rows, *([{"group_id": NOBODY}] if any(source == NOBODY for source, _to in cells) else [])]
        ],
    }


class FlowCell(Page):
    """A cell of the table: the announcements it counts, as far as they are for who looks to read."""

    template = "web/flow_cell.html"
    back = (reverse_lazy("flows"), gettext_lazy("Go to who writes to whom"))

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        weeks = one_of(request.GET.get("weeks"), PERIODS, "12")
        kind = one_of(request.GET.get("kind"), KINDS, "function")
        ends = {name: request.GET.get(name, "") for name in ("from_id", "to_id")}
        cursor = {"cursor": request.GET["cursor"]} if request.GET.get("cursor") else {}
        found = need(self.api.get("flows/cell", {"weeks": weeks, "kind": kind, "limit": AT_ONCE, **ends, **cursor}))
        return self.show(place="alignment", found=found, weeks=weeks, kind=kind, kept=ends, first=not cursor)
