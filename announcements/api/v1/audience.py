"""Whom something is meant for."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Flag, Given, Id, given
from announcements.api.v1.resource import Resource
from announcements.people import services as people
from announcements.publishing import services as publishing


class AudienceGiven(Given):
    """Whom it is meant for: everyone, or groups with their sub-groups, or people, or both."""

    everyone = Flag(required=False, default=False)
    group_ids = serializers.ListField(child=Id(), max_length=500, required=False, default=list)
    person_ids = serializers.ListField(child=Id(), max_length=500, required=False, default=list)


class AudienceOut(serializers.Serializer[Any]):
    """Whom it is meant for."""

    everyone = serializers.BooleanField()
    group_ids = serializers.ListField(child=serializers.IntegerField())
    person_ids = serializers.ListField(child=serializers.IntegerField())


class CountOut(serializers.Serializer[Any]):
    """How many people an audience is, now."""

    people = serializers.IntegerField()
    timezones = serializers.DictField(child=serializers.IntegerField())


class Audience(Resource):
    """How many an audience is."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="audience_count",
        summary="Count an audience",
        tags=["announcements"],
        request=AudienceGiven,
        responses=CountOut,
    )
    def post(self, request: Request) -> Response:
        """Answer how many people an audience is now, and in which time zones. Changes nothing."""
        count = publishing.count_audience(by=self.by, audience=audience(given(AudienceGiven, request)), now=self.now)
        return Response(CountOut(count).data)


def audience(values: dict[str, Any]) -> people.Audience:
    """Translate an audience into the door's words."""
    return people.Audience(
        everyone=values["everyone"], group_ids=tuple(values["group_ids"]), person_ids=tuple(values["person_ids"])
    )
