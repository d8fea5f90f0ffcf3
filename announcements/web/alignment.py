"""Alignment: how much of required reading was confirmed on time, by group and week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from announcements.web.gauges import nine_tenths, on_wall, span, spark, strips, took
from announcements.web.pages import Page, need

PERIODS = ("4", "12", "52")
KINDS = ("function", "location", "topic", "division", "project", "other")
# From how many of a hundred a cell is darker: seven shades.
SHADES = (50, 60, 68, 76, 84, 93)
MOST_OPEN = 8
# What a company is well with: so many of a hundred at least, or at most; minutes; announcements a week.
AT_WORK, ASKING, LENGTH, ITEMS = 90, 25, 3, 5
# From how many points below the whole on a group is named as the one that misses out.
BEHIND = 5


class Alignment(Page):
    """The company, or the groups one manages, over some weeks."""

    template = "web/alignment.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        weeks = one_of(request.GET.get("weeks"), PERIODS, "12")
        kind = one_of(request.GET.get("kind"), KINDS, "function")
        found = need(self.api.get("alignment", {"weeks": weeks, "kind": kind}))
        groups = [row_of(group, found["weeks"]) for group in found["groups"]]
        _lead(groups, {"weeks": weeks, "kind": kind})
        health = _health(found["health"], found["load"])
        share = _percent(found["whole"]["on_time"], found["whole"]["asked"])
        return self.show(
            place="alignment",
            found=found,
            weeks=weeks,
            kind=kind,
            query=f"?weeks={weeks}&kind={kind}",
            kinds=KINDS if self.me and self.me["role"] != "member" else (),
            periods=PERIODS,
            groups=groups,
            share=share,
            before=_percent(found["before"]["on_time"], found["before"]["asked"]),
            behind=_behind(groups, share),
            figures=_figures(found),
            strips=strips(groups),
            loads=loads_of(groups),
            health=health,
            well=sum(sign["well"] is True for sign in health),
            judged=sum(sign["well"] is not None for sign in health),
            council=bool(self.workspace and self.workspace["privacy"] == "works_council"),
            open=self._open(found["open"][:MOST_OPEN]),
            now=timezone.now().isoformat(),
        )

    def _open(self, ids: list[int]) -> list[dict[str, Any]]:
        """Return what still asks to be confirmed, where somebody is missing, as far as it is theirs to see."""
        if not ids:
            return []
        landed = need(self.api.get("reach", {"announcement_ids": ",".join(map(str, ids))}))["results"]
        waiting = {one["announcement_id"]: one for one in landed if one["acknowledged"] < one["recipients"]}
        return [need(self.api.get(f"announcements/{item_id}")) | {"reach": one} for item_id, one in waiting.items()]


def one_of(given: str | None, known: tuple[str, ...], otherwise: str) -> str:
    """Return what was asked for where that is known."""
    return given if given in known else otherwise


def _percent(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None


def row_of(group: Mapping[str, Any], weeks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a group with the cells of its weeks: the percent of each and how dark it is; None where nothing was asked."""
    cells = [
        share | week | {"percent": _percent(share["on_time"], share["asked"])}
        for share, week in zip(group["weeks"], weeks, strict=True)
    ]
    for cell in cells:
        cell["shade"] = sum(cell["percent"] >= least for least in SHADES) if cell["percent"] is not None else None
    whole = group["whole"]
    return {**group, "cells": cells, "percent": _percent(whole["on_time"], whole["asked"])}


def _lead(groups: list[dict[str, Any]], seen: dict[str, str]) -> None:
    """Note on each cell, and on each group as a whole, what asks for the announcements that it counts."""
    for group in groups:
        whose = {"group": group["group_id"]} if group["group_id"] else {"topic": group["name"]}
        for cell in group["cells"]:
            cell["query"] = urlencode({**whose, "since": cell["monday"], **seen})
        group["query"] = urlencode({**whose, "since": group["cells"][0]["monday"], "span": seen["weeks"], **seen})


def _behind(groups: list[dict[str, Any]], share: int | None) -> str:
    """Return the name of the group that confirms least, where it is clearly behind the others."""
    known = [group for group in groups if group["percent"] is not None and group["group_id"]]
    least = min(known, key=lambda group: group["percent"], default=None)
    far = least is not None and share is not None and len(known) > 1 and least["percent"] <= share - BEHIND
    return least["name"] if least and far else ""


def _figures(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the figures at the top, each with how it changed and the weeks it went through."""
    whole, before, weeks = found["whole"], found["before"], found["by_week"]
    figures = [
        _part("on_time", whole, before, "on_time", "asked") | {"spark": _spark(weeks, "on_time", "asked")},
        _time(found),
        _part("unprompted", whole, before, "unprompted", "confirmed")
        | {"spark": _spark(weeks, "unprompted", "confirmed")},
    ]
    if found["load"]:
        items = [week["items"] for week in found["loads"]]
        load = found["load"]
        figures.append({"name": "items", "value": load["items"], "minutes": load["minutes"], "spark": spark(items)})
    return [figure for figure in figures if figure]


def _part(name: str, now: dict[str, int], before: dict[str, int], of: str, out_of: str) -> dict[str, Any]:
    share, then = _percent(now[of], now[out_of]), _percent(before[of], before[out_of])
    points = share - then if share is not None and then is not None else None
    return {
        "name": name,
        "value": share,
        "part": now[of],
        "all": now[out_of],
        "points": points,
        "fewer": -(points or 0),
    }


def _spark(weeks: list[dict[str, int]], of: str, out_of: str) -> dict[str, Any] | None:
    return spark([_percent(week[of], week[out_of]) for week in weeks])


def _time(found: dict[str, Any]) -> dict[str, Any]:
    times, before = found["times"], found["times_before"]
    if times is None:
        return {}
    figure = {
        "name": "time",
        "value": took(times),
        "late": nine_tenths(times),
        "wall": on_wall(times),
        "read": times["read"],
        "all": times["read"] + times["waiting"],
    }
    if times["median"] is not None and before and before["median"] is not None and before["median"] != times["median"]:
        less = before["median"] - times["median"]
        figure |= {"faster": span(less)} if less > 0 else {"slower": span(-less)}
    return figure


def loads_of(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what groups had to read, with how wide the bar of each is."""
    most = max((group["load"]["minutes"] for group in groups if group["load"]), default=0) or 1
    return [group | {"wide": round(group["load"]["minutes"] / most * 100)} for group in groups if group["load"]]


def _health(health: dict[str, Any] | None, load: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the signs of health: each with its value and whether it is well; None where there is no saying."""
    if not health or not load or not health["announcements"]:
        return []
    whole = health["announcements"]
    working = _percent(health["at_work"], health["recipients"])
    asking = _percent(health["asking"], health["announcements"])
    across = _percent(health["across"], health["announcements"])
    return [
        {
            "name": "at_work",
            "value": working,
            "part": health["at_work"],
            "all": health["recipients"],
            "goal": AT_WORK,
            "well": working is not None and working >= AT_WORK,
        },
        {"name": "length", "value": health["minutes"], "goal": LENGTH, "well": health["minutes"] <= LENGTH},
        {"name": "items", "value": load["items"], "goal": ITEMS, "well": load["items"] <= ITEMS},
        {
            "name": "asking",
            "value": asking,
            "part": health["asking"],
            "all": whole,
            "goal": ASKING,
            "well": asking is not None and asking <= ASKING,
        },
        {"name": "across", "value": across, "part": health["across"], "all": whole, "well": None},
    ]
