"""Who is in a group, who was, and who is planned to be."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, after_name, before_time, page
from announcements.api.shapes import Given, Id, asked, given
from announcements.api.v1.listing import PersonOut
from announcements.api.v1.resource import Resource
from announcements.people import services as people

ROLES = get_args(people.GroupRole)


class MemberOut(serializers.Serializer[Any]):
    """Somebody's time in a group. It may start, or end, later than now."""

    person = PersonOut()
    role = serializers.ChoiceField(ROLES)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class MembersOut(serializers.Serializer[Any]):
    """A page of members: those of now by name, others by time, latest first."""

    results = MemberOut(many=True)
    next = serializers.CharField(allow_null=True)


class MembersQuery(PageQuery):
    """Which members."""

    when = serializers.ChoiceField(["now", "planned", "past"], required=False, default="now")


class MemberGiven(Given):
    """Whom to add, as what, and for which time: from now on when nothing else is said."""

    person_id = Id()
    role = serializers.ChoiceField(ROLES, required=False, default="member")
    started_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ended_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class EndQuery(Given):
    """When it ends."""

    at = serializers.DateTimeField(required=False, default=None, help_text="Now, when it is left out.")


class Members(Resource):
    """Who is in a group."""

    scopes = {"GET": "people:read", "POST": "people:write"}

    @extend_schema(
        operation_id="members_list",
        summary="Members of a group",
        tags=["groups"],
        parameters=[MembersQuery],
        responses=MembersOut,
    )
    def get(self, request: Request, group_id: int) -> Response:
        """Answer a page of members: of now by name; planned or past ones by time, latest first."""
        query = asked(MembersQuery, request)
        found = self._found(group_id, query, query["limit"] + 1)
        mark = {"now": "name", "planned": "started_at", "past": "ended_at"}[query["when"]]
        results, following = page(
            found, query["limit"], lambda pair: (getattr(pair[0 if mark == "name" else 1], mark), pair[0].id)
        )
        return Response(MembersOut({"results": [_member(*pair) for pair in results], "next": following}).data)

    def _found(self, group_id: int, query: dict[str, Any], limit: int) -> list[tuple[people.Person, people.Membership]]:
        cursor = query.get("cursor")
        if query["when"] == "now":
            after = after_name(cursor)
            return people.members(by=self.by, group_id=group_id, at=self.now, after=after, limit=limit)
        return people.other_members(
            by=self.by, group_id=group_id, when=query["when"], now=self.now, after=before_time(cursor), limit=limit
        )

    @extend_schema(
        operation_id="members_add",
        summary="Add somebody to a group",
        tags=["groups"],
        request=MemberGiven,
        responses={201: MemberOut},
    )
    def post(self, request: Request, group_id: int) -> Response:
        """Add somebody to a group, or change their role in it, from now on or for a time to come."""
        values = given(MemberGiven, request)
        term = people.Term(values.pop("started_at"), values.pop("ended_at"))
        membership = people.add_member(by=self.by, group_id=group_id, term=term, now=self.now, **values)
        person = people.find(by=self.by, person_id=membership.person_id)
        return Response(MemberOut(_member(person, membership)).data, status=201)


class Member(Resource):
    """Somebody's place in a group."""

    scopes = {"DELETE": "people:write"}

    @extend_schema(
        operation_id="members_end",
        summary="End a membership",
        tags=["groups"],
        parameters=[EndQuery],
        responses={204: None},
    )
    def delete(self, request: Request, group_id: int, person_id: int) -> Response:
        """End somebody's membership, now or at a later time; what they were part of stays so."""
        at = asked(EndQuery, request)["at"]
        people.end_membership(by=self.by, group_id=group_id, person_id=person_id, at=at, now=self.now)
        return Response(status=204)


def _member(person: people.Person, membership: people.Membership) -> dict[str, Any]:
    return {
        "person": person,
        "role": membership.role,
        "started_at": membership.started_at,
        "ended_at": membership.ended_at,
    }
