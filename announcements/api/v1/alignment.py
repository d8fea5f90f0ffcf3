"""Alignment: how much of what was asked for was confirmed in time, by group and week."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api.shapes import Given, asked
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class AlignmentQuery(Given):
    """Over how many weeks, and by which kind of groups."""

    weeks = serializers.ChoiceField([4, 12, 52], default=12)
    kind = serializers.ChoiceField(get_args(people.GroupKind), default="function")


class ShareOut(serializers.Serializer[Any]):
    """How many confirmations were asked for, and how many came."""

    asked = serializers.IntegerField()
    on_time = serializers.IntegerField(help_text="By the deadline; without one, within seven days of publishing.")
    confirmed = serializers.IntegerField()
    unprompted = serializers.IntegerField(help_text="Before the person's first nudge went out.")


class WeekOut(serializers.Serializer[Any]):
    """A week from Monday on, on the company's clock."""

    starts = serializers.DateTimeField()
    running = serializers.BooleanField()


class GroupAlignmentOut(serializers.Serializer[Any]):
    """Of a group the share of each week, and of all of them."""

    group_id = serializers.IntegerField()
    name = serializers.CharField()
    people = serializers.IntegerField()
    weeks = ShareOut(many=True)
    whole = ShareOut()


class AlignmentOut(serializers.Serializer[Any]):
    """Alignment over some weeks."""

    weeks = WeekOut(many=True)
    whole = ShareOut(help_text="Of all that is due by now: of everybody, or for managers of their groups.")
    before = ShareOut(help_text="The same of as many weeks before.")
    items = serializers.FloatField(help_text="Announcements of any kind per person and week; 0 for managers of groups.")
    groups = GroupAlignmentOut(many=True)
    open = serializers.ListField(child=serializers.IntegerField(), help_text="What asks to be confirmed, newest first.")


class Alignment(Resource):
    """How aligned the company is."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="alignment_get",
        summary="Alignment",
        tags=["reach"],
        parameters=[AlignmentQuery],
        responses=AlignmentOut,
    )
    def get(self, request: Request) -> Response:
        """Answer alignment by group and week; for those who manage a group, admins and owners."""
        query = asked(AlignmentQuery, request)
        weeks: Any = int(query["weeks"])
        found = analytics.alignment(by=self.by, weeks=weeks, kind=query["kind"], now=self.now)
        return Response(AlignmentOut(found).data)
