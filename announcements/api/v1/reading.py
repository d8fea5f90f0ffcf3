"""Reading: the feed, an announcement as its reader sees it, receipts, acknowledging."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import feed, sessions
from announcements.api.shapes import Given, Number, given
from announcements.api.v1._receipts import CHANNELS, ReceiptsGiven, receipts_of
from announcements.api.v1.audience import AudienceOut
from announcements.api.v1.pictures import PictureOut, addresses
from announcements.api.v1.resource import Resource
from announcements.api.v1.writing import PIN, PLANNED, OwnClockOut, WhenOut
from announcements.delivery import services as delivery
from announcements.kernel import errors, text
from announcements.people import services as people
from announcements.publishing import services as publishing

SHOWN = (
    *("id", "kind", "title", "summary", "body", "author_id", "published_at", "version", "words", "minutes"),
    *("ask_acknowledge", "deadline", "expires_at", "withdrawn_at", "withdraw_reason"),
)
MANAGEMENT = (
    *("audience", "nudge_hours", "revision", "created_at", "updated_at", "updated_by"),
    *("planned", "scheduled_for", "own_clock", "refused", "pin", "pinned_at"),
)


class FeedItemOut(serializers.Serializer[Any]):
    """An announcement on a reader's tab."""

    announcement_id = serializers.IntegerField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(get_args(publishing.Kind))
    author_id = serializers.IntegerField()
    author_name = serializers.CharField()
    author_title = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field, not the option of one
    pinned = serializers.BooleanField()
    deadline = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    displayed_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    dismissed_at = serializers.DateTimeField(
        allow_null=True, help_text="When I put it aside unread, or how I read it was forgotten by age."
    )
    saved_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when I have it on my list for later; null: I do not."
    )
    confirmed = serializers.IntegerField()
    recipients = serializers.IntegerField()
    groups = serializers.ListField(child=serializers.CharField())


class FeedOut(serializers.Serializer[Any]):
    """My feed: required reading first, by deadline, then the newest, then what I saved from before these."""

    items = FeedItemOut(many=True)


class DeliveryOut(serializers.Serializer[Any]):
    """What is recorded about my reading: the first time of each fact."""

    delivered_at = serializers.DateTimeField()
    displayed_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    dismissed_at = serializers.DateTimeField(allow_null=True)
    acknowledged_version = serializers.IntegerField(allow_null=True)
    saved_at = serializers.DateTimeField(allow_null=True)


