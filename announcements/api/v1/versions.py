"""What an announcement said over time, and what changed between."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from announcements.api.shapes import Given, Number, asked, given
from announcements.api.throttles import Rendering
from announcements.api.v1.resource import Resource
from announcements.api.v1.writing import CHANGE_HELP, REVISION, AnnouncementOut, VersionsOut, announcement
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing


class ComparedQuery(Given):
    """With which version."""

    since = serializers.IntegerField(min_value=1, required=False, help_text="Left out: the one before.")


class RestoreGiven(Given):
    """How much of a change it is to say that again."""

    change = serializers.ChoiceField(["typo", "material"], help_text=CHANGE_HELP)
    revision = Number(min_value=0, required=False, help_text=REVISION)
    deadline = serializers.DateTimeField(
        required=False,
        allow_null=True,
        help_text="Another one; a material change needs it once the old one has passed.",
    )


class PartOut(serializers.Serializer[Any]):
    """A stretch of text that is in both, only in the newer, or only in the older; `formatted`, it is in both and looks different."""

    mark = serializers.ChoiceField(get_args(publishing.Mark))
    text = serializers.CharField()


class DifferenceOut(serializers.Serializer[Any]):
    """What changed from one version to another, as parts in reading order."""

    since = serializers.IntegerField()
    until = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="When the newer one was published.")
    title = PartOut(many=True)
    summary = PartOut(many=True)
    body = serializers.ListField(child=PartOut(many=True), help_text="Block by block.")


class ChangesOut(serializers.Serializer[Any]):
    """What changed since I acknowledged it; null where nothing did, or I have not."""

    changes = DifferenceOut(allow_null=True)


class Versions(Resource):
    """What it said over time."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="announcements_versions", summary="Versions", tags=["announcements"], responses=VersionsOut
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer all versions, oldest first."""
        found = publishing.versions(by=self.by, announcement_id=announcement_id, now=self.now)
        names = people.get_many(ids={version.by for version in found})
        context = {"names": {id: person.name for id, person in names.items()}}
        return Response(VersionsOut({"results": found}, context=context).data)


class Compared(Resource):
    """What a version changed."""

    scopes = {"GET": "announcements:read"}
    throttle_classes = (UserRateThrottle, Rendering)

    @extend_schema(
        operation_id="announcements_compare",
        summary="Compare two versions",
        tags=["announcements"],
        parameters=[ComparedQuery],
        responses=DifferenceOut,
    )
    def get(self, request: Request, announcement_id: int, number: int) -> Response:
        """Answer what changed from version `since` to this one."""
        since = asked(ComparedQuery, request).get("since", max(1, number - 1))
        found = publishing.compared(
            by=self.by, announcement_id=announcement_id, since=since, until=number, now=self.now
        )
        return Response(DifferenceOut(found).data)


class Restore(Resource):
    """Saying again what a version said."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_restore_version",
        summary="Restore a version",
        tags=["announcements"],
        request=RestoreGiven,
        responses=AnnouncementOut,
    )
    def post(self, request: Request, announcement_id: int, number: int) -> Response:
        """Make a new version with the words of this one."""
        values = given(RestoreGiven, request)
        revision = values.pop("revision", None)
        again = publishing.Again(number, **values)
        item = publishing.restore_version(
            announcement_id=announcement_id, by=self.by, again=again, revision=revision, now=self.now
        )
        return Response(announcement(self, item).data)


class Changes(Resource):
    """What changed for me."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="announcements_changes",
        summary="What changed since I acknowledged it",
        tags=["reading"],
        responses=ChangesOut,
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer what changed since the version that I acknowledged."""
        found = delivery.changes(by=self.by, announcement_id=announcement_id, now=self.now)
        return Response(ChangesOut({"changes": found}).data)
