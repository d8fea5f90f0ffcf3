"""Who did what, for owners."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, before_time, page
from announcements.api.shapes import MAX_ID, Given, asked
from announcements.api.v1.resource import Resource
from announcements.audit import services as audit


class EntryOut(serializers.Serializer[Any]):
    """Something somebody did. `by` is null for the hub itself; names are of today."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.IntegerField(allow_null=True)
    by_name = serializers.CharField(allow_blank=True)
    verb = serializers.CharField()
    subject = serializers.CharField(allow_blank=True)
    subject_id = serializers.IntegerField(allow_null=True)
    subject_name = serializers.CharField(allow_blank=True)
    details = serializers.DictField()
    names = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        help_text="Names of today of whom the details give by id: `person_id`, `parent_id`.",
    )


class EntriesOut(serializers.Serializer[Any]):
    """A page of entries, newest first; `verbs` is everything that ever happened here."""

    results = EntryOut(many=True)
    next = serializers.CharField(allow_null=True)
    verbs = serializers.ListField(child=serializers.CharField())


class TrailQuery(Given):
    """Which entries."""

    verb = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    person_id = serializers.IntegerField(
        min_value=1, max_value=MAX_ID, required=False, default=None, help_text="Who did it, or to whom."
    )
    since = serializers.DateTimeField(required=False, default=None)
    until = serializers.DateTimeField(required=False, default=None)


class EntriesQuery(TrailQuery, PageQuery):
    """Which entries, and which part of them."""


class Entries(Resource):
    """The trail of my workspace."""

    scopes = {"GET": "audit:read"}

    @extend_schema(
        operation_id="audit_list",
        summary="Who did what",
        tags=["audit"],
        parameters=[EntriesQuery],
        responses=EntriesOut,
    )
    def get(self, request: Request) -> Response:
        """Answer a page of the trail, newest first; for owners."""
        query = asked(EntriesQuery, request)
        limit, before = query.pop("limit"), before_time(query.pop("cursor", None))
        found = audit.entries(by=self.by, asked=audit.Asked(**query), before=before, limit=limit + 1)
        results, following = page(found, limit, lambda entry: (entry.at, entry.id))
        return Response(EntriesOut({"results": results, "next": following, "verbs": audit.verbs(by=self.by)}).data)


class Export(Resource):
    """The trail as a file."""

    scopes = {"GET": "audit:read"}

    @extend_schema(
        operation_id="audit_export",
        summary="The trail as CSV",
        tags=["audit"],
        parameters=[TrailQuery],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer all entries that are asked for as CSV, newest first. Taking them is an entry itself; for owners."""
        lines = audit.export(by=self.by, asked=audit.Asked(**asked(TrailQuery, request)), now=self.now)
        response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-{self.now:%Y-%m-%d}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response
