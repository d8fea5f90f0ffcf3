"""All announcements as a file, put together in the background."""

from __future__ import annotations

from typing import Any, get_args

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import MAX_ID, Given, asked, given
from announcements.api.throttles import Uploads
from announcements.api.v1.resource import Resource
from announcements.porting import services as porting


class ExportGiven(Given):
    """What to export."""

    kind = serializers.ChoiceField(["announcements"])


class ExportOut(serializers.Serializer[Any]):
    """An export and how far it has come: `done` of `total` announcements. Its file is there while it is `ready`."""

    id = serializers.IntegerField()
    by = serializers.IntegerField()
    stage = serializers.ChoiceField(get_args(porting.Stage))
    asked_at = serializers.DateTimeField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Of the file, in bytes.")
    ready_at = serializers.DateTimeField(allow_null=True)
    kept_until = serializers.DateTimeField(allow_null=True)
    fault = serializers.CharField(allow_blank=True, help_text="Why it failed.")


class ExportsOut(serializers.Serializer[Any]):
    """Exports, the newest first; `next` is the `before` of the next page."""

    results = ExportOut(many=True)
    next = serializers.IntegerField(allow_null=True)


class ExportsQuery(Given):
    """Which part of the exports."""

    before = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)


class Exports(Resource):
    """My exports."""

    scopes = {"GET": "announcements:read", "POST": "announcements:read"}

    @extend_schema(
        operation_id="exports_list",
        summary="My exports",
        tags=["announcements"],
        parameters=[ExportsQuery],
        responses=ExportsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer the exports that I asked for, the newest first; for admins."""
        query = asked(ExportsQuery, request)
        found = porting.exports(by=self.by, before=query["before"], limit=query["limit"] + 1)
        shown = found[: query["limit"]]
        following = shown[-1].id if len(found) > len(shown) else None
        return Response(ExportsOut({"results": shown, "next": following}).data)

    @extend_schema(
        operation_id="exports_create",
        summary="Have all announcements put together",
        tags=["announcements"],
        request=ExportGiven,
        responses={201: ExportOut},
    )
    def post(self, request: Request) -> Response:
        """Put all announcements of my workspace together, drafts too, as a zip of Markdown, JSON and images; for admins.

        One of mine that is under way already is answered again.
        """
        given(ExportGiven, request)
        made = porting.ask(by=self.by, now=self.now)
        return Response(ExportOut(made).data, status=201, headers={"Location": f"/api/v1/exports/{made.id}"})


class OneExport(Resource):
    """An export."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(operation_id="exports_get", summary="An export", tags=["announcements"], responses=ExportOut)
    def get(self, request: Request, export_id: int) -> Response:
        """Answer how far an export of mine has come."""
        return Response(ExportOut(porting.get(by=self.by, export_id=export_id)).data)


class ExportFile(Resource):
    """The file of an export."""

    scopes = {"GET": "announcements:read"}
    throttle_classes = (Uploads,)

    @extend_schema(
        operation_id="exports_get_file",
        summary="The file of an export",
        tags=["announcements"],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, export_id: int) -> FileResponse:
        """Answer the zip of an export of mine, for seven days after it was ready. Each time is an entry in the trail."""
        file = porting.take(by=self.by, export_id=export_id, now=self.now)
        response = FileResponse(file.content, as_attachment=True, filename=file.name, content_type="application/zip")
        response["Content-Length"] = str(file.size)
        response["X-Content-Type-Options"] = "nosniff"
        return response
