"""Nudges of an announcement: what is planned, nudging by hand, stopping."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Id, given
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery


class NudgeStepOut(serializers.Serializer[Any]):
    """One step: when it is due for the first and the last person, and what became of it. Step 0 was by hand."""

    step = serializers.IntegerField()
    due_first = serializers.DateTimeField(allow_null=True)
    due_last = serializers.DateTimeField(allow_null=True)
    queued = serializers.IntegerField()
    submitted = serializers.IntegerField()
    skipped = serializers.IntegerField()
    failed = serializers.IntegerField()
    uncertain = serializers.IntegerField()


class NudgePlanOut(serializers.Serializer[Any]):
    """All steps."""

    results = NudgeStepOut(many=True)


class NudgeGiven(Given):
    """Whom to nudge; everybody who is missing when left out."""

    person_ids = serializers.ListField(
        child=Id(), min_length=1, max_length=500, required=False, allow_null=True, default=None
    )


class NudgedOut(serializers.Serializer[Any]):
    """How many nudges were queued; and how many people are missing whom no mail reaches, as their address does not take any."""

    queued = serializers.IntegerField()
    unreachable = serializers.IntegerField()


class Nudges(Resource):
    """Nudges of an announcement."""

    scopes = {"GET": "reach:read", "POST": "announcements:write", "DELETE": "announcements:write"}

    @extend_schema(operation_id="nudges_plan", summary="Planned nudges", tags=["nudges"], responses=NudgePlanOut)
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer each step, with when it lands and what became of it."""
        steps = delivery.nudge_plan(by=self.by, announcement_id=announcement_id, now=self.now)
        return Response(NudgePlanOut({"results": steps}).data)

    @extend_schema(
        operation_id="nudges_now", summary="Nudge now", tags=["nudges"], request=NudgeGiven, responses=NudgedOut
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Nudge who is missing, each at their next working moment and at most once a day. For its author, admins and owners."""
        ids = given(NudgeGiven, request)["person_ids"]
        nudged = delivery.nudge_now(by=self.by, announcement_id=announcement_id, person_ids=ids, now=self.now)
        return Response(NudgedOut(nudged).data)

    @extend_schema(operation_id="nudges_stop", summary="Stop nudging", tags=["nudges"], responses={204: None})
    def delete(self, request: Request, announcement_id: int) -> Response:
        """Stop all nudges that are still to come. For its author, admins and owners."""
        delivery.stop_nudges(by=self.by, announcement_id=announcement_id, now=self.now)
        return Response(status=204)
