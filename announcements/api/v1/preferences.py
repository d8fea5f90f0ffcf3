"""What mail I get."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, given
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery

DIGESTS = ["daily", "weekly", "never"]


class PreferenceOut(serializers.Serializer[Any]):
    """What mail I get."""

    digest = serializers.ChoiceField(DIGESTS)


class PreferenceGiven(Given):
    """What mail I want."""

    digest = serializers.ChoiceField(DIGESTS)


class Preferences(Resource):
    """What mail I get."""

    scopes = {"GET": "people:read", "PATCH": "people:write"}

    @extend_schema(operation_id="preferences_get", summary="My mail", tags=["me"], responses=PreferenceOut)
    def get(self, request: Request) -> Response:
        """Answer what mail I get."""
        return Response(PreferenceOut(delivery.preference(by=self.by)).data)

    @extend_schema(
        operation_id="preferences_change",
        summary="Change my mail",
        tags=["me"],
        request=PreferenceGiven,
        responses=PreferenceOut,
    )
    def patch(self, request: Request) -> Response:
        """Choose how often the digest comes."""
        changed = delivery.set_preference(by=self.by, now=self.now, **given(PreferenceGiven, request))
        return Response(PreferenceOut(changed).data)
