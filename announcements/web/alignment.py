"""Alignment: how much of required reading was confirmed on time, by group and week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from announcements.web.pages import Page, need

PERIODS = ("4", "12", "52")
KINDS = ("function", "location", "division", "project", "other")
# From how many of a hundred a cell is darker: seven shades.
SHADES = (50, 60, 68, 76, 84, 93)
MOST_OPEN = 8


class Alignment(Page):
    """The company, or the groups one manages, over some weeks."""

    template = "web/alignment.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        weeks = _one_of(request.GET.get("weeks"), PERIODS, "12")
        kind = _one_of(request.GET.get("kind"), KINDS, "function")
        found = need(self.api.get("alignment", {"weeks": weeks, "kind": kind}))
        return self.show(
            place="alignment",
            found=found,
            weeks=weeks,
            kind=kind,
            kinds=KINDS,
            periods=PERIODS,
            groups=[_row(group, found["weeks"]) for group in found["groups"]],
            share=_percent(found["whole"]["on_time"], found["whole"]["asked"]),
            before=_percent(found["before"]["on_time"], found["before"]["asked"]),
            unprompted=_percent(found["whole"]["unprompted"], found["whole"]["confirmed"]),
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


def _one_of(given: str | None, known: tuple[str, ...], otherwise: str) -> str:
    return given if given in known else otherwise


def _percent(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None


def _row(group: Mapping[str, Any], weeks: list[dict[str, Any]]) -> dict[str, Any]:
    cells = [
        share | {"percent": _percent(share["on_time"], share["asked"]), "running": week["running"]}
        for share, week in zip(group["weeks"], weeks, strict=True)
    ]
    for cell in cells:
        cell["shade"] = sum(cell["percent"] >= least for least in SHADES) if cell["percent"] is not None else None
    whole = group["whole"]
    return {**group, "cells": cells, "percent": _percent(whole["on_time"], whole["asked"])}
