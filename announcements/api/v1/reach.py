"""Did it land: reach, and who is missing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.analytics import services as analytics
from announcements.api.pagination import PageQuery, after_name, page
from announcements.api.shapes import MAX_ID, Given, asked
from announcements.api.v1.resource import Resource
from announcements.api.v1.workspace import PRIVACY
from announcements.people import services as people

UNTOLD = "Null where there are so few people that the privacy profile tells of confirmations alone."


class CountsOut(serializers.Serializer[Any]):
    """How many got how far."""

    recipients = serializers.IntegerField()
    displayed = serializers.IntegerField(allow_null=True, help_text=UNTOLD)
    opened = serializers.IntegerField(allow_null=True, help_text=UNTOLD)
    read = serializers.IntegerField(allow_null=True, help_text=UNTOLD)
    acknowledged = serializers.IntegerField()


class GroupReachOut(serializers.Serializer[Any]):
    """How many of a group got how far."""

    recipients = serializers.IntegerField()
    displayed = serializers.IntegerField()
    opened = serializers.IntegerField()
    read = serializers.IntegerField()
    acknowledged = serializers.IntegerField()
    group_id = serializers.IntegerField()
    name = serializers.CharField()


class PointOut(serializers.Serializer[Any]):
    """How many had, at an instant."""

    at = serializers.DateTimeField()
    opened = serializers.IntegerField(allow_null=True, help_text=UNTOLD)
    acknowledged = serializers.IntegerField()


class ProgressOut(serializers.Serializer[Any]):
    """How far fanning out has come."""

    total = serializers.IntegerField()
    done = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ReachOut(CountsOut):
    """How an announcement landed. Deactivated people are left out and counted apart."""

    on_the_way = serializers.IntegerField(help_text="Recipients whose clock has yet to say that it arrives.")
    deactivated = serializers.IntegerField()
    by_group = GroupReachOut(many=True)
    groups_hidden = serializers.IntegerField(help_text="Groups that the privacy profile finds too small to be shown.")
    by_channel = serializers.DictField(child=serializers.IntegerField())
    progress = ProgressOut()
    channel_of = serializers.ChoiceField(["opened", "acknowledged"], help_text="The fact that by_channel counts.")
    on_time = serializers.IntegerField(
        help_text="Confirmed by the deadline; without one, within seven days of publishing."
    )
    unprompted = serializers.IntegerField(help_text="Confirmed before their first nudge went out.")
    curve = PointOut(many=True)
    privacy = serializers.ChoiceField(get_args(people.Privacy), help_text=PRIVACY)
    names = serializers.BooleanField(help_text="Whether the missing are named.")
    few = serializers.BooleanField(
        help_text="So few people that the privacy profile tells of confirmations alone: displayed, opened and read are null."
    )
    joined_later = serializers.IntegerField(
        allow_null=True,
        help_text="Whom its audience means by now and it did not reach: they joined, moved or came back since. Null unless asked for.",
    )


class ReachQuery(Given):
    """What is counted beside."""

    joined_later = serializers.BooleanField(default=False, help_text="Also who joined its audience later.")


class LandedOut(CountsOut):
    """How one of many landed."""

    announcement_id = serializers.IntegerField()
    progress = ProgressOut()


class OverviewOut(serializers.Serializer[Any]):
    """How each of several landed, in the order they were asked for."""

    results = LandedOut(many=True)


class OverviewQuery(Given):
    """Which announcements."""

    announcement_ids = serializers.RegexField(
        r"^[0-9]{1,18}(,[0-9]{1,18}){0,99}$",
        help_text="Up to 100 ids with commas between; those that are not yours to see are left out.",
    )


class AmongQuery(Given):
    """Which of the missing."""

    got_to = serializers.ChoiceField(
        get_args(analytics.GotTo),
        required=False,
        help_text="Who got just so far; refused where the privacy profile tells that of nobody.",
    )
    unreachable = serializers.BooleanField(default=False, help_text="Whom no mail reaches.")
    group_id = serializers.IntegerField(
        min_value=1,
        max_value=MAX_ID,
        required=False,
        help_text="Who was in it, or below it, when it was published.",
    )
    search = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="In name, title, address or location."
    )


class MissingQuery(AmongQuery, PageQuery):
    """Which of the missing, and which part of the list."""


def among(query: dict[str, Any]) -> analytics.Among:
    """Return which of the missing a query asks for."""
    names = ("got_to", "unreachable", "group_id", "search")
    return analytics.Among(**{name: query[name] for name in names if name in query})


class MissingOut(serializers.Serializer[Any]):
    """Somebody who has yet to acknowledge; where nobody was asked, to read."""

    person_id = serializers.IntegerField()
    name = serializers.CharField()
    groups = serializers.ListField(child=serializers.CharField())
    timezone = serializers.CharField()
    local_time = serializers.SerializerMethodField(help_text="Now, on their clock.")
    got_to = serializers.ChoiceField(
        get_args(analytics.GotTo),
        allow_null=True,
        help_text="Null where the privacy profile tells reading facts of nobody.",
    )
    nudge_at = serializers.SerializerMethodField(
        help_text="When a nudge by hand would go out, on their clock; null where no working day of theirs comes, or `suppressed` is `unreachable`."
    )
    planned_nudge_at = serializers.SerializerMethodField(
        help_text="When their next nudge is due, by hand or by itself, on their clock; null where none is to come, or no mail reaches them."
    )
    last_nudge_at = serializers.DateTimeField(allow_null=True)
    nudge_state = serializers.CharField(allow_null=True)
    suppressed = serializers.ChoiceField(
        ["refused", "bounced", "complained", "unreachable"],
        allow_blank=True,
        help_text="Why mail goes to their address no more; empty where it does. `unreachable` where the privacy profile tells no reason: for their address, or as no working day of theirs comes.",
    )

    def get_local_time(self, person: analytics.Missing) -> str:
        """Return it with their offset from UTC, which a DateTimeField would turn to ours."""
        return person.local_time.isoformat()

    def get_nudge_at(self, person: analytics.Missing) -> str | None:
        """Return it with their offset from UTC, as well."""
        return person.nudge_at.isoformat() if person.nudge_at else None

    def get_planned_nudge_at(self, person: analytics.Missing) -> str | None:
        """Return it likewise."""
        return person.planned_nudge_at.isoformat() if person.planned_nudge_at else None


class MissingPageOut(serializers.Serializer[Any]):
    """A page of who is missing, by name."""

    results = MissingOut(many=True)
    next = serializers.CharField(allow_null=True)


class Overview(Resource):
    """How several announcements landed."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="reach_overview",
        summary="Reach of several",
        tags=["reach"],
        parameters=[OverviewQuery],
        responses=OverviewOut,
    )
    def get(self, request: Request) -> Response:
        """Answer the counts of each, without groups and curves: for a list."""
        ids = list(dict.fromkeys(map(int, asked(OverviewQuery, request)["announcement_ids"].split(","))))
        found = analytics.overview(by=self.by, announcement_ids=ids, now=self.now)
        rows = [
            {"announcement_id": id, **asdict(found[id].counts), "progress": found[id].progress}
            for id in ids
            if id in found
        ]
        return Response(OverviewOut({"results": rows}).data)


class Reach(Resource):
    """How an announcement landed."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="announcements_reach", summary="Reach", tags=["reach"], parameters=[ReachQuery], responses=ReachOut
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer how many it was meant for, and how far they got."""
        later = asked(ReachQuery, request)["joined_later"]
        found = analytics.reach(by=self.by, announcement_id=announcement_id, now=self.now, joined_later=later)
        return Response(ReachOut(found).data)


class Missing(Resource):
    """Who has yet to acknowledge."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="announcements_missing",
        summary="Who is missing",
        tags=["reach"],
        parameters=[MissingQuery],
        responses=MissingPageOut,
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer a page of who has yet to acknowledge, by name; where nobody was asked, of who has yet to read, if the privacy profile is open."""
        query = asked(MissingQuery, request)
        found = analytics.missing(
            by=self.by,
            announcement_id=announcement_id,
            now=self.now,
            after=after_name(query.get("cursor")),
            limit=query["limit"] + 1,
            among=among(query),
        )
        results, following = page(found, query["limit"], lambda person: (person.name, person.person_id))
        return Response(MissingPageOut({"results": results, "next": following}).data)
