"""How far the company is set up."""

from __future__ import annotations

from typing import Any, get_args

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Flag, Given, Id, given, need_something
from announcements.api.v1.resource import Resource
from announcements.people import services as people
from announcements.publishing import services as publishing

STATES = get_args(people.SetupState)
STEPS = get_args(people.SetupName)


class StepOut(serializers.Serializer[Any]):
    """A step of the first run."""

    name = serializers.ChoiceField(STEPS)
    state = serializers.ChoiceField(STATES)


class SetupOut(serializers.Serializer[Any]):
    """How far it is."""

    steps = StepOut(many=True)
    current = serializers.ChoiceField(STEPS, allow_null=True, help_text="The first step that is open.")
    draft_id = serializers.IntegerField(allow_null=True, help_text="The first announcement, once it was begun.")
    closed_at = serializers.DateTimeField(allow_null=True, help_text="Since when it bothers nobody any more.")


class SetupGiven(Given):
    """Answers. What is left out stays."""

    step = serializers.ChoiceField(STEPS, required=False)
    state = serializers.ChoiceField(STATES, required=False, help_text="Of `step`. The first step cannot be skipped.")
    draft_id = Id(required=False)
    closed = Flag(required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Refuse half of an answer."""
        if ("step" in values) != ("state" in values):
            raise serializers.ValidationError({"state": [_("Send step and state together.")]})
        return values


class Setup(Resource):
    """The first run of my company."""

    scopes = {"GET": "people:read", "PATCH": "workspace:write"}

    @extend_schema(operation_id="setup_get", summary="How far we are set up", tags=["workspace"], responses=SetupOut)
    def get(self, request: Request) -> Response:
        """Answer which steps are done, skipped or open; for owners."""
        return Response(SetupOut(people.setup(by=self.by)).data)

    @extend_schema(
        operation_id="setup_change",
        summary="Note an answer of the set-up",
        tags=["workspace"],
        request=SetupGiven,
        responses=SetupOut,
    )
    def patch(self, request: Request) -> Response:
        """Note that a step is done, skipped or open again; close the set-up, or open it again; for owners."""
        values = given(SetupGiven, request)
        need_something(values)
        steps = {values["step"]: values["state"]} if "step" in values else None
        draft_id, closed = values.get("draft_id"), values.get("closed")
        if draft_id is not None:  # people keeps the id, and does not know what it is of
            publishing.find(by=self.by, announcement_id=draft_id, now=self.now)
        changed = people.update_setup(by=self.by, steps=steps, draft_id=draft_id, closed=closed, now=self.now)
        return Response(SetupOut(changed).data)
