"""Announcements: writing, publishing, correcting, withdrawing."""

from __future__ import annotations

from typing import Any, get_args

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, before_time, page
from announcements.api.shapes import Flag, Given, Hours, Nothing, Number, Text, asked, given
from announcements.api.v1 import reading
from announcements.api.v1.audience import AudienceGiven, AudienceOut, audience
from announcements.api.v1.resource import Resource
from announcements.kernel import text
from announcements.publishing import services as publishing

STATES = get_args(publishing.State)
REVISION = "The revision it was made from; another's change in between is a 409."


class AnnouncementOut(serializers.Serializer[Any]):
    """An announcement, as those see it who manage it."""

    id = serializers.IntegerField()
    state = serializers.SerializerMethodField()
    author_id = serializers.IntegerField()
    kind = serializers.ChoiceField(get_args(publishing.Kind))
    title = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True, help_text="Sanitized HTML.")
    audience = AudienceOut()
    ask_acknowledge = serializers.BooleanField()
    deadline = serializers.DateTimeField(allow_null=True)
    nudge_hours = serializers.ListField(child=serializers.FloatField())
    expires_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="0 while it is a draft.")
    revision = serializers.IntegerField(help_text="Rises with each save; send it with a change to notice another's.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdraw_reason = serializers.CharField(allow_blank=True)
    words = serializers.IntegerField()
    minutes = serializers.IntegerField(help_text="To read it.")

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_state(self, item: publishing.Announcement) -> str:
        """Return its state now."""
        return item.state(self.context["now"])


class AnnouncementsOut(serializers.Serializer[Any]):
    """A page of announcements, newest first."""

    results = AnnouncementOut(many=True)
    next = serializers.CharField(allow_null=True)


class AnnouncementsQuery(PageQuery):
    """Which of the announcements that I manage."""

    state = serializers.ChoiceField(STATES, required=False)
    search = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class WordsGiven(Given):
    """What may change before and after publishing. What is left out stays as it is."""

    title = Text(max_length=120, required=False, allow_blank=True)
    summary = Text(max_length=280, required=False, allow_blank=True)
    body = Text(max_length=text.MAX_BODY, required=False, allow_blank=True, help_text="HTML; sanitized on the way in.")
    body_markdown = Text(max_length=text.MAX_BODY, required=False, allow_blank=True, help_text="Instead of `body`.")
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Refuse two bodies."""
        if "body" in values and "body_markdown" in values:
            raise serializers.ValidationError({"body_markdown": [_("Send either body or body_markdown.")]})
        return values


class DraftGiven(WordsGiven):
    """An announcement being written. What is left out stays as it is."""

    kind = serializers.ChoiceField(get_args(publishing.Kind), required=False)
    audience = AudienceGiven(required=False)
    ask_acknowledge = Flag(required=False)
    nudge_hours = serializers.ListField(
        child=Hours(min_value=0, max_value=720),
        max_length=3,
        required=False,
        allow_null=True,
        help_text="Hours after delivery; null means the workspace's.",
    )


class RevisionGiven(DraftGiven):
    """A change to a draft."""

    revision = Number(min_value=0, required=False, help_text=REVISION)


class CorrectionGiven(WordsGiven):
    """A change after publishing."""

    change = serializers.ChoiceField(["typo", "material"], help_text="material asks for acknowledgement anew.")
    revision = Number(min_value=0, required=False, help_text=REVISION)


class WithdrawGiven(Given):
    """Why it is taken back."""

    reason = Text(max_length=280, required=False, allow_blank=True, default="")


class VersionOut(serializers.Serializer[Any]):
    """What it said, and since when."""

    number = serializers.IntegerField()
    change = serializers.ChoiceField(["first", "typo", "material"])
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True)
    by = serializers.IntegerField(help_text="Who changed it.")
    at = serializers.DateTimeField()


class VersionsOut(serializers.Serializer[Any]):
    """All versions, oldest first."""

    results = VersionOut(many=True)


class Announcements(Resource):
    """What I manage."""

    scopes = {"GET": "announcements:read", "POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_list",
        summary="Announcements that I manage",
        tags=["announcements"],
        parameters=[AnnouncementsQuery],
        responses=AnnouncementsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer a page of the announcements that I may manage, newest first."""
        query = asked(AnnouncementsQuery, request)
        found = publishing.mine(
            now=self.now,
            by=self.by,
            state=query.get("state"),
            search=query["search"],
            before=before_time(query.get("cursor")),
            limit=query["limit"] + 1,
        )
        results, following = page(found, query["limit"], lambda item: (item.created_at, item.id))
        context = {"now": self.now}
        return Response(AnnouncementsOut({"results": results, "next": following}, context=context).data)

    @extend_schema(
        operation_id="announcements_create",
        summary="Start a draft",
        tags=["announcements"],
        request=DraftGiven,
        responses={201: AnnouncementOut},
    )
    def post(self, request: Request) -> Response:
        """Start a draft. Nobody but its managers sees it until it is published."""
        item = publishing.create(by=self.by, draft=draft(given(DraftGiven, request)), now=self.now)
        location = f"/api/v1/announcements/{item.id}"
        return Response(announcement(self, item).data, status=201, headers={"Location": location})


class OneAnnouncement(Resource):
    """An announcement."""

    scopes = {"GET": "announcements:read", "PATCH": "announcements:write", "DELETE": "announcements:write"}

    @extend_schema(
        operation_id="announcements_get",
        summary="An announcement",
        tags=["announcements"],
        responses=reading.ReadingOut,
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer an announcement that I may read, with what is recorded about my reading."""
        return reading.answer(by=self.by, announcement_id=announcement_id, now=self.now)

    @extend_schema(
        operation_id="announcements_change",
        summary="Save a draft",
        tags=["announcements"],
        request=RevisionGiven,
        responses=AnnouncementOut,
    )
    def patch(self, request: Request, announcement_id: int) -> Response:
        """Save a draft. After publishing use /correct."""
        values = given(RevisionGiven, request)
        revision = values.pop("revision", None)
        item = publishing.revise(
            announcement_id=announcement_id, by=self.by, draft=draft(values), revision=revision, now=self.now
        )
        return Response(announcement(self, item).data)

    @extend_schema(
        operation_id="announcements_discard", summary="Discard a draft", tags=["announcements"], responses={204: None}
    )
    def delete(self, request: Request, announcement_id: int) -> Response:
        """Discard a draft. What was published is withdrawn instead."""
        publishing.discard(announcement_id=announcement_id, by=self.by, now=self.now)
        return Response(status=204)


class Publish(Resource):
    """Publishing a draft."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_publish",
        summary="Publish",
        tags=["announcements"],
        request=Nothing,
        responses=AnnouncementOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Make a draft visible to its audience."""
        given(Nothing, request)
        item = publishing.publish(announcement_id=announcement_id, by=self.by, now=self.now)
        return Response(announcement(self, item).data)


class Correct(Resource):
    """Changing what is published."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_correct",
        summary="Correct what is published",
        tags=["announcements"],
        request=CorrectionGiven,
        responses=AnnouncementOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Make a new version: a typo bothers nobody, a material change asks for acknowledgement anew."""
        values = given(CorrectionGiven, request)
        change, revision = values.pop("change"), values.pop("revision", None)
        item = publishing.correct(
            announcement_id=announcement_id,
            by=self.by,
            draft=draft(values),
            change=change,
            revision=revision,
            now=self.now,
        )
        return Response(announcement(self, item).data)


class Withdraw(Resource):
    """Taking back what is published."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_withdraw",
        summary="Withdraw",
        tags=["announcements"],
        request=WithdrawGiven,
        responses=AnnouncementOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Take it back: it leaves every feed, and nudges stop."""
        reason = given(WithdrawGiven, request)["reason"]
        item = publishing.withdraw(announcement_id=announcement_id, by=self.by, reason=reason, now=self.now)
        return Response(announcement(self, item).data)


class Versions(Resource):
    """What it said over time."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="announcements_versions", summary="Versions", tags=["announcements"], responses=VersionsOut
    )
    def get(self, request: Request, announcement_id: int) -> Response:
        """Answer all versions, oldest first."""
        found = publishing.versions(by=self.by, announcement_id=announcement_id)
        return Response(VersionsOut({"results": found}).data)


def announcement(view: Resource, item: publishing.Announcement) -> AnnouncementOut:
    """Return an announcement as its managers see it."""
    return AnnouncementOut(item, context={"now": view.now})


def draft(values: dict[str, Any]) -> publishing.Draft:
    """Translate the body of a request into the door's words."""
    said = dict(values)
    if "body_markdown" in said:
        said["body"] = text.from_markdown(said.pop("body_markdown"))
    if "audience" in said:
        said["audience"] = audience(said["audience"])
    if said.get("nudge_hours") is not None:
        said["nudge_hours"] = tuple(said["nudge_hours"])
    return publishing.Draft(**said)
