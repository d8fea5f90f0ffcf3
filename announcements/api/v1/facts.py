"""The facts themselves as JSON lines, for a company's own warehouse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from announcements.analytics import services as analytics
from announcements.api.shapes import Given, asked
from announcements.api.v1.resource import Resource
from announcements.kernel import errors

KIND = "application/x-ndjson"
LINES = {(200, KIND): OpenApiResponse(OpenApiTypes.STR)}
A_DAY = 24 * 60 * 60


class FactsQuery(Given):
    """Which part of the facts."""

    since = serializers.DateTimeField(
        required=False, default=None, help_text="From then on: when it arrived, or for hours when it was published."
    )
    cursor = serializers.CharField(
        max_length=400,
        required=False,
        default=None,
        help_text="Goes on where an answer ended: the header `Link` of an answer says how. Good for a day.",
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=5000, default=1000, help_text="Deliveries, or for hours announcements, to an answer."
    )


class FactsOfPeople(Resource):
    """What is recorded about persons."""

    scopes = {"GET": "facts:read"}

    @extend_schema(
        operation_id="facts_people",
        summary="Facts of people as JSON lines",
        tags=["reach"],
        parameters=[FactsQuery],
        responses=LINES,
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer a line for each person and announcement that arrived at theirs, as far as the privacy profile tells; for admins.

        Beginning is noted, and shown to who is named. Where there is more, the header `Link` says where it goes on.
        """
        query = asked(FactsQuery, request)
        cursor = self._cursor(query["cursor"], "people")
        until = datetime.fromisoformat(cursor[3]) if cursor else self.now
        found = analytics.facts_of_people(
            by=self.by,
            since=query["since"],
            after=(datetime.fromisoformat(cursor[0]), cursor[1], cursor[2]) if cursor else None,
            until=until,
            limit=query["limit"],
        )
        at = found.next and [found.next[0].isoformat(), *found.next[1:], until.isoformat()]
        return self._answer("people", found.lines, query, at)

    def _cursor(self, given: str | None, salt: str) -> list[Any] | None:
        if given is None:
            return None
        try:
            mark = signing.loads(given, salt=f"facts.{salt}.{self.by}", max_age=A_DAY)
        except signing.BadSignature:
            said = _("This is no cursor of yours that still holds. Begin anew, with `since`.")
            raise errors.Invalid({"cursor": [said]}) from None
        return list(mark)

    def _answer(
        self,
        salt: str,
        lines: Iterable[analytics.PersonFacts | analytics.HourFacts],
        query: dict[str, Any],
        mark: list[Any] | None,
    ) -> HttpResponse:
        response = HttpResponse(b"".join(analytics.as_line(facts=one) for one in lines), content_type=KIND)
        if mark:
            told = {"cursor": signing.dumps(mark, salt=f"facts.{salt}.{self.by}"), "limit": query["limit"]}
            told |= {"since": query["since"].isoformat()} if query["since"] else {}
            response["Link"] = f'<{self.request.path}?{urlencode(told)}>; rel="next"'
        return response


class FactsByHour(FactsOfPeople):
    """How many did what, by the hour."""

    @extend_schema(
        operation_id="facts_hours",
        summary="Facts by the hour as JSON lines",
        tags=["reach"],
        parameters=[FactsQuery],
        responses=LINES,
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer a line for each announcement, fact, channel and hour in which it happened first to somebody; for admins.

        Nobody is named. Where there is more, the header `Link` says where it goes on.
        """
        query = asked(FactsQuery, request)
        cursor = self._cursor(query["cursor"], "hours")
        found = analytics.facts_by_hour(
            by=self.by,
            since=query["since"],
            after=(datetime.fromisoformat(cursor[0]), cursor[1]) if cursor else None,
            now=self.now,
            limit=query["limit"],
        )
        return self._answer("hours", found.lines, query, found.next and [found.next[0].isoformat(), found.next[1]])
