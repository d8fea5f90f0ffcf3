"""Where somebody's picture is, and the picture as a file: for people of their workspace only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from announcements.api.v1.resource import Resource
from announcements.people import services as people

YEAR = 365 * 24 * 60 * 60


class PictureOut(serializers.Serializer[Any]):
    """Where the picture is, as PNG: at 64 and at 256 pixels a side. An address never changes what it shows."""

    small = serializers.CharField()
    large = serializers.CharField()


@extend_schema_field(PictureOut(allow_null=True))
class Picture(serializers.Field[Any, Any, Any, Any]):
    """The addresses of a person's picture; null without one."""

    def __init__(self) -> None:
        super().__init__(read_only=True, source="*")

    def to_representation(self, person: people.Person | Mapping[str, Any]) -> dict[str, str] | None:
        """Return the addresses; `person` may be the values of one."""
        known = (person["id"], person["picture"]) if isinstance(person, Mapping) else (person.id, person.picture)
        return addresses(*known)


def addresses(person_id: int, digest: str) -> dict[str, str] | None:
    """Return the addresses of a person's picture; None without one."""
    if not digest:
        return None
    start = f"/api/v1/people/{person_id}/picture/{digest}"
    return {name: f"{start}/{side}" for name, side in zip(("small", "large"), people.PICTURE_SIZES, strict=True)}


class PictureFile(Resource):
    """A picture as a file."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="people_get_picture",
        summary="Somebody's picture as PNG",
        tags=["people"],
        responses={(200, "image/png"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, person_id: int, digest: str, side: int) -> HttpResponse:
        """Answer a colleague's picture; `digest` and `side` stand in the addresses that the person has."""
        png = people.picture(by=self.by, person_id=person_id, digest=digest, side=side)
        headers = {"Cache-Control": f"private, max-age={YEAR}, immutable", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(png, content_type="image/png", headers=headers)
