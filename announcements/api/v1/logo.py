"""The company's logo: uploaded as an image or in a form, shown to its own people only."""

from __future__ import annotations

from typing import IO, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.v1.resource import Resource
from announcements.api.v1.workspace import WorkspaceOut, answer
from announcements.kernel import errors
from announcements.people import services as people

KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif", "application/octet-stream")
YEAR = 365 * 24 * 60 * 60


class ImageBytes(parsers.BaseParser):
    """A body that is an image and nothing else."""

    media_type = "image/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the bytes, under the name they have in a form."""
        return {"logo": stream.read()}


class OtherBytes(ImageBytes):
    """The same from callers that do not know what kind of image they hold: its content tells."""

    media_type = "application/octet-stream"


class LogoGiven(serializers.Serializer[Any]):
    """A logo in a form."""

    logo = serializers.FileField(help_text="PNG, JPEG, WebP or GIF of at most 1 MB.")


class Logo(Resource):
    """The company's logo."""

    scopes = {"PUT": "people:write", "DELETE": "people:write"}
    parser_classes = (ImageBytes, OtherBytes, parsers.MultiPartParser)
    # SVG is read to be refused with its reason.
    kinds = (*KINDS, "image/svg+xml", "multipart/form-data")

    @extend_schema(
        operation_id="workspace_set_logo",
        summary="Set the logo",
        tags=["workspace"],
        request=dict.fromkeys(KINDS, OpenApiTypes.BINARY) | {"multipart/form-data": LogoGiven},
        responses=WorkspaceOut,
    )
    def put(self, request: Request) -> Response:
        """Take a PNG, JPEG, WebP or GIF of at most 1 MB and 24 megapixels, and make it anew in two sizes; for admins."""
        return answer(people.set_logo(by=self.by, content=_content(request), now=self.now), self.now)

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


def _content(request: Request) -> bytes:
    sent: Any = request.data
    found = sent.get("logo", b"")
    content: bytes = found if isinstance(found, bytes) else getattr(found, "read", bytes)()
    if not content:
        raise errors.Invalid({"logo": [_("Send an image: as the body, or as the file `logo` of a form.")]})
    return content
