"""Groups: what they are, how they nest, how they end."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Id, Text, asked, given, need_something
from announcements.api.v1.resource import Resource
from announcements.api.v1.rules import RuleGiven, RuleOut, rule
from announcements.people import services as people


class PlacementOut(serializers.Serializer[Any]):
    """A group's time below another; while it has none, it is at the top."""

    parent_id = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ManagerOut(serializers.Serializer[Any]):
    """Who manages a group itself."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class GroupOut(serializers.Serializer[Any]):
    """People who belong together. `people` counts those of its sub-groups too."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(get_args(people.GroupKind))
    description = serializers.CharField(allow_blank=True)
    calendar = serializers.CharField(
        allow_blank=True, help_text="The public holidays of its people (PT, DE-BY); empty: the company's."
    )
    rule = RuleOut(allow_null=True, help_text="Who is in it by rule; null when it is filled by hand.")
    rule_in_words = serializers.CharField(allow_blank=True)
    filling = serializers.BooleanField(help_text="Whether the rule has yet to be applied.")
    parent_id = serializers.IntegerField(allow_null=True)
    placements = PlacementOut(many=True, help_text="Where it hung, hangs and is planned to hang, oldest first.")
    managers = ManagerOut(many=True)
    manages = serializers.BooleanField(help_text="Whether you may choose its members.")
    people = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True, help_text="When it was, or will be, closed.")


class GroupsOut(serializers.Serializer[Any]):
    """Groups of my workspace."""

    results = GroupOut(many=True)


class GroupsQuery(Given):
    """Which groups, as they are when."""

    closed = serializers.BooleanField(required=False, default=False, help_text="Closed ones too.")
    at = serializers.DateTimeField(required=False, default=None, help_text="Now, when it is left out.")


class GroupGiven(Given):
    """A new group, filled by hand unless it has a rule."""

    name = Text(max_length=80)
    kind = serializers.ChoiceField(get_args(people.GroupKind), required=False, default="other")
    parent_id = Id(required=False, allow_null=True, default=None)
    description = Text(max_length=500, required=False, allow_blank=True, default="")
    rule = RuleGiven(required=False, allow_null=True, default=None)
    calendar = Text(max_length=12, required=False, allow_blank=True, default="")


class GroupChange(Given):
    """What to change about a group; `parent_id` moves it, null to the top; `rule` null leaves its members to be chosen by hand."""

    name = Text(max_length=80, required=False)
    kind = serializers.ChoiceField(get_args(people.GroupKind), required=False)
    parent_id = Id(required=False, allow_null=True)
    description = Text(max_length=500, required=False, allow_blank=True)
    rule = RuleGiven(required=False, allow_null=True)
    calendar = Text(max_length=12, required=False, allow_blank=True)


class CloseGiven(Given):
    """When a group is closed: now, when not said."""

    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Groups(Resource):
    """All groups."""

    scopes = {"GET": "people:read", "POST": "people:write"}

    @extend_schema(
        operation_id="groups_list", summary="Groups", tags=["groups"], parameters=[GroupsQuery], responses=GroupsOut
    )
    def get(self, request: Request) -> Response:
        """Answer the groups of my workspace, as they are now or at another time; closed ones only when asked for."""
        query = asked(GroupsQuery, request)
        found = people.groups(by=self.by, at=query["at"] or self.now, closed=query["closed"])
        return Response(GroupsOut({"results": found}).data)

    @extend_schema(
        operation_id="groups_create",
        summary="Create a group",
        tags=["groups"],
        request=GroupGiven,
        responses={201: GroupOut},
    )
    def post(self, request: Request) -> Response:
        """Create a group; for admins."""
        values = given(GroupGiven, request)
        filled = rule(asked_for) if (asked_for := values.pop("rule")) else None
        about = people.About(values.pop("description"), filled, values.pop("calendar"))
        group = people.create_group(by=self.by, about=about, now=self.now, **values)
        return Response(GroupOut(group).data, status=201, headers={"Location": f"/api/v1/groups/{group.id}"})


class OneGroup(Resource):
    """A group."""

    scopes = {"GET": "people:read", "PATCH": "people:write"}

    @extend_schema(operation_id="groups_get", summary="A group", tags=["groups"], responses=GroupOut)
    def get(self, request: Request, group_id: int) -> Response:
        """Answer a group."""
        return Response(GroupOut(people.group(by=self.by, group_id=group_id, at=self.now)).data)

    @extend_schema(
        operation_id="groups_change",
        summary="Change a group",
        tags=["groups"],
        request=GroupChange,
        responses=GroupOut,
    )
    def patch(self, request: Request, group_id: int) -> Response:
        """Rename, describe, fill or move a group, from now on; it cannot become part of itself."""
        values = given(GroupChange, request)
        need_something(values)
        if values.get("parent_id", 0) is None:
            values["parent_id"] = 0  # the door's word for the top
        if "rule" in values:
            values["rule"] = rule(values["rule"]) if values["rule"] else people.Rule()  # the door's word for by hand
        changes = people.GroupChanges(**values)
        return Response(
            GroupOut(people.update_group(by=self.by, group_id=group_id, changes=changes, now=self.now)).data
        )


class Close(Resource):
    """Closing a group."""

    scopes = {"POST": "people:write", "DELETE": "people:write"}

    @extend_schema(
        operation_id="groups_close", summary="Close a group", tags=["groups"], request=CloseGiven, responses=GroupOut
    )
    def post(self, request: Request, group_id: int) -> Response:
        """Close a group that has no sub-groups, now or later: its memberships end, it stays readable."""
        at = given(CloseGiven, request)["at"]
        return Response(GroupOut(people.close_group(by=self.by, group_id=group_id, at=at, now=self.now)).data)

    @extend_schema(
        operation_id="groups_keep", summary="Drop the plan to close a group", tags=["groups"], responses=GroupOut
    )
    def delete(self, request: Request, group_id: int) -> Response:
        """Drop the plan to close a group: what was to end with it goes on. A closed group stays closed."""
        return Response(GroupOut(people.keep_group(by=self.by, group_id=group_id, now=self.now)).data)
