"""My picture: uploaded as an image or in a form."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.v1 import uploads
from announcements.api.v1.me import MeOut, answer
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class PictureGiven(serializers.Serializer[Any]):
    """A picture in a form."""

    picture = serializers.FileField(help_text="PNG, JPEG, WebP or GIF of at most 1 MB.")


class MyPicture(Resource):
    """My picture."""

    scopes = {"PUT": "people:write", "DELETE": "people:write"}
    parser_classes = uploads.PARSERS
    kinds = uploads.READ

    @extend_schema(
        operation_id="me_set_picture",
        summary="Set my picture",
        tags=["me"],
        request=uploads.documented(PictureGiven),
        responses=MeOut,
    )
    def put(self, request: Request) -> Response:
        """Take a PNG, JPEG, WebP or GIF of at most 1 MB and 24 megapixels, and make its middle anew in two sizes."""
        content = uploads.content(request, "picture")
        return answer(people.set_picture(by=self.by, content=content, now=self.now), self.now)

    @extend_schema(operation_id="me_remove_picture", summary="Remove my picture", tags=["me"], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Go back to my initials."""
        people.remove_picture(by=self.by, now=self.now)
        return Response(status=204)
