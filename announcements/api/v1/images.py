"""Images for announcements: uploaded by who writes, shown to who may read."""

from __future__ import annotations

from typing import Any, get_args

from django.http import HttpResponse
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, asked, given
from announcements.api.throttles import Uploads
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery
from announcements.media import services as media

# The form around a file takes some bytes too. What is somewhat too large is read, to be refused at its field.
AROUND = 2_000_000
SHOWN = {
    # Asked again each time it is shown: whoever may no longer read the announcement must not see it, not even for a
    # minute from their own cache. That it has not changed costs no byte of it.
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization, Cookie, Origin",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ImageGiven(Given):
    """An image in a form."""

    file = serializers.FileField(
        max_length=255, allow_empty_file=True, help_text="PNG, JPEG, WebP or GIF, at most 10 MB and 50 megapixels."
    )


class ImageOut(serializers.Serializer[Any]):
    """An image, and the address that a body shows it by: `<img src="…" width="…" height="…" alt="…">`."""

    id = serializers.CharField(source="key")
    src = serializers.CharField(help_text="With `?width=` in another size: the next larger of 640, 1280 and 1920.")
    width = serializers.IntegerField(help_text="Of the image itself, upright.")
    height = serializers.IntegerField()
    state = serializers.ChoiceField(get_args(media.State), help_text="Shown once it is `ready`, within seconds.")
    fault = serializers.CharField(allow_blank=True, help_text="Why it `failed`.")
    still = serializers.BooleanField(help_text="It moved when it came; its first frame is kept.")


class ImageQuery(Given):
    """In which size."""

    width = serializers.IntegerField(min_value=1, max_value=10_000, required=False, default=1280)


class Images(Resource):
    """Images."""

    scopes = {"POST": "announcements:write"}
    parser_classes = (MultiPartParser,)
    files = {"POST": ("multipart/form-data",)}
    most_bytes = media.MOST_BYTES + AROUND
    throttle_classes = (Uploads,)
    # The bytes go to a storage that may be far away: no transaction is held open for it.
    repeatable = False

    @extend_schema(
        operation_id="images_create",
        summary="Upload an image",
        tags=["announcements"],
        request={"multipart/form-data": ImageGiven},
        responses={201: ImageOut},
    )
    def post(self, request: Request) -> Response:
        """Take an image for a text of mine, and make it anew in the background: no metadata of it is kept.

        What no text shows is removed after a week.
        """
        content = given(ImageGiven, request)["file"].read()
        made = media.upload(by=self.by, content=content, now=self.now)
        return Response(ImageOut(made).data, status=201, headers={"Location": f"/api/v1/images/{made.key}"})


class OneImage(Resource):
    """An image."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(operation_id="images_get", summary="An image", tags=["announcements"], responses=ImageOut)
    def get(self, request: Request, key: str) -> Response:
        """Answer whether an image that I may see is ready."""
        return Response(ImageOut(delivery.image(by=self.by, key=key, now=self.now)).data)


class ImageFile(Resource):
    """An image as a file."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="images_get_file",
        summary="An image as WebP",
        tags=["announcements"],
        parameters=[
            ImageQuery,
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the one I have."),
        ],
        responses={
            (200, "image/webp"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="You have it already."),
        },
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        """Answer an image to its uploader and to who may read an announcement that shows it."""
        return self.shown(request, delivery.image(by=self.by, key=key, now=self.now))

    def shown(self, request: Request, image: media.Image) -> HttpResponse:
        """Return it in the size that is asked for, or that it has not changed."""
        key = image.key
        width = image.size(asked(ImageQuery, request)["width"])
        headers = SHOWN | {"ETag": f'"{key}-{width}"'}
        if width and _has(request, headers["ETag"]):
            response = HttpResponse(status=304, headers=headers)
            del response["Content-Type"]
            return response
        file = media.read(key=key, width=width)
        return HttpResponse(file.content, content_type=file.content_type, headers=headers)


def _has(request: Request, etag: str) -> bool:
    sent = parse_etags(request.headers.get("If-None-Match", ""))
    return any(tag == "*" or tag.removeprefix("W/") == etag for tag in sent)
