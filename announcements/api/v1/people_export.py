"""The list of people, to take along."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from announcements.api.v1.resource import Resource
from announcements.roster import services as roster


class Export(Resource):
    """The people as a file."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="people_export",
        summary="The people as CSV",
        tags=["people"],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer everybody who is not deactivated as CSV, which an import reads as unchanged. Taking it is noted; for admins."""
        lines = roster.export(by=self.by, now=self.now)
        response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="people-{self.now:%Y-%m-%d}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response
