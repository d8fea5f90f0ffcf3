"""Whether all is well, for a company's admins."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import VERSION
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery


class StatusPartOut(serializers.Serializer[Any]):
    """Something that is counted on."""

    name = serializers.ChoiceField(get_args(delivery.PartName))
    state = serializers.ChoiceField(get_args(delivery.PartState))
    said = serializers.CharField(help_text="What was seen, in a sentence.")
    remedy = serializers.CharField(allow_blank=True, help_text="What to do; empty where all is well.")
    since = serializers.DateTimeField(allow_null=True, help_text="When it began, or was last done.")
    count = serializers.IntegerField(allow_null=True, help_text="How many it is about, where it counts something.")


class StatusOut(serializers.Serializer[Any]):
    """How the installation gets on, as far as it concerns my company."""

    well = serializers.BooleanField(help_text="Whether every part is.")
    version = serializers.CharField(help_text="Of Mantel.")
    parts = StatusPartOut(many=True)


class Status(Resource):
    """Whether all is well."""

    scopes = {"GET": "people:read"}

    @extend_schema(operation_id="status_get", summary="Whether all is well", tags=["workspace"], responses=StatusOut)
    def get(self, request: Request) -> Response:
        """Answer how queue, mail, fan-outs, imports and backups get on, and what to do about what does not; for admins."""
        parts = delivery.status(by=self.by, now=self.now)
        well = all(part.state == "well" for part in parts)
        return Response(StatusOut({"well": well, "version": VERSION, "parts": parts}).data)
