"""What a cell of who writes to whom counts: announcement by announcement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api.pagination import PageQuery, before_time, pack
from announcements.api.shapes import MAX_ID, asked
from announcements.api.v1.flows import FlowsQuery
from announcements.api.v1.pictures import PictureOut, addresses
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class FlowCellQuery(FlowsQuery, PageQuery):
    """Which cell of the table."""

    from_id = serializers.IntegerField(min_value=0, max_value=MAX_ID, help_text="A group; 0: none of those shown.")
    to_id = serializers.IntegerField(min_value=0, max_value=MAX_ID, help_text="A group; 0: everyone.")


class FlowAnnouncementOut(serializers.Serializer[Any]):
    """An announcement that I may read, or whose numbers I see."""

    announcement_id = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    title = serializers.CharField()
    author_id = serializers.IntegerField()
    author_name = serializers.CharField()
    author_picture = PictureOut(allow_null=True)
    manages = serializers.BooleanField(help_text="Whether I see its numbers.")


class FlowCellOut(serializers.Serializer[Any]):
    """What a cell counts."""

    from_name = serializers.CharField(allow_null=True, help_text="Null: no group of those shown.")
    to_name = serializers.CharField(allow_null=True, help_text="Null: everyone.")
    announcements = serializers.IntegerField(help_text="What the table says: all, whether I may read them or not.")
    results = FlowAnnouncementOut(many=True, help_text="The newest first, without those that are not for me to read.")
    next = serializers.CharField(
        allow_null=True, help_text="Where few are for me to read, a page may be short, or empty, and yet lead on."
    )


class FlowsCell(Resource):
    """A cell of who writes to whom."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="flows_cell",
        summary="A cell of who writes to whom",
        tags=["reach"],
        parameters=[FlowCellQuery],
        responses=FlowCellOut,
    )
    def get(self, request: Request) -> Response:
        """Answer which announcements a cell of who writes to whom counts; to those who see the cell."""
        query = asked(FlowCellQuery, request)
        weeks: Any = int(query["weeks"])
        ends = analytics.Ends(query["from_id"], query["to_id"], weeks, query["kind"])
        found = analytics.flow_cell(
            by=self.by, ends=ends, before=before_time(query.get("cursor")), limit=query["limit"], now=self.now
        )
        authors = people.get_many(ids={one.author_id for one in found.written})
        answer = {name: getattr(found, name) for name in ("from_name", "to_name", "announcements")}
        answer |= {"results": [_shown(one, authors[one.author_id]) for one in found.written]}
        return Response(FlowCellOut(answer | {"next": _cursor(found.following)}).data)


def _cursor(place: tuple[datetime, int] | None) -> str | None:
    return pack(place[0].isoformat(), place[1]) if place else None


def _shown(one: analytics.Written, author: people.Person) -> dict[str, Any]:
    names = ("announcement_id", "published_at", "title", "author_id", "manages")
    return {name: getattr(one, name) for name in names} | {
        "author_name": author.name,
        "author_picture": addresses(author.id, author.picture),
    }
