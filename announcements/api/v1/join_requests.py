"""Requests to join, for admins."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, before_time, page
from announcements.api.shapes import Given, Nothing, Text, asked, given
from announcements.api.v1.listing import PersonOut
from announcements.api.v1.resource import Resource
from announcements.joining import services as joining
from announcements.people import services as people


class JoinRequestOut(serializers.Serializer[Any]):
    """Somebody who waits to be let in. The request has the person's id."""

    id = serializers.IntegerField(source="person.id")
    name = serializers.CharField(source="person.name")
    email = serializers.EmailField(source="person.email")
    timezone = serializers.CharField(source="person.timezone")
    since = serializers.DateTimeField()


class JoinRequestsOut(serializers.Serializer[Any]):
    """A page of requests, longest waiting first."""

    results = JoinRequestOut(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()


class RefusalGiven(Given):
    """Why not; it is in the mail that they get."""

    reason = Text(max_length=500, required=False, allow_blank=True, default="")


class JoinRequests(Resource):
    """Who waits to be let in."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="join_requests_list",
        summary="Requests to join",
        tags=["joining"],
        parameters=[PageQuery],
        responses=JoinRequestsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer who waits, longest first; for admins."""
        query = asked(PageQuery, request)
        found = people.waiting(by=self.by, after=before_time(query.get("cursor")), limit=query["limit"] + 1)
        results, following = page(found, query["limit"], lambda one: (one.since, one.person.id))
        total = people.how_many_wait(by=self.by)
        return Response(JoinRequestsOut({"results": results, "next": following, "total": total}).data)


class Admit(Resource):
    """Letting somebody in."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="join_requests_admit",
        summary="Admit somebody",
        tags=["joining"],
        request=Nothing,
        responses=PersonOut,
    )
    def post(self, request: Request, person_id: int) -> Response:
        """Let somebody in who waits; they get a mail."""
        given(Nothing, request)
        return Response(PersonOut(joining.admit(by=self.by, person_id=person_id, now=self.now)).data)


class Refuse(Resource):
    """Turning somebody away."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="join_requests_refuse",
        summary="Refuse somebody",
        tags=["joining"],
        request=RefusalGiven,
        responses={204: None},
    )
    def post(self, request: Request, person_id: int) -> Response:
        """Refuse somebody who waits, and remove what they told us; they get a mail, with the reason when one is given."""
        reason = given(RefusalGiven, request)["reason"]
        joining.refuse(by=self.by, person_id=person_id, reason=reason, now=self.now)
        return Response(status=204)
