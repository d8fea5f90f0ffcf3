"""My company's settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import auth
from announcements.api.shapes import Clock, Flag, Given, Hours, Number, Text, Zone, given, need_something
from announcements.api.v1.resource import Resource
from announcements.people import services as people

# What would let a program that holds a key take the company over, or lose what does not come back.
SESSIONS_ONLY = {"second_factor_required", "privacy", "retention_days"}
JOIN_POLICIES = ["open", "approval", "invite"]
PRIVACY = "standard: names only where acknowledgement was asked; open: names for read facts too; works_council: no names but required acknowledgements."


class ClockOut(serializers.Serializer[Any]):
    """A place whose time the new tab shows, and whether it is at work now, by the company's hours."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own label
    timezone = serializers.CharField()
    working = serializers.BooleanField()
    changes_at = serializers.DateTimeField(help_text="When work ends there, or begins.")


class LinkOut(serializers.Serializer[Any]):
    """Somewhere the new tab leads to."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own label
    url = serializers.URLField()
    icon = serializers.ChoiceField(people.ICONS)


class LogoOut(serializers.Serializer[Any]):
    """Where the logo is, as PNG: at 64 and at 256 pixels a side. An address never changes what it shows."""

    small = serializers.CharField()
    large = serializers.CharField()


class WorkspaceOut(serializers.Serializer[Any]):
    """A company."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    timezone = serializers.CharField()
    work_days = serializers.ListField(child=serializers.IntegerField())
    work_starts = Clock()
    work_ends = Clock()
    nudge_hours = serializers.ListField(child=serializers.FloatField())
    join_policy = serializers.ChoiceField(JOIN_POLICIES)
    brand_hue = serializers.IntegerField()
    second_factor_required = serializers.BooleanField()
    calendar = serializers.CharField(allow_blank=True, help_text="Its public holidays: PT, DE-BY; empty for none.")
    sign_in_to_acknowledge = serializers.BooleanField(
        help_text="Whether the link of a nudge confirms only for who is signed in as its reader."
    )
    logo = LogoOut(allow_null=True)
    privacy = serializers.ChoiceField(get_args(people.Privacy), help_text=PRIVACY)
    retention_days = serializers.IntegerField(
        help_text="How many days single facts about reading are kept; confirmations and sums stay."
    )
    domains = serializers.ListField(child=serializers.CharField(), help_text="Claimed email domains.")
    clocks = ClockOut(many=True)
    links = LinkOut(many=True)
    people = serializers.IntegerField(help_text="How many people it lists, whatever their state.")


class ClockGiven(Given):
    """A place whose time the new tab shows."""

    label = Text(max_length=40)  # type: ignore[assignment]  # a field, not the serializer's own label
    timezone = Zone()


class LinkGiven(Given):
    """Somewhere the new tab leads to."""

    label = Text(max_length=40)  # type: ignore[assignment]  # a field, not the serializer's own label
    url = Text(max_length=2000, help_text="A whole address that begins with https://.")
    icon = serializers.ChoiceField(people.ICONS, required=False, default="link")


class WorkspaceGiven(Given):
    """What admins may change."""

    name = Text(max_length=80, required=False)
    timezone = Zone(required=False)
    work_days = serializers.ListField(child=Number(min_value=0, max_value=6), max_length=7, required=False)
    work_starts = Clock(required=False)
    work_ends = Clock(required=False)
    nudge_hours = serializers.ListField(child=Hours(min_value=0, max_value=720), max_length=3, required=False)
    join_policy = serializers.ChoiceField(JOIN_POLICIES, required=False)
    brand_hue = Number(min_value=0, max_value=359, required=False)
    second_factor_required = Flag(required=False)
    calendar = Text(max_length=12, required=False, allow_blank=True)
    sign_in_to_acknowledge = Flag(required=False)
    privacy = serializers.ChoiceField(get_args(people.Privacy), required=False, help_text=PRIVACY)
    retention_days = Number(min_value=7, max_value=3650, required=False)
    clocks = serializers.ListField(child=ClockGiven(), max_length=12, required=False)
    links = serializers.ListField(child=LinkGiven(), max_length=24, required=False)


class Workspace(Resource):
    """My company."""

    scopes = {"GET": "people:read", "PATCH": "workspace:write"}

    @extend_schema(operation_id="workspace_get", summary="My workspace", tags=["workspace"], responses=WorkspaceOut)
    def get(self, request: Request) -> Response:
        """Answer my company's settings."""
        found = people.company(workspace_id=request.user.workspace_id)  # type: ignore[union-attr]  # a Caller
        return answer(found, self.now)

    @extend_schema(
        operation_id="workspace_change",
        summary="Change the workspace",
        tags=["workspace"],
        request=WorkspaceGiven,
        responses=WorkspaceOut,
    )
    def patch(self, request: Request) -> Response:
        """Change my company's settings; for admins. `second_factor_required`, `privacy` and `retention_days` only with a session."""
        values = given(WorkspaceGiven, request)
        need_something(values)
        auth.need_session(request, SESSIONS_ONLY & values.keys())
        frozen: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        for name, kind in (("clocks", people.Clock), ("links", people.Link)):
            if name in frozen:
                frozen[name] = tuple(kind(**one) for one in frozen[name])
        changes = people.WorkspaceChanges(**frozen)
        return answer(people.update_workspace(by=self.by, changes=changes, now=self.now), self.now)


def answer(company: people.Company, now: datetime) -> Response:
    """Answer a company as its people see it."""
    values = {name: getattr(company, name) for name in (*people.Workspace.__slots__, *people.Company.__slots__)}
    clocks = clocks_of(company, now)
    sides = zip(("small", "large"), people.LOGO_SIZES, strict=True)
    logo = {name: f"/api/v1/workspace/logo/{company.logo}/{side}" for name, side in sides} if company.logo else None
    return Response(WorkspaceOut(values | {"clocks": clocks, "logo": logo}).data)


def clocks_of(company: people.Workspace, now: datetime) -> list[dict[str, Any]]:
    """Return the places whose time the new tab shows, and whether each is at work."""
    return [_clock(company, clock, now) for clock in company.clocks]


def _clock(company: people.Workspace, clock: people.Clock, now: datetime) -> dict[str, Any]:
    hours = company.working_time(clock.timezone)
    return {
        "label": clock.label,
        "timezone": clock.timezone,
        "working": hours.is_working(now),
        "changes_at": hours.changes_at(now),
    }
