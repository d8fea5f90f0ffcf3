"""Whom something is meant for: chosen, counted, looked at."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, after_name, page
from announcements.api.shapes import Flag, Given, Id, Text, asked, given
from announcements.api.v1.audience_shapes import FIELDS, AudienceOptionsOut, AudiencePeopleOut, CountOut
from announcements.api.v1.resource import Resource
from announcements.people import services as people
from announcements.publishing import services as publishing


class AttributeGiven(Given):
    """Those of whom something is true; the case of letters does not matter."""

    field = serializers.ChoiceField(FIELDS)
    value = Text(max_length=80, help_text="Such as Porto; of a time zone its IANA name, of a language its code.")


class ExceptGiven(Given):
    """Who is left out, however they were chosen."""

    group_ids = serializers.ListField(child=Id(), max_length=500, required=False, default=list)
    person_ids = serializers.ListField(child=Id(), max_length=500, required=False, default=list)
    attributes = serializers.ListField(child=AttributeGiven(), max_length=500, required=False, default=list)


class AudienceGiven(ExceptGiven):
    """Whom it is meant for: everyone, or groups with their sub-groups, people and attributes together; less the exceptions."""

    everyone = Flag(required=False, default=False)

    def get_fields(self) -> dict[str, Any]:
        """Add the field whose name Python keeps for itself."""
        return super().get_fields() | {"except": ExceptGiven(required=False, source="except_")}


class AttributeOut(serializers.Serializer[Any]):
    """Those of whom something is true."""

    field = serializers.ChoiceField(FIELDS)
    value = serializers.CharField()
    label = serializers.SerializerMethodField(  # type: ignore[assignment]  # a field, not the option of one
        help_text="The value as one would say it."
    )

    def get_label(self, one: people.Attribute) -> str:
        """Return the value in words."""
        return people.attribute_in_words(attribute=one)


class ExceptOut(serializers.Serializer[Any]):
    """Who is left out."""

    group_ids = serializers.ListField(child=serializers.IntegerField())
    person_ids = serializers.ListField(child=serializers.IntegerField())
    attributes = AttributeOut(many=True)


class AudienceOut(ExceptOut):
    """Whom it is meant for."""

    everyone = serializers.BooleanField()

    def get_fields(self) -> dict[str, Any]:
        """Add the field whose name Python keeps for itself."""
        return super().get_fields() | {"except": ExceptOut(source="except_")}


class OptionsQuery(Given):
    """What to choose from."""

    search = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    excepting = serializers.BooleanField(required=False, default=False, help_text="What may be left out instead.")
    limit = serializers.IntegerField(min_value=1, max_value=50, default=20)


class AudiencePeopleQuery(PageQuery):
    """Which part of the people."""

    search = serializers.CharField(
        max_length=120, required=False, default="", allow_blank=True, help_text="In name, title, address or location."
    )


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
        """Answer how many people an audience is now, once each, and in which time zones. Changes nothing."""
        count = publishing.count_audience(by=self.by, audience=audience(given(AudienceGiven, request)), now=self.now)
        return Response(CountOut(count).data)


class Options(Resource):
    """What an audience may be chosen from."""

    scopes = {"GET": "announcements:write"}

    @extend_schema(
        operation_id="audience_options",
        summary="What an audience may be chosen from",
        tags=["announcements"],
        parameters=[OptionsQuery],
        responses=AudienceOptionsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer what I may address, the best first: everyone, groups, attributes, and people once they are searched for."""
        found = people.audience_options(by=self.by, now=self.now, **asked(OptionsQuery, request))
        return Response(AudienceOptionsOut({"results": found}).data)


class AudiencePeople(Resource):
    """Who an audience is."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="audience_people",
        summary="Who an audience is",
        tags=["announcements"],
        parameters=[AudiencePeopleQuery],
        request=AudienceGiven,
        responses=AudiencePeopleOut,
    )
    def post(self, request: Request) -> Response:
        """Answer a page of who would get it now, by name. Changes nothing."""
        query = asked(AudiencePeopleQuery, request)
        found = people.audience_people(
            by=self.by,
            audience=audience(given(AudienceGiven, request)),
            search=query["search"],
            after=after_name(query.get("cursor")),
            limit=query["limit"] + 1,
            now=self.now,
        )
        results, following = page(found, query["limit"], lambda one: (one.person.name, one.person.id))
        return Response(AudiencePeopleOut({"results": results, "next": following}).data)


class AudienceExport(Resource):
    """Who an audience is, as a file."""

    scopes = {"POST": "announcements:write"}
    repeatable = False  # an answer that is kept is JSON

    @extend_schema(
        operation_id="audience_export",
        summary="Who an audience is, as CSV",
        tags=["announcements"],
        request=AudienceGiven,
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Answer who would get it now as CSV, by name. Taking it is noted."""
        lines = people.export_audience(by=self.by, audience=audience(given(AudienceGiven, request)), now=self.now)
        response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audience-{self.now:%Y-%m-%d}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response


def audience(values: dict[str, Any]) -> people.Audience:
    """Translate an audience into the door's words."""
    left_out = people.Except(**_chosen(values["except_"])) if "except_" in values else people.Except()
    return people.Audience(everyone=values["everyone"], **_chosen(values), except_=left_out)


def _chosen(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "group_ids": tuple(values["group_ids"]),
        "person_ids": tuple(values["person_ids"]),
        "attributes": tuple(people.Attribute(**one) for one in values["attributes"]),
    }
