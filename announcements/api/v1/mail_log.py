"""The log of mail: what went to whom when, why or why not, and what came back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, before_time, page
from announcements.api.shapes import MAX_ID, Flag, Given, asked, given
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery
from announcements.kernel import errors

STATES = ["queued", "submitting", "submitted", "failed", "uncertain", "skipped"]


class CameBackOut(serializers.Serializer[Any]):
    """What came back about a mail."""

    what = serializers.ChoiceField(["delivered", "delayed", "bounced", "complained"])
    said = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class LoggedMailOut(serializers.Serializer[Any]):
    """A nudge or a digest, and what became of it."""

    kind = serializers.ChoiceField(["nudge", "digest"])
    mail_id = serializers.IntegerField(help_text="Of its kind: a nudge and a digest may have the same.")
    announcement_id = serializers.IntegerField(allow_null=True)
    title = serializers.CharField(allow_blank=True)
    period = serializers.CharField(allow_blank=True, help_text="Of a digest: 2026-W47 or 2026-11-16.")
    step = serializers.IntegerField(help_text="Of a nudge; from 100 on it was sent by hand.")
    person_id = serializers.IntegerField()
    person_name = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True, help_text="Their address now.")
    due_at = serializers.DateTimeField()
    state = serializers.ChoiceField(STATES)
    reason = serializers.CharField(allow_blank=True, help_text="Why it was skipped, failed or is uncertain, in a word.")
    attempts = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    reply = serializers.CharField(allow_blank=True, help_text="What the mail server said.")
    returns = CameBackOut(many=True)


class MailLogOut(serializers.Serializer[Any]):
    """A page of mails, newest first."""

    results = LoggedMailOut(many=True)
    next = serializers.CharField(allow_null=True)


class MailLogQuery(Given):
    """Which mails. Without a person, an announcement, a search or a state: those that failed or are uncertain."""

    person_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, default=None)
    announcement_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, default=None)
    state = serializers.ChoiceField(STATES, required=False, default="", allow_blank=True)
    search = serializers.CharField(
        max_length=254, required=False, default="", allow_blank=True, help_text="A part of a name or an address."
    )


class MailLogPageQuery(MailLogQuery, PageQuery):
    """Which mails, and which part of them."""


class SettledGiven(Given):
    """What became of a mail."""

    arrived = Flag()


class MailLog(Resource):
    """The log of mail."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="mail_log_list",
        summary="What was mailed",
        tags=["mail"],
        parameters=[MailLogPageQuery],
        responses=MailLogOut,
    )
    def get(self, request: Request) -> Response:
        """Answer nudges and digests, newest first: one's own, about an announcement that one manages, or all for admins. Looking is noted."""
        query = asked(MailLogPageQuery, request)
        limit, before = query.pop("limit"), before_time(query.pop("cursor", None))
        found = delivery.mail_log(
            by=self.by, asked=delivery.MailAsked(**query), before=before, limit=limit + 1, now=self.now
        )
        results, following = page(found, limit, lambda one: (one.due_at, one.place))
        return Response(MailLogOut({"results": results, "next": following}).data)


class Export(Resource):
    """The log of mail as a file."""

    scopes = {"GET": "reach:read"}

    @extend_schema(
        operation_id="mail_log_export",
        summary="What was mailed, as CSV",
        tags=["mail"],
        parameters=[MailLogQuery],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer the mails that are asked for as CSV, newest first. Taking them is noted."""
        wanted = delivery.MailAsked(**asked(MailLogQuery, request))
        lines = delivery.export_mail_log(by=self.by, asked=wanted, now=self.now)
        response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="mail-{self.now:%Y-%m-%d}.csv"'
        response["Cache-Control"] = "private, no-store"
        return response


class Settle(Resource):
    """A mail of which nobody knows whether it arrived."""

    scopes = {"POST": "workspace:write"}

    @extend_schema(
        operation_id="mail_log_settle",
        summary="Say what became of an uncertain mail",
        tags=["mail"],
        request=SettledGiven,
        responses={204: None},
    )
    def post(self, request: Request, kind: str, mail_id: int) -> Response:
        """Say whether a mail arrived whose connection broke while it was on its way; for admins. No machine sends it again."""
        arrived = given(SettledGiven, request)["arrived"]
        if kind not in ("nudge", "digest"):
            raise errors.NotFound
        delivery.settle_mail(by=self.by, kind=kind, mail_id=mail_id, arrived=arrived, now=self.now)  # type: ignore[arg-type]  # one of the two
        return Response(status=204)
