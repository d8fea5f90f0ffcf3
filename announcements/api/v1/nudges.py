"""Nudges of an announcement: what is planned, nudging by hand, stopping."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Flag, Given, Id, asked, given
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery

MOST = 500
MAIL = "How mail of the workspace gets on: anything but `sending` lets nudges wait."


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
    stopped_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When somebody stopped nudging; null where nobody did. By hand one may be nudged still.",
    )


class NudgeGiven(Given):
    """Whom to nudge; everybody who is missing when left out."""

    person_ids = serializers.ListField(
        child=Id(),
        min_length=1,
        max_length=MOST,
        required=False,
        allow_null=True,
        default=None,
        help_text="What comes of it tells which of them are missing, so it is noted as a look at their names.",
    )
    again = Flag(default=False, help_text="Also who had a nudge in the last 24 hours.")
    outside = Flag(
        default=True, help_text="Also who is outside of their working hours: they get it when they are at work next."
    )


class NudgePreviewQuery(Given):
    """Whom one would nudge; everybody who is missing when left out."""

    person_ids = serializers.RegexField(
        rf"^[0-9]{{1,18}}(,[0-9]{{1,18}}){{0,{MOST - 1}}}$",
        required=False,
        help_text=f"Up to {MOST} ids with commas between. It tells which of them are missing, so it is noted as a look at their names.",
    )


class NudgePreviewOut(serializers.Serializer[Any]):
    """What nudging would do now. Whoever is missing is counted once."""

    at_work = serializers.IntegerField(help_text="They get it at once.")
    outside = serializers.IntegerField(
        help_text="Outside of their working hours: they get it when they are at work next."
    )
    outside_first = serializers.DateTimeField(allow_null=True, help_text="When the first of them gets it.")
    outside_last = serializers.DateTimeField(allow_null=True, help_text="When the last of them gets it.")
    outside_at = serializers.TimeField(
        allow_null=True,
        format="%H:%M",
        help_text="At which time on their own clock, where that is one for all of them.",
    )
    lately = serializers.IntegerField(help_text="Had a nudge in the last 24 hours: left out unless nudged `again`.")
    on_its_way = serializers.IntegerField(help_text="Have a nudge by hand to come: left out.")
    never_at_work = serializers.IntegerField(
        help_text="No working day of theirs comes within a year, so no mail goes to them: left out. In works_council they are among the unreachable."
    )
    unreachable = serializers.IntegerField(help_text="No mail reaches their address.")
    mail = serializers.ChoiceField(get_args(delivery.Gets), help_text=MAIL)
    mail_until = serializers.DateTimeField(
        allow_null=True, help_text="When a server that takes nothing is asked again; null with the next mail."
    )


class NudgedOut(serializers.Serializer[Any]):
    """How many nudges were queued; and how many people are missing whom no mail reaches, as their address does not take any."""

    queued = serializers.IntegerField()
    unreachable = serializers.IntegerField()
    lately = serializers.IntegerField(help_text="How many had one in the last 24 hours, and were left out.")
    never_at_work = serializers.IntegerField(help_text="How many were left out because no working day of theirs comes.")
    mail = serializers.ChoiceField(get_args(delivery.Gets), help_text=MAIL)


class Nudges(Resource):
    """Nudges of an announcement."""

    scopes = {"GET": "reach:read", "POST": "announcements:write", "DELETE": "announcements:write"}

    @extend_schema(operation_id="nudges_plan", summary="Planned nudges", tags=["nudges"], responses=NudgePlanOut)
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer each step, with when it lands and what became of it."""
        steps = delivery.nudge_plan(by=self.by, announcement_id=announcement_id, now=self.now)
        stopped_at = delivery.nudges_stopped_at(announcement_id=announcement_id)
        return Response(NudgePlanOut({"results": steps, "stopped_at": stopped_at}).data)

    @extend_schema(
        operation_id="nudges_now", summary="Nudge now", tags=["nudges"], request=NudgeGiven, responses=NudgedOut
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Nudge who is missing, each at their next working moment; who had a nudge in the last 24 hours only when asked `again`. For its author, admins and owners."""
        nudged = delivery.nudge_now(
            by=self.by, announcement_id=announcement_id, now=self.now, **given(NudgeGiven, request)
        )
        return Response(NudgedOut(nudged).data)

    @extend_schema(operation_id="nudges_stop", summary="Stop nudging", tags=["nudges"], responses={204: None})
    def delete(self, request: Request, announcement_id: int) -> Response:
        """Stop all nudges that are still to come. For its author, admins and owners."""
        delivery.stop_nudges(by=self.by, announcement_id=announcement_id, now=self.now)
        return Response(status=204)


class NudgesPreview(Resource):
    """Nudging by hand, before it is done."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="nudges_preview",
        summary="What nudging now would do",
        tags=["nudges"],
        parameters=[NudgePreviewQuery],
        responses=NudgePreviewOut,
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer how many would be nudged at once, how many later, and how many not. For its author, admins and owners."""
        query = asked(NudgePreviewQuery, request)
        ids = [int(id) for id in query["person_ids"].split(",")] if "person_ids" in query else None
        found = delivery.nudge_preview(by=self.by, announcement_id=announcement_id, person_ids=ids, now=self.now)
        return Response(NudgePreviewOut(found).data)
