"""How an announcement landed, to take along: tables that no spreadsheet calculates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from announcements.analytics import services as analytics
from announcements.api import files
from announcements.api.shapes import Given, asked
from announcements.api.v1.reach import AmongQuery, among
from announcements.api.v1.resource import Resource
from announcements.kernel import sheets
from announcements.publishing import services as publishing

COUNTED = ("recipients", "displayed", "opened", "read", "acknowledged")
EVERYBODY = 10**9
CSV = {(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)}


class ReachCSVQuery(Given):
    """Which rows of it."""

    of = serializers.ChoiceField(
        ["everybody", "joined_later", "group", "channel", "until"], required=False, help_text="Only the rows of these."
    )


class ReachCSV(Resource):
    """How an announcement landed, as a file."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="announcements_reach_csv",
        summary="Reach as CSV",
        tags=["reach"],
        parameters=[ReachCSVQuery],
        responses=CSV,
    )
    def get(self, request: Request, announcement_id: int) -> HttpResponse:
        """Answer the counts of everybody, of each group and channel, and how they rose, each in a row that says what it is of."""
        of = asked(ReachCSVQuery, request).get("of", "")
        reach = analytics.reach(by=self.by, announcement_id=announcement_id, now=self.now, joined_later=True)
        rows = (row for row in _rows(reach) if of in ("", row[0]))
        lines = sheets.to_csv(("of", "name", "at", *COUNTED), rows)
        return as_file(lines, _title(self, announcement_id), files.SHOWN.get(of, "reach"), now=self.now)


class MissingCSV(Resource):
    """Who is missing, as a file."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="announcements_missing_csv",
        summary="Who is missing, as CSV",
        tags=["reach"],
        parameters=[AmongQuery],
        responses=CSV,
    )
    def get(self, request: Request, announcement_id: int) -> HttpResponse:
        """Answer everybody who is missing, by name. It is a look at their names, and noted as one."""
        wanted = among(asked(AmongQuery, request))
        found = analytics.missing(
            by=self.by, announcement_id=announcement_id, now=self.now, limit=EVERYBODY, among=wanted
        )
        header = (
            "person_id", "name", "groups", "timezone", "got_to", "last_nudge_at", "nudge_state", "suppressed", "planned_nudge_at",
        )  # fmt: skip
        lines = sheets.to_csv(header, ([_cell(getattr(person, name)) for name in header] for person in found))
        of = wanted.got_to or ("unreachable" if wanted.unreachable else "")
        return as_file(lines, _title(self, announcement_id), "missing", of.replace("_", "-"), now=self.now)


def _rows(reach: analytics.Reach) -> Iterator[Sequence[object]]:
    yield ("everybody", "", "", *(getattr(reach, name) for name in COUNTED))
    yield ("joined_later", "", "", reach.joined_later, "", "", "", "")
    for group in reach.by_group:
        yield ("group", group.name, "", *(getattr(group, name) for name in COUNTED))
    for channel, many in reach.by_channel.items():
        yield ("channel", channel, "", "", "", *((many, "", "") if reach.channel_of == "opened" else ("", "", many)))
    for point in reach.curve:
        yield ("until", "", point.at.isoformat(), reach.recipients, "", point.opened, "", point.acknowledged)


def _cell(value: object) -> object:
    return ", ".join(value) if isinstance(value, tuple) else value


def _title(resource: Resource, announcement_id: int) -> str:
    title = publishing.find(by=resource.by, announcement_id=announcement_id, now=resource.now).title
    return files.titled(title, announcement_id)


def as_file(lines: Iterator[str], *named: str, now: datetime) -> HttpResponse:
    """Answer a table as a file to keep, named after what it shows and the day it is of."""
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{files.called(*named, at=now)}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
