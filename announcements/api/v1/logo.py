"""The company's logo: uploaded as an image or in a form, shown to its own people only."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.v1 import uploads
from announcements.api.v1.resource import Resource
from announcements.api.v1.workspace import WorkspaceOut, answer
from announcements.people import services as people

YEAR = 365 * 24 * 60 * 60


class LogoGiven(serializers.Serializer[Any]):
    """A logo in a form."""

    logo = serializers.FileField(help_text="PNG, JPEG, WebP or GIF of at most 1 MB.")


class Logo(Resource):
    """The company's logo."""

    scopes = {"PUT": "workspace:write", "DELETE": "workspace:write"}
    parser_classes = uploads.PARSERS
    kinds = uploads.READ

    @extend_schema(
        operation_id="workspace_set_logo",
        summary="Set the logo",
        tags=["workspace"],
        request=uploads.documented(LogoGiven),
        responses=WorkspaceOut,
    )
    def put(self, request: Request) -> Response:
        """Take a PNG, JPEG, WebP or GIF of at most 1 MB and 24 megapixels, and make it anew in two sizes; for admins."""
        return answer(people.set_logo(by=self.by, content=uploads.content(request, "logo"), now=self.now), self.now)

    @extend_schema(
        operation_id="workspace_remove_logo", summary="Remove the logo", tags=["workspace"], responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        """Go back to the first letter of the name; for admins."""
        people.remove_logo(by=self.by, now=self.now)
        return Response(status=204)


class LogoFile(Resource):
    """The logo as a file."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="workspace_get_logo",
        summary="The logo as PNG",
        tags=["workspace"],
        responses={(200, "image/png"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, digest: str, side: int) -> HttpResponse:
        """Answer my company's logo; `digest` and `side` stand in the addresses that the workspace names."""
        workspace_id = request.user.workspace_id  # type: ignore[union-attr]  # a Caller
        png = people.logo(workspace_id=workspace_id, digest=digest, side=side)
        headers = {"Cache-Control": f"private, max-age={YEAR}, immutable", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(png, content_type="image/png", headers=headers)