class ReadingOut(serializers.Serializer[Any]):
    """An announcement as I may see it. Fields about managing it are null for those who only read."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(get_args(publishing.State))
    kind = serializers.ChoiceField(get_args(publishing.Kind))
    title = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True, help_text="Sanitized HTML; empty once withdrawn, for readers.")
    body_text = serializers.CharField(allow_blank=True, help_text="The body as plain text.")
    body_markdown = serializers.CharField(
        allow_null=True, help_text="For managers: the body as Markdown; null when Markdown cannot say all of it."
    )
    author_id = serializers.IntegerField()
    author_name = serializers.CharField()
    author_title = serializers.CharField(allow_blank=True)
    author_picture = PictureOut(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When it was published; for what goes out on each reader's clock, when it reached me.",
    )
    changed_at = serializers.DateTimeField(allow_null=True, help_text="When its text last changed; null if never.")
    version = serializers.IntegerField()
    words = serializers.IntegerField()
    minutes = serializers.IntegerField()
    ask_acknowledge = serializers.BooleanField()
    deadline = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdraw_reason = serializers.CharField(allow_blank=True)
    delivery = DeliveryOut(allow_null=True)
    manages = serializers.BooleanField(help_text="Whether I see its numbers.")
    changes = serializers.BooleanField(help_text="Whether I may change it.")
    audience = AudienceOut(allow_null=True)
    audience_text = serializers.CharField(
        allow_blank=True, help_text="Whom it is for, in words; exceptions are told to managers only."
    )
    nudge_hours = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    revision = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
    updated_by = serializers.IntegerField(allow_null=True, help_text="For managers: who changed it last.")
    updated_by_name = serializers.CharField(allow_null=True)
    planned = WhenOut(allow_null=True, help_text=PLANNED)
    scheduled_for = serializers.DateTimeField(allow_null=True)
    own_clock = OwnClockOut(allow_null=True)
    refused = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), allow_null=True)
    pin = serializers.BooleanField(allow_null=True, help_text=PIN)
    pinned_at = serializers.DateTimeField(allow_null=True)


class RecordedOut(serializers.Serializer[Any]):
    """What became of them."""

    accepted = serializers.IntegerField()
    unchanged = serializers.IntegerField(help_text="Known already: the first time wins.")
    dropped = serializers.IntegerField(help_text="Of announcements that are not mine, or that ask for something else.")


class AcknowledgeGiven(Given):
    """That I have read it."""

    version = Number(min_value=1, help_text="The version that was read.")
    channel = serializers.ChoiceField(CHANNELS, required=False, default="page")
    receipt = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Chosen by the client: the `client_id` by which it may send it again, or take it back, with `POST /receipts`.",
    )


class Feed(Resource):
    """My feed."""

    scopes = {"GET": "feed:read"}

    @extend_schema(
        operation_id="feed_get",
        summary="My feed",
        tags=["feed"],
        parameters=[
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the feed I have.")
        ],
        responses={200: FeedOut, 304: OpenApiResponse(description="You have it already.")},
    )
    def get(self, request: Request) -> HttpResponse:
        """Answer my feed. A feed key (`mfk_…`) is the cheap way to ask; a session or a token works as well."""
        caller: Any = request.user
        if request.auth is None:
            sessions.remember(caller, request._request)
        return feed.answer(request._request, caller)


class Receipts(Resource):
    """Facts about my reading."""

    scopes = {"POST": "receipts:write"}

    @extend_schema(
        operation_id="receipts_record",
        summary="Record reading",
        tags=["reading"],
        request=ReceiptsGiven,
        responses=RecordedOut,
    )
    def post(self, request: Request) -> Response:
        """Record what I saw, opened, read, acknowledged or took back, or (news only) dismissed; what I put on my list for later, or took off it. Sending it twice changes nothing."""
        receipts = receipts_of(request)
        return Response(RecordedOut(delivery.record(by=self.by, receipts=receipts, now=self.now)).data)


class Acknowledge(Resource):
    """Confirming that I have read an announcement."""

    scopes = {"POST": "receipts:write", "DELETE": "receipts:write"}

    @extend_schema(
        operation_id="announcements_acknowledge",
        summary="Acknowledge",
        tags=["reading"],
        request=AcknowledgeGiven,
        responses=DeliveryOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Confirm that I have read this version."""
        values = given(AcknowledgeGiven, request)
        found = delivery.acknowledge(by=self.by, announcement_id=announcement_id, now=self.now, **values)
        return Response(DeliveryOut(found).data)

    @extend_schema(
        operation_id="announcements_unacknowledge",
        summary="Take an acknowledgement back",
        tags=["reading"],
        responses={204: None},
    )
    def delete(self, request: Request, announcement_id: int) -> Response:
        """Take it back, within ten minutes."""
        delivery.unacknowledge(by=self.by, announcement_id=announcement_id, now=self.now)
        return Response(status=204)


def answer(*, by: int, announcement_id: int, now: datetime) -> Response:
    """Answer an announcement as `by` may see it: with its management when they manage it, else as its reader."""
    try:
        item, manages = publishing.find(by=by, announcement_id=announcement_id, now=now), True
        received = _delivery(by, item, now)
    except errors.NotFound:
        read = delivery.readable(by=by, announcement_id=announcement_id, now=now)
        item, received, manages = read.announcement, read.delivery, False
    changes = manages and publishing.may_change(by=by, announcement=item, now=now)
    found = shown(item, manages=manages, now=now) | {"changes": changes, "delivery": received}
    if received and item.own_clock:
        found["arrived_at"] = received.delivered_at
    return Response(ReadingOut(found).data)


def shown(item: publishing.Announcement, *, manages: bool, now: datetime) -> dict[str, Any]:
    """Return an announcement as its page shows it, without what is about who reads."""
    known = people.get_many(ids={item.author_id, item.updated_by})
    author = known[item.author_id]
    shown: dict[str, Any] = {name: getattr(item, name) for name in SHOWN}
    shown |= {name: getattr(item, name) if manages else None for name in MANAGEMENT}
    body = item.body if manages or item.withdrawn_at is None else ""
    return shown | {
        "state": item.state(now),
        "body": body,
        "body_text": text.to_plain(body),
        "body_markdown": text.to_markdown(item.body) if manages else None,
        "updated_by_name": known[item.updated_by].name if manages else None,
        "author_name": author.name,
        "author_title": author.title,
        "author_picture": addresses(author.id, author.picture),
        "arrived_at": item.published_at,
        "changed_at": _changed_at(item),
        "audience_text": people.audiences_in_words(
            workspace_id=item.workspace_id, audiences=[item.audience], whole=manages
        )[0],
        "manages": manages,
    }


def _delivery(by: int, item: publishing.Announcement, now: datetime) -> delivery.Delivery | None:
    if item.published_at is None:
        return None
    return delivery.readable(by=by, announcement_id=item.id, now=now).delivery


def _changed_at(item: publishing.Announcement) -> datetime | None:
    if item.version <= 1:
        return None
    return publishing.version_get(announcement_id=item.id, number=item.version).at
