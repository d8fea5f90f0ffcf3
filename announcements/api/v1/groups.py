"""Groups and who is in them."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, after_name, page
from announcements.api.shapes import Given, Id, Text, asked, given, need_something
from announcements.api.v1.people import PersonOut
from announcements.api.v1.resource import Resource
from announcements.people import services as people

MEMBER_ROLES = ["member", "manager"]


class GroupOut(serializers.Serializer[Any]):
    """People who belong together. `people` counts those of its sub-groups too."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(get_args(people.GroupKind))
    parent_id = serializers.IntegerField(allow_null=True)
    people = serializers.IntegerField()


class GroupsOut(serializers.Serializer[Any]):
    """All groups of my workspace."""

    results = GroupOut(many=True)


class GroupGiven(Given):
    """A new group."""

    name = Text(max_length=80)
    kind = serializers.ChoiceField(get_args(people.GroupKind), required=False, default="other")
    parent_id = Id(required=False, allow_null=True, default=None)


class GroupChange(Given):
    """What to change about a group; `parent_id` moves it, null to the top."""

    name = Text(max_length=80, required=False)
    kind = serializers.ChoiceField(get_args(people.GroupKind), required=False)
    parent_id = Id(required=False, allow_null=True)


class MemberOut(serializers.Serializer[Any]):
    """Somebody in a group."""

    person = PersonOut()
    role = serializers.ChoiceField(MEMBER_ROLES)
    started_at = serializers.DateTimeField()


class MembersOut(serializers.Serializer[Any]):
    """A page of members, by name."""

    results = MemberOut(many=True)
    next = serializers.CharField(allow_null=True)


class MemberGiven(Given):
    """Whom to add."""

    person_id = Id()
    role = serializers.ChoiceField(MEMBER_ROLES, required=False, default="member")


class Groups(Resource):
    """All groups."""

    scopes = {"GET": "people:read", "POST": "people:write"}

    @extend_schema(operation_id="groups_list", summary="Groups", tags=["groups"], responses=GroupsOut)
    def get(self, request: Request) -> Response:
        """Answer all groups of my workspace."""
        return Response(GroupsOut({"results": people.groups(by=self.by)}).data)

    @extend_schema(
        operation_id="groups_create",
        summary="Create a group",
        tags=["groups"],
        request=GroupGiven,
        responses={201: GroupOut},
    )
    def post(self, request: Request) -> Response:
        """Create a group; for admins."""
        group = people.create_group(by=self.by, now=self.now, **given(GroupGiven, request))
        return Response(GroupOut(group).data, status=201, headers={"Location": f"/api/v1/groups/{group.id}"})


class OneGroup(Resource):
    """A group."""

    scopes = {"GET": "people:read", "PATCH": "people:write"}

    @extend_schema(operation_id="groups_get", summary="A group", tags=["groups"], responses=GroupOut)
    def get(self, request: Request, group_id: int) -> Response:
        """Answer a group."""
        return Response(GroupOut(people.group(by=self.by, group_id=group_id)).data)

    @extend_schema(
        operation_id="groups_change",
        summary="Change a group",
        tags=["groups"],
        request=GroupChange,
        responses=GroupOut,
    )
    def patch(self, request: Request, group_id: int) -> Response:
        """Rename or move a group; it cannot become part of itself."""
        values = given(GroupChange, request)
        need_something(values)
        if values.get("parent_id", 0) is None:
            values["parent_id"] = 0  # the door's word for the top
        changes = people.GroupChanges(**values)
        return Response(
            GroupOut(people.update_group(by=self.by, group_id=group_id, changes=changes, now=self.now)).data
        )


class Members(Resource):
    """Who is in a group now."""

    scopes = {"GET": "people:read", "POST": "people:write"}

    @extend_schema(
        operation_id="members_list",
        summary="Members of a group",
        tags=["groups"],
        parameters=[PageQuery],
        responses=MembersOut,
    )
    def get(self, request: Request, group_id: int) -> Response:
        """Answer a page of members, by name."""
        query = asked(PageQuery, request)
        found = people.members(
            by=self.by, group_id=group_id, after=after_name(query.get("cursor")), limit=query["limit"] + 1
        )
        results, following = page(found, query["limit"], lambda member: (member[0].name, member[0].id))
        return Response(MembersOut({"results": [_member(*pair) for pair in results], "next": following}).data)

    @extend_schema(
        operation_id="members_add",
        summary="Add somebody to a group",
        tags=["groups"],
        request=MemberGiven,
        responses={201: MemberOut},
    )
    def post(self, request: Request, group_id: int) -> Response:
        """Add somebody to a group, from now on."""
        values = given(MemberGiven, request)
        membership = people.add_member(by=self.by, group_id=group_id, now=self.now, **values)
        person = people.find(by=self.by, person_id=membership.person_id)
        return Response(MemberOut(_member(person, membership)).data, status=201)


class Member(Resource):
    """Somebody's place in a group."""

    scopes = {"DELETE": "people:write"}

    @extend_schema(operation_id="members_end", summary="End a membership", tags=["groups"], responses={204: None})
    def delete(self, request: Request, group_id: int, person_id: int) -> Response:
        """End somebody's membership now; what they were part of stays so."""
        people.end_membership(by=self.by, group_id=group_id, person_id=person_id, now=self.now)
        return Response(status=204)


def _member(person: people.Person, membership: people.Membership) -> dict[str, Any]:
    return {"person": person, "role": membership.role, "started_at": membership.started_at}
