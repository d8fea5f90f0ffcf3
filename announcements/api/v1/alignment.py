"""Alignment: how much of what was asked for was confirmed in time, by group and week."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api.shapes import Given, asked
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class AlignmentQuery(Given):
    """Over how many weeks, and by which kind of groups."""

    weeks = serializers.ChoiceField([4, 12, 52], default=12)
    kind = serializers.ChoiceField(
        [*get_args(people.GroupKind), "topic"],
        default="function",
        help_text="By which kind of groups; by topic, that is by kind of announcement, where all of the company is told of.",
    )


class AskedOut(serializers.Serializer[Any]):
    """How many confirmations were asked for, and how many came."""

    asked = serializers.IntegerField()
    on_time = serializers.IntegerField(help_text="By the deadline; without one, within seven days of publishing.")
    confirmed = serializers.IntegerField()
    unprompted = serializers.IntegerField(help_text="Before the person's first nudge went out.")


class ShareOut(AskedOut):
    """How many confirmations that are due by now were asked for, and how many came."""

    not_due = serializers.IntegerField(
        help_text="How many more were asked for that may come in time yet: they are in none of the others."
    )


class WeekOut(serializers.Serializer[Any]):
    """A week from Monday on, on the company's clock."""

    starts = serializers.DateTimeField()
    monday = serializers.DateField(help_text="The day it starts on there.")
    running = serializers.BooleanField()


class OnWallOut(serializers.Serializer[Any]):
    """Within how many minutes, as clocks on the wall count them, people had read; null where that few have not, within seven days."""

    median = serializers.IntegerField(allow_null=True)
    nine_tenths = serializers.IntegerField(allow_null=True)


class TimesOut(serializers.Serializer[Any]):
    """Within how many of their working minutes people had read; null where that few have not, within 40 hours."""

    read = serializers.IntegerField(help_text="How many people, of each announcement, had read.")
    waiting = serializers.IntegerField(help_text="How many have yet to: they count for as long as they have had.")
    quarter = serializers.IntegerField(allow_null=True)
    median = serializers.IntegerField(allow_null=True, help_text="By the estimate of Kaplan and Meier.")
    three_quarters = serializers.IntegerField(allow_null=True)
    nine_tenths = serializers.IntegerField(allow_null=True)
    wall = OnWallOut(allow_null=True, help_text="Null where some of it was read before that was counted.")


class LoadOut(serializers.Serializer[Any]):
    """What reached a person in a week, on average."""

    items = serializers.FloatField()
    minutes = serializers.FloatField(help_text="Of reading.")


class HealthOut(serializers.Serializer[Any]):
    """Whether what is said leaves people room to work."""

    recipients = serializers.IntegerField()
    at_work = serializers.IntegerField(help_text="Recipients reached in their working hours.")
    announcements = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True, help_text="The median length.")
    asking = serializers.IntegerField(help_text="Announcements that ask to be confirmed.")
    across = serializers.IntegerField(help_text="Announcements to somebody outside of the author's groups.")


class GroupAlignmentOut(serializers.Serializer[Any]):
    """Of a group, or a topic, the share of each week, and of all of them, as far as it is due."""

    group_id = serializers.IntegerField(help_text="0 of a topic.")
    name = serializers.CharField(help_text="Of a topic: the kind of announcement.")
    people = serializers.IntegerField(help_text="0 of a topic.")
    weeks = ShareOut(many=True)
    whole = ShareOut()
    times = TimesOut(allow_null=True, help_text="Null where nothing was published, or the privacy profile has none.")
    load = LoadOut(allow_null=True, help_text="Null of a topic, and where the privacy profile leaves the group out.")


class AlignmentOut(serializers.Serializer[Any]):
    """Alignment over some weeks."""

    weeks = WeekOut(many=True)
    whole = ShareOut(help_text="Of all that is due by now: of everybody, or for managers of their groups.")
    before = ShareOut(help_text="The same of as many weeks before.")
    items = serializers.FloatField(help_text="Announcements of any kind per person and week; 0 for managers of groups.")
    groups = GroupAlignmentOut(many=True)
    open = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="The newest hundred that asked to be confirmed, newest first, of those whose reach you may see.",
    )
    by_week = ShareOut(many=True, help_text="What `whole` is of, by week.")
    loads = LoadOut(many=True, help_text="By week; empty for managers of groups.")
    load = LoadOut(
        allow_null=True, help_text="Null for managers of groups, as are `times`, `times_before` and `health`."
    )
    times = TimesOut(allow_null=True)
    times_before = TimesOut(allow_null=True)
    health = HealthOut(allow_null=True)


class Alignment(Resource):
    """How aligned the company is."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="alignment_get",
        summary="Alignment",
        tags=["reach"],
        parameters=[AlignmentQuery],
        responses=AlignmentOut,
    )
    def get(self, request: Request) -> Response:
        """Answer alignment by group and week; for those who manage a group, admins and owners."""
        query = asked(AlignmentQuery, request)
        weeks: Any = int(query["weeks"])
        found = analytics.alignment(by=self.by, weeks=weeks, kind=query["kind"], now=self.now)
        return Response(AlignmentOut(found).data)
