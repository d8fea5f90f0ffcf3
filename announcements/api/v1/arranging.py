"""Keeping order among announcements: copying, fetching back, pinning, ending."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Nothing, given
from announcements.api.v1.resource import Resource
from announcements.api.v1.writing import AnnouncementOut, announcement
from announcements.publishing import services as publishing


class ExpireGiven(Given):
    """When it leaves the tab."""

    at = serializers.DateTimeField(required=False, allow_null=True, help_text="Left out: now. null: never.")


class Duplicate(Resource):
    """A copy."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_duplicate",
        summary="Start a draft from it",
        tags=["announcements"],
        request=Nothing,
        responses={201: AnnouncementOut},
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Start a draft with its words and its audience; its dates stay behind, but for a time chosen to go out at that is still to come."""
        given(Nothing, request)
        item = publishing.duplicate(announcement_id=announcement_id, by=self.by, now=self.now)
        location = f"/api/v1/announcements/{item.id}"
        return Response(announcement(self, item).data, status=201, headers={"Location": location})


class FetchBack(Resource):
    """The undo of discarding."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_fetch_back",
        summary="Bring a discarded draft back",
        tags=["announcements"],
        request=Nothing,
        responses=AnnouncementOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Bring a draft back that was discarded within seven days."""
        given(Nothing, request)
        item = publishing.fetch_back(announcement_id=announcement_id, by=self.by, now=self.now)
        return Response(announcement(self, item).data)


class Pin(Resource):
    """Its place at the top of the news."""

    scopes = {"PUT": "announcements:write", "DELETE": "announcements:write"}

    @extend_schema(
        operation_id="announcements_pin",
        summary="Pin",
        tags=["announcements"],
        request=Nothing,
        responses=AnnouncementOut,
    )
    def put(self, request: Request, announcement_id: int) -> Response:
        """Keep it at the top of its readers' news, what is not out yet from when it is; a workspace has at most three pinned."""
        given(Nothing, request)
        item = publishing.pin(announcement_id=announcement_id, by=self.by, now=self.now)
        return Response(announcement(self, item).data)

    @extend_schema(
        operation_id="announcements_unpin",
        summary="Unpin",
        tags=["announcements"],
        responses=AnnouncementOut,
    )
    def delete(self, request: Request, announcement_id: int) -> Response:
        """Let it move down as others come."""
        item = publishing.unpin(announcement_id=announcement_id, by=self.by, now=self.now)
        return Response(announcement(self, item).data)


class Expire(Resource):
    """When it leaves the tab."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_expire",
        summary="End it",
        tags=["announcements"],
        request=ExpireGiven,
        responses=AnnouncementOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Take it from the tab now, later or never; it stays in the archive, and its nudges end."""
        now = self.now
        at = given(ExpireGiven, request).get("at", now)
        item = publishing.expire(announcement_id=announcement_id, by=self.by, at=at, now=now)
        return Response(announcement(self, item).data)
