"""Who writes to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api.shapes import Given, asked
from announcements.api.v1.reach_export import CSV, as_file
from announcements.api.v1.resource import Resource
from announcements.kernel import sheets
from announcements.people import services as people

COUNTED = ("announcements", "recipients", "opened", "read", "minutes")


class FlowsQuery(Given):
    """Over how many weeks, and between which kind of groups."""

    weeks = serializers.ChoiceField([4, 12, 52], default=12)
    kind = serializers.ChoiceField(get_args(people.GroupKind), default="function")


class FlowOut(serializers.Serializer[Any]):
    """What the authors of one group sent to another."""

    from_id = serializers.IntegerField(help_text="A group the author belonged to then; 0: none of those shown.")
    to_id = serializers.IntegerField(help_text="A group somebody of whom it reached; 0: it was for everyone.")
    announcements = serializers.IntegerField()
    recipients = serializers.IntegerField(help_text="Of each announcement, added up.")
    opened = serializers.IntegerField()
    read = serializers.IntegerField()
    minutes = serializers.IntegerField(help_text="Of reading, of all recipients together.")


class PlaceOut(serializers.Serializer[Any]):
    """A group that wrote or was written to."""

    group_id = serializers.IntegerField()
    name = serializers.CharField()
    people = serializers.IntegerField()


class FlowsOut(serializers.Serializer[Any]):
    """Who wrote to whom."""

    groups = PlaceOut(many=True)
    flows = FlowOut(many=True, help_text="The largest first.")
    unaddressed = serializers.ListField(
        child=serializers.IntegerField(), help_text="Groups that nothing reached but what went to everyone."
    )


class Flows(Resource):
    """Who writes to whom."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="flows_get",
        summary="Who writes to whom",
        tags=["reach"],
        parameters=[FlowsQuery],
        responses=FlowsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer who wrote to whom, by group; for those who manage a group, admins and owners."""
        return Response(FlowsOut(_asked(self, asked(FlowsQuery, request))).data)


class FlowsCSV(Resource):
    """Who writes to whom, as a file."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="flows_csv",
        summary="Who writes to whom, as CSV",
        tags=["reach"],
        parameters=[FlowsQuery],
        responses=CSV,
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer each flow in a row."""
        header = ("from_id", "from", "to_id", "to", *COUNTED)
        query = asked(FlowsQuery, request)
        lines = sheets.to_csv(header, _rows(_asked(self, query)))
        return as_file(lines, "who-writes-to-whom", query["kind"], f"{query['weeks']}-weeks", now=self.now)


def _asked(resource: Resource, query: dict[str, Any]) -> analytics.Flows:
    weeks: Any = int(query["weeks"])
    return analytics.flows(by=resource.by, weeks=weeks, kind=query["kind"], now=resource.now)


def _rows(found: analytics.Flows) -> Iterator[Sequence[object]]:
    names = {group.group_id: group.name for group in found.groups}
    for flow in found.flows:
        ends = (flow.from_id, names.get(flow.from_id, ""), flow.to_id, names.get(flow.to_id, "everyone"))
        yield (*ends, *(getattr(flow, name) for name in COUNTED))
