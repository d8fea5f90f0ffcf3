"""Before it goes out: the checklist, a preview as somebody will see it, a test to oneself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, UserRateThrottle

from announcements.api.shapes import Clock, Given, asked, given
from announcements.api.throttles import Rendering, Tests
from announcements.api.v1.reading import FeedItemOut, ReadingOut, shown
from announcements.api.v1.resource import Resource
from announcements.api.v1.writing import WordsGiven, draft
from announcements.delivery import services as delivery
from announcements.publishing import services as publishing

CHANNELS = ("tab", "page", "mail")
STATES = ("queued", "submitting", "submitted", "failed", "uncertain", "skipped")


class ChecksQuery(Given):
    """When it would go out: `at` an instant, or `day` and `time` on each reader's own clock; else its schedule, or now."""

    at = serializers.DateTimeField(required=False)
    day = serializers.DateField(required=False)
    time = Clock(required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Refuse half of a time, and two."""
        if ("day" in values) != ("time" in values):
            raise serializers.ValidationError({"day": [_("Send day and time together.")]})
        if "at" in values and "day" in values:
            raise serializers.ValidationError({"at": [_("Send either at, or day and time.")]})
        return values


class FixOut(serializers.Serializer[Any]):
    """What would set it right: go to a field of the draft, or send a test."""

    kind = serializers.ChoiceField(["focus", "test"])
    label = serializers.CharField(help_text="For a button.")  # type: ignore[assignment]  # a field, not the option of one
    field = serializers.ChoiceField(delivery.FIELDS, allow_blank=True)


class CheckOut(serializers.Serializer[Any]):
    """Something to look at. Only `block` keeps it from going out; `checking` is still being found out: ask again in a second."""

    name = serializers.ChoiceField(delivery.CHECKS)
    state = serializers.ChoiceField(["ok", "warn", "block", "checking"])
    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    items = serializers.ListField(child=serializers.CharField(), help_text="What it is about: links, images.")
    fix = FixOut(allow_null=True)


class ChecksOut(serializers.Serializer[Any]):
    """The checklist, in the order to show it."""

    results = CheckOut(many=True)


class PreviewQuery(Given):
    """As whom, and where. Without `person` it is its author."""

    person = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, default=None)
    channel = serializers.ChoiceField(CHANNELS, required=False, default="tab")


class PreviewPersonOut(serializers.Serializer[Any]):
    """Who would see it so."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    location = serializers.CharField(allow_blank=True)
    timezone = serializers.CharField()
    locale = serializers.CharField()


class PreviewMailOut(serializers.Serializer[Any]):
    """A mail. Its HTML belongs into a frame of its own, without scripts."""

    subject = serializers.CharField()
    sender = serializers.CharField()
    html = serializers.CharField()
    text = serializers.CharField()


class AnnouncementPreviewOut(serializers.Serializer[Any]):
    """It as it would reach somebody: `item` on their tab, `page` when opened, or `mail`; the others are null."""

    channel = serializers.ChoiceField(CHANNELS)
    person = PreviewPersonOut()
    item = FeedItemOut(allow_null=True)
    page = ReadingOut(allow_null=True)
    mail = PreviewMailOut(allow_null=True)


class TestOut(serializers.Serializer[Any]):
    """A test that I asked for, and what became of it."""

    state = serializers.ChoiceField(STATES)
    asked_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="When the mail server took it.")
    reason = serializers.CharField(allow_blank=True)
    reply = serializers.CharField(allow_blank=True, help_text="The mail server's own words.")
    current = serializers.BooleanField(help_text="Whether it said what is said now.")


class LastTestOut(serializers.Serializer[Any]):
    """The latest test; null before the first."""

    test = TestOut(allow_null=True)


class Checks(Resource):
    """The checklist of a draft."""

    scopes = {"GET": "announcements:write"}

    @extend_schema(
        operation_id="announcements_checks",
        summary="Checklist",
        tags=["announcements"],
        parameters=[ChecksQuery],
        responses=ChecksOut,
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer what to look at before it goes out, in the language of the request. Links are looked at behind it."""
        when = _when(asked(ChecksQuery, request))
        found = delivery.checks(by=self.by, announcement_id=announcement_id, when=when, now=self.now)
        return Response(ChecksOut({"results": found}).data)


class Preview(Resource):
    """An announcement as somebody of its audience would see it."""

    scopes = {"GET": "announcements:write", "POST": "announcements:write"}
    throttle_classes = (UserRateThrottle, Rendering)

    @extend_schema(
        operation_id="announcements_preview",
        summary="Preview as somebody",
        tags=["announcements"],
        parameters=[PreviewQuery],
        responses=AnnouncementPreviewOut,
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer it as it would reach a person of the audience, or its author. No link in it confirms anything."""
        return self._answer(request, announcement_id, None)

    @extend_schema(
        operation_id="announcements_preview_words",
        summary="Preview other words as somebody",
        tags=["announcements"],
        parameters=[PreviewQuery],
        request=WordsGiven,
        responses=AnnouncementPreviewOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Answer it as it would reach them if it said this: a correction before it is made. Nothing is kept."""
        return self._answer(request, announcement_id, draft(given(WordsGiven, request)))

    def _answer(self, request: Request, announcement_id: int, words: publishing.Draft | None) -> Response:
        query = asked(PreviewQuery, request)
        channel, whose = (
            query["channel"],
            {"announcement_id": announcement_id, "person_id": query["person"], "draft": words},
        )
        answer: dict[str, Any] = {"channel": channel, "item": None, "page": None, "mail": None}
        if channel == "mail":
            mail = delivery.preview_mail(by=self.by, now=self.now, **whose)
            return Response(AnnouncementPreviewOut(answer | {"person": mail.person, "mail": mail}).data)
        found = delivery.preview(by=self.by, now=self.now, **whose)
        answer["person"] = found.person
        if channel == "tab":
            answer["item"] = found.item
        else:
            about = {"changes": False, "delivery": None}
            answer["page"] = shown(found.announcement, manages=False, now=self.now) | about
        return Response(AnnouncementPreviewOut(answer).data)


class Test(Resource):
    """A test to myself."""

    scopes = {"GET": "announcements:write", "POST": "announcements:write"}

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what leaves."""
        return [*super().get_throttles(), *([Tests()] if self.request.method == "POST" else [])]

    @extend_schema(
        operation_id="announcements_last_test", summary="My latest test", tags=["announcements"], responses=LastTestOut
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer what became of the latest test that I asked for."""
        found = delivery.last_test(by=self.by, announcement_id=announcement_id, now=self.now)
        return Response(LastTestOut({"test": found}).data)

    @extend_schema(
        operation_id="announcements_test",
        summary="Send a test to me",
        tags=["announcements"],
        request=WordsGiven,
        responses={202: TestOut},
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Let the mail that would tell readers of it leave to me, by the mail server that sends theirs. Its buttons confirm nothing.

        With words in the body it says those: a correction before it is made.
        """
        words = given(WordsGiven, request)
        told = draft(words) if words else None
        test = delivery.send_test(by=self.by, announcement_id=announcement_id, draft=told, now=self.now)
        return Response(TestOut(test).data, status=202)


def _when(query: dict[str, Any]) -> publishing.When | None:
    if not query:
        return None
    clock = publishing.OwnClock(query["day"], query["time"]) if "day" in query else None
    return publishing.When(at=query.get("at"), own_clock=clock)
