"""My company's settings."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Clock, Given, Hours, Number, Text, Zone, given, need_something
from announcements.api.v1.resource import Resource
from announcements.people import services as people

JOIN_POLICIES = ["open", "approval", "invite"]


class WorkspaceOut(serializers.Serializer[Any]):
    """A company."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    timezone = serializers.CharField()
    work_days = serializers.ListField(child=serializers.IntegerField())
    work_starts = Clock()
    work_ends = Clock()
    nudge_hours = serializers.ListField(child=serializers.FloatField())
    join_policy = serializers.ChoiceField(JOIN_POLICIES)
    brand_hue = serializers.IntegerField()
    people = serializers.SerializerMethodField(help_text="How many people it lists, whatever their state.")

    def get_people(self, workspace: Any) -> int:
        """Count them."""
        return people.headcount(workspace_id=workspace.id)


class WorkspaceGiven(Given):
    """What admins may change."""

    name = Text(max_length=80, required=False)
    timezone = Zone(required=False)
    work_days = serializers.ListField(child=Number(min_value=0, max_value=6), max_length=7, required=False)
    work_starts = Clock(required=False)
    work_ends = Clock(required=False)
    nudge_hours = serializers.ListField(child=Hours(min_value=0, max_value=720), max_length=3, required=False)
    join_policy = serializers.ChoiceField(JOIN_POLICIES, required=False)
    brand_hue = Number(min_value=0, max_value=359, required=False)


class Workspace(Resource):
    """My company."""

    scopes = {"GET": "people:read", "PATCH": "people:write"}

    @extend_schema(operation_id="workspace_get", summary="My workspace", tags=["workspace"], responses=WorkspaceOut)
    def get(self, request: Request) -> Response:
        """Answer my company's settings."""
        return Response(WorkspaceOut(people.workspace(workspace_id=request.user.workspace_id)).data)  # type: ignore[union-attr]  # a Caller

    @extend_schema(
        operation_id="workspace_change",
        summary="Change the workspace",
        tags=["workspace"],
        request=WorkspaceGiven,
        responses=WorkspaceOut,
    )
    def patch(self, request: Request) -> Response:
        """Change my company's settings; for admins."""
        values = given(WorkspaceGiven, request)
        need_something(values)
        frozen: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        changed = people.update_workspace(by=self.by, changes=people.WorkspaceChanges(**frozen), now=self.now)
        return Response(WorkspaceOut(changed).data)
