"""Calendars of public holidays, on which no nudge and no digest goes out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.v1.resource import Resource
from announcements.people import services as people


class RegionOut(serializers.Serializer[Any]):
    """A part of a country that has days of its own."""

    code = serializers.CharField()
    name = serializers.CharField()


class CalendarOut(serializers.Serializer[Any]):
    """The public holidays of a country."""

    code = serializers.CharField()
    name = serializers.CharField()
    regions = RegionOut(many=True)


class CalendarsOut(serializers.Serializer[Any]):
    """The calendars there are, by name."""

    results = CalendarOut(many=True)


class HolidayOut(serializers.Serializer[Any]):
    """A public holiday."""

    date = serializers.DateField()
    name = serializers.CharField()


class HolidaysOut(serializers.Serializer[Any]):
    """The holidays of a calendar in the coming year."""

    results = HolidayOut(many=True)


class Calendars(Resource):
    """Calendars of public holidays."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="calendars_list",
        summary="Calendars of public holidays",
        tags=["workspace"],
        responses=CalendarsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer the calendars that a workspace or a group may name, with their regions."""
        return Response(CalendarsOut({"results": people.calendars()}).data)


class Holidays(Resource):
    """The days of a calendar."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="calendars_days", summary="Coming public holidays", tags=["workspace"], responses=HolidaysOut
    )
    def get(self, request: Request, code: str) -> Response:
        """Answer the holidays of a calendar from today on, for a year."""
        found = people.holidays_ahead(calendar=code, now=self.now)
        return Response(HolidaysOut({"results": [{"date": day, "name": name} for day, name in found]}).data)
