"""What a cell of alignment counts: announcement by announcement."""

from __future__ import annotations

from collections.abc import Mapping
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
from announcements.api.v1.alignment import AskedOut, ShareOut
from announcements.api.v1.pictures import PictureOut, addresses
from announcements.api.v1.resource import Resource
from announcements.people import services as people
from announcements.publishing import services as publishing

SHOWN = ("announcement_id", "published_at", "due_at", "due", "title", "author_id", "manages")


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


class AskOut(AskedOut):
    """An announcement that asked to be confirmed, and what has come of it there."""

    announcement_id = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="Until when confirming it was on time.")
    due = serializers.BooleanField(help_text="Whether that is by now, so that it counts in `whole`.")
    title = serializers.CharField(
        allow_null=True, help_text="Null: it was meant for others, and is not for me to read."
    )
    author_id = serializers.IntegerField(allow_null=True, help_text="Null with the title.")
    author_name = serializers.CharField(allow_null=True, help_text="Null with the title.")
    author_picture = PictureOut(allow_null=True)
    manages = serializers.BooleanField(help_text="Whether I see its numbers.")


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
        authors = people.get_many(ids={ask.author_id for ask in asks if ask.author_id})
        answer = {"monday": found.monday, "name": found.name, "whole": found.whole}
        answer |= {"results": [_shown(ask, authors) for ask in asks]}
        return Response(CellOut(answer | {"next": following}).data)


def _shown(ask: analytics.Ask, authors: Mapping[int, people.Person]) -> dict[str, Any]:
    author = authors[ask.author_id] if ask.author_id else None
    return {name: getattr(ask, name) for name in SHOWN} | {
        "author_name": author and author.name,
        "author_picture": author and addresses(author.id, author.picture),
        **asdict(ask.share),
    }
