"""Alignment to take along, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from announcements.analytics import services as analytics
from announcements.api.shapes import asked
from announcements.api.v1.alignment import AlignmentQuery
from announcements.api.v1.reach_export import CSV, as_file
from announcements.api.v1.resource import Resource
from announcements.kernel import sheets

SHARES = ("asked", "on_time", "confirmed", "unprompted")
LATER = ("not_due",)
TIMES = ("read", "waiting", "quarter", "median", "three_quarters", "nine_tenths")
LOAD = ("items", "minutes")
WALL = ("median", "nine_tenths")
HEADER = (
    *("of", "group_id", "name", "people", "week", *SHARES, *TIMES, *LOAD),
    *(f"wall_{name}" for name in WALL),
    *LATER,
)


class AlignmentCSVQuery(AlignmentQuery):
    """Which rows of it."""

    of = serializers.ChoiceField(
        ["everybody", "whole", "week"],
        required=False,
        help_text="Only the row of everybody, the rows of each group or topic as a whole, or those of each of its weeks.",
    )


class AlignmentCSV(Resource):
    """Alignment, as a file."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="alignment_csv",
        summary="Alignment as CSV",
        tags=["reach"],
        parameters=[AlignmentCSVQuery],
        responses=CSV,
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer everybody, each group or topic, and each of its weeks, each in a row that says what it is of; times are working minutes, those of the wall all there were."""
        query = asked(AlignmentCSVQuery, request)
        weeks: Any = int(query["weeks"])
        found = analytics.alignment(by=self.by, weeks=weeks, kind=query["kind"], now=self.now)
        rows = (row for row in _rows(found) if query.get("of") in (None, row[0]))
        of = {"week": "by-week", "whole": "as-a-whole"}.get(query.get("of", ""), query.get("of", ""))
        named = ("alignment", of, query["kind"], f"{weeks}-weeks")
        return as_file(sheets.to_csv(HEADER, rows), *named, now=self.now)


def _rows(found: analytics.Alignment) -> Iterator[Sequence[object]]:
    yield (
        "everybody",
        "",
        "",
        "",
        "",
        *_cells(found.whole, SHARES),
        *_cells(found.times, TIMES),
        *_cells(found.load, LOAD),
        *_cells(found.times and found.times.wall, WALL),
        *_cells(found.whole, LATER),
    )
    for group in found.groups:
        whose = (group.group_id or "", group.name, group.people or "")
        yield (
            "whole",
            *whose,
            "",
            *_cells(group.whole, SHARES),
            *_cells(group.times, TIMES),
            *_cells(group.load, LOAD),
            *_cells(group.times and group.times.wall, WALL),
            *_cells(group.whole, LATER),
        )
        for week, share in zip(found.weeks, group.weeks, strict=True):
            nothing = _cells(None, (*TIMES, *LOAD, *WALL))
            of_week = (week.starts.date().isoformat(), *_cells(share, SHARES), *nothing, *_cells(share, LATER))
            yield ("week", *whose, *of_week)


def _cells(value: object, names: Sequence[str]) -> list[object]:
    """Return the numbers of these names; empty cells where the privacy profile, or the role of who asks, has none."""
    return [getattr(value, name) if value else "" for name in names]
