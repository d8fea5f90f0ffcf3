"""Did it land: reach, and who is missing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api.pagination import PageQuery, after_name, page
from announcements.api.shapes import asked
from announcements.api.v1.resource import Resource


class CountsOut(serializers.Serializer[Any]):
    """How many got how far."""

    recipients = serializers.IntegerField()
    displayed = serializers.IntegerField()
    opened = serializers.IntegerField()
    read = serializers.IntegerField()
    acknowledged = serializers.IntegerField()


class GroupReachOut(CountsOut):
    """How many of a group got how far."""

    group_id = serializers.IntegerField()
    name = serializers.CharField()


class PointOut(serializers.Serializer[Any]):
    """How many had, at an instant."""

    at = serializers.DateTimeField()
    opened = serializers.IntegerField()
    acknowledged = serializers.IntegerField()


class ProgressOut(serializers.Serializer[Any]):
    """How far fanning out has come."""

    total = serializers.IntegerField()
    done = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ReachOut(CountsOut):
    """How an announcement landed. Deactivated people are left out and counted apart."""

    deactivated = serializers.IntegerField()
    by_group = GroupReachOut(many=True)
    by_channel = serializers.DictField(child=serializers.IntegerField())
    progress = ProgressOut()
    curve = PointOut(many=True)


class MissingOut(serializers.Serializer[Any]):
    """Somebody who has yet to acknowledge."""

    person_id = serializers.IntegerField()
    name = serializers.CharField()
    groups = serializers.ListField(child=serializers.CharField())
    timezone = serializers.CharField()
    local_time = serializers.SerializerMethodField(help_text="Now, on their clock.")
    got_to = serializers.ChoiceField(["nothing", "displayed", "opened", "read"])
    last_nudge_at = serializers.DateTimeField(allow_null=True)
    nudge_state = serializers.CharField(allow_null=True)

    def get_local_time(self, person: analytics.Missing) -> str:
        """Return it with their offset from UTC, which a DateTimeField would turn to ours."""
        return person.local_time.isoformat()


class MissingPageOut(serializers.Serializer[Any]):
    """A page of who is missing, by name."""

    results = MissingOut(many=True)
    next = serializers.CharField(allow_null=True)


class Reach(Resource):
    """How an announcement landed."""

    scopes = {"GET": "reach:read"}

    @extend_schema(operation_id="announcements_reach", summary="Reach", tags=["reach"], responses=ReachOut)
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer how many it was meant for, and how far they got."""
        return Response(ReachOut(analytics.reach(by=self.by, announcement_id=announcement_id, now=self.now)).data)


class Missing(Resource):
    """Who has yet to acknowledge."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="announcements_missing",
        summary="Who is missing",
        tags=["reach"],
        parameters=[PageQuery],
        responses=MissingPageOut,
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer a page of who has yet to acknowledge, by name; only where that was asked."""
        query = asked(PageQuery, request)
        found = analytics.missing(
            by=self.by,
            announcement_id=announcement_id,
            now=self.now,
            after=after_name(query.get("cursor")),
            limit=query["limit"] + 1,
        )
        results, following = page(found, query["limit"], lambda person: (person.name, person.person_id))
        return Response(MissingPageOut({"results": results, "next": following}).data)
