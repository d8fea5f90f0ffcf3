"""What a cell of alignment counts: announcement by announcement."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, get_args

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api.pagination import PageQuery, before_time, page
from announcements.api.shapes import MAX_ID, YEARS, asked
from announcements.api.v1.alignment import ShareOut
from announcements.api.v1.resource import Resource
from announcements.publishing import services as publishing


class CellQuery(PageQuery):
    """Which cell: of a group or a topic, and of a week or several."""

    since = serializers.DateField(help_text="Any day of the first week.")
    weeks = serializers.IntegerField(min_value=1, max_value=52, default=1)
    group_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    topic = serializers.ChoiceField(
        get_args(publishing.Kind), required=False, help_text="A kind of announcement, instead of a group."
    )

    def validate_since(self, since: date) -> date:
        """Refuse a day that is so far away that no week can be reckoned from it."""
        if since.year not in YEARS:
            raise serializers.ValidationError(_("No week so far away is counted."))
        return since

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a group and a topic together, and neither of them."""
        if ("group_id" in attrs) == ("topic" in attrs):
            raise serializers.ValidationError({"group_id": [_("Give a group or a topic, and not both.")]})
        return attrs


class AskOut(ShareOut):
    """An announcement that asked to be confirmed, and what came of it there."""

    announcement_id = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Until when confirming it was on time.")


class CellOut(serializers.Serializer[Any]):
    """What a cell counts."""

    monday = serializers.DateField(help_text="The first day, on the company's clock.")
    name = serializers.CharField(help_text="Of the group; of a topic: the kind of announcement.")
    whole = ShareOut(help_text="What alignment says of the same: all of it, not of this page.")
    results = AskOut(
        many=True,
        help_text="The newest first. One of which the privacy profile leaves the group out is not told of here either.",
    )
    next = serializers.CharField(allow_null=True)


class AlignmentCell(Resource):
    """A cell of alignment."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="alignment_cell",
        summary="A cell of alignment",
        tags=["reach"],
        parameters=[CellQuery],
        responses=CellOut,
    )
    def get(self, request: Request) -> Response:
        """Answer which announcements a cell of alignment counts, each with its numbers there; to those who see the cell."""
        query = asked(CellQuery, request)
        found = analytics.cell(
            by=self.by,
            whose=query.get("group_id") or query["topic"],
            span=analytics.Span(query["since"], query["weeks"]),
            before=before_time(query.get("cursor")),
            limit=query["limit"] + 1,
            now=self.now,
        )
        asks, following = page(found.asks, query["limit"], lambda ask: (ask.published_at, ask.announcement_id))
        results = [
            {"announcement_id": ask.announcement_id, "published_at": ask.published_at, "due_at": ask.due_at}
            | asdict(ask.share)
            for ask in asks
        ]
        answer = {"monday": found.monday, "name": found.name, "whole": found.whole, "results": results}
        return Response(CellOut(answer | {"next": following}).data)
