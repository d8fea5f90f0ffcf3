"""Pictures that come as a body, or as a file of a form."""

from __future__ import annotations

from typing import IO, Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import parsers, serializers
from rest_framework.request import Request

from announcements.kernel import errors

KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif", "application/octet-stream")
# SVG is read to be refused with its reason.
READ = (*KINDS, "image/svg+xml", "multipart/form-data")


class ImageBytes(parsers.BaseParser):
    """A body that is an image and nothing else."""

    media_type = "image/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the bytes."""
        return stream.read()


class OtherBytes(ImageBytes):
    """The same from callers that do not know what kind of image they hold: its content tells."""

    media_type = "application/octet-stream"


PARSERS = (ImageBytes, OtherBytes, parsers.MultiPartParser)


def documented(form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return the kinds of body, as the schema names them."""
    return dict.fromkeys(KINDS, OpenApiTypes.BINARY) | {"multipart/form-data": form}


def content(request: Request, name: str) -> bytes:
    """Return the bytes that were sent, as the body or under this name of a form; raise Invalid when there are none."""
    sent: Any = request.data
    found = sent if isinstance(sent, bytes) else sent.get(name)
    read: bytes = found if isinstance(found, bytes) else getattr(found, "read", bytes)()
    if not read:
        said = _("Send an image: as the body, or as the file `%(name)s` of a form.") % {"name": name}
        raise errors.Invalid({name: [said]})
    return read
