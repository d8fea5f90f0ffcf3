"""Alignment to take along, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from announcements.analytics import services as analytics
from announcements.api import files
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
ON_WALL = tuple(f"wall_{name}" for name in WALL)
WHOSE = ("of", "group_id", "name", "people")
HEADER = (*WHOSE, "week", *SHARES, *TIMES, *LOAD, *ON_WALL, *LATER)
# What a chart that is of each group as a whole shows.
ALONE = {"times": (*TIMES, *ON_WALL), "load": LOAD}


class AlignmentCSVQuery(AlignmentQuery):
    """Which rows of it."""

    of = serializers.ChoiceField(
        list(files.ALIGNED),
        required=False,
        help_text="Only the row of everybody, the rows of each group or topic as a whole, or those of each of its weeks; of each as a "
        "whole the times until read alone, or what it had to read.",
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
        of = query.get("of", "")
        rows = [row for row in _rows(found) if row[0] == ("whole" if of in ALONE else of or row[0])]
        header, rows = _only(ALONE[of], rows) if of in ALONE else (HEADER, rows)
        named = ("alignment", files.ALIGNED.get(of, ""), query["kind"], f"{weeks}-weeks")
        return as_file(sheets.to_csv(header, rows), *named, now=self.now)


def _only(names: Sequence[str], rows: Sequence[Sequence[object]]) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Return a table of these columns alone, and whose they are."""
    places = [HEADER.index(name) for name in (*WHOSE, *names)]
    return [HEADER[place] for place in places], [[row[place] for place in places] for row in rows]


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
