"""Addresses that mail goes to no more."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, before_time, page
from announcements.api.shapes import asked
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery


class SuppressionOut(serializers.Serializer[Any]):
    """An address that nudges and digests go to no more; `person_id` is null when it is nobody's now."""

    id = serializers.IntegerField()
    address = serializers.EmailField()
    person_id = serializers.IntegerField(allow_null=True)
    person_name = serializers.CharField(allow_blank=True)
    reason = serializers.ChoiceField(
        ["refused", "bounced", "complained"],
        help_text="refused by their mail server at once, bounced later, or complained of as spam",
    )
    said = serializers.CharField(allow_blank=True, help_text="In the words of whoever told us.")
    suppressed_at = serializers.DateTimeField()


class SuppressionsOut(serializers.Serializer[Any]):
    """A page of addresses, newest first."""

    results = SuppressionOut(many=True)
    next = serializers.CharField(allow_null=True)


class SuppressionsQuery(PageQuery):
    """Which addresses."""

    search = serializers.CharField(
        max_length=254, required=False, default="", allow_blank=True, help_text="A part of the address."
    )


class Suppressions(Resource):
    """Addresses that mail goes to no more."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="suppressions_list",
        summary="Addresses mail goes to no more",
        tags=["mail"],
        parameters=[SuppressionsQuery],
        responses=SuppressionsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer the addresses that nudges and digests go to no more, newest first; for admins."""
        query = asked(SuppressionsQuery, request)
        before = before_time(query.get("cursor"))
        found = delivery.suppressions(by=self.by, search=query["search"], before=before, limit=query["limit"] + 1)
        results, following = page(found, query["limit"], lambda one: (one.suppressed_at, one.id))
        return Response(SuppressionsOut({"results": results, "next": following}).data)


class OneSuppression(Resource):
    """An address that mail goes to no more."""

    scopes = {"DELETE": "people:write"}

    @extend_schema(
        operation_id="suppressions_lift", summary="Write to an address again", tags=["mail"], responses={204: None}
    )
    def delete(self, request: Request, suppression_id: int) -> Response:
        """Let mail go to it again from now on; for admins."""
        delivery.lift_suppression(by=self.by, suppression_id=suppression_id, now=self.now)
        return Response(status=204)
