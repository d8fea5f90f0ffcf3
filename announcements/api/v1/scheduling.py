"""Going out later: scheduling, taking it back, and what that would mean for whom."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Hours, Number, given
from announcements.api.v1.audience import AudienceGiven, audience
from announcements.api.v1.resource import Resource
from announcements.api.v1.writing import REVISION, AnnouncementOut, WhenGiven, announcement, when
from announcements.delivery import services as delivery
from announcements.publishing import services as publishing


class ScheduleGiven(WhenGiven):
    """When a draft goes out by itself."""

    revision = Number(min_value=0, required=False, help_text=REVISION)


class LandingGiven(WhenGiven):
    """What would go out, to whom, and when; without a time it is now."""

    audience = AudienceGiven()
    nudge_hours = serializers.ListField(
        child=Hours(min_value=0, max_value=720), max_length=3, required=False, default=list
    )


class NudgeSpanOut(serializers.Serializer[Any]):
    """When a step of nudging goes out in a time zone: to the first and to the last of its people."""

    first = serializers.DateTimeField()
    last = serializers.DateTimeField()


class LandingOut(serializers.Serializer[Any]):
    """When it reaches a time zone."""

    timezone = serializers.CharField()
    people = serializers.IntegerField()
    at = serializers.DateTimeField()
    nudges = NudgeSpanOut(many=True)


class LandingsOut(serializers.Serializer[Any]):
    """When it reaches each time zone, the earliest first."""

    results = LandingOut(many=True)


class Schedule(Resource):
    """When a draft goes out by itself."""

    scopes = {"PUT": "announcements:write", "DELETE": "announcements:write"}

    @extend_schema(
        operation_id="announcements_schedule",
        summary="Schedule",
        tags=["announcements"],
        request=ScheduleGiven,
        responses=AnnouncementOut,
    )
    def put(self, request: Request, announcement_id: int) -> Response:
        """Let a draft go out by itself. It is checked now, and again when its time has come."""
        values = given(ScheduleGiven, request)
        item = publishing.schedule(
            announcement_id=announcement_id,
            by=self.by,
            when=when(values),
            revision=values.get("revision"),
            now=self.now,
        )
        return Response(announcement(self, item).data)

    @extend_schema(
        operation_id="announcements_unschedule",
        summary="Take off the schedule",
        tags=["announcements"],
        responses=AnnouncementOut,
    )
    def delete(self, request: Request, announcement_id: int) -> Response:
        """Make it a draft again: the undo of scheduling, and of publishing with `undo_seconds` while these last."""
        item = publishing.unschedule(announcement_id=announcement_id, by=self.by, now=self.now)
        return Response(announcement(self, item).data)


class Landing(Resource):
    """What going out would mean for whom."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="audience_landing",
        summary="When it would reach whom",
        tags=["announcements"],
        request=LandingGiven,
        responses=LandingsOut,
    )
    def post(self, request: Request) -> Response:
        """Answer when it would reach each time zone of an audience, and when its nudges would follow there. Nothing is kept."""
        values = given(LandingGiven, request)
        found = delivery.landing(
            by=self.by,
            audience=audience(values["audience"]),
            when=when(values),
            nudge_hours=values["nudge_hours"],
            now=self.now,
        )
        results = [
            {
                "timezone": one.timezone,
                "people": one.people,
                "at": one.at,
                "nudges": [{"first": first, "last": last} for first, last in one.nudges],
            }
            for one in found
        ]
        return Response(LandingsOut({"results": results}).data)
