"""Announcements: writing, publishing, correcting, withdrawing."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import before_time, page
from announcements.api.shapes import asked, given
from announcements.api.v1 import reading
from announcements.api.v1.resource import Resource
from announcements.api.v1.writing import (
    AnnouncementOut,
    AnnouncementsOut,
    AnnouncementsQuery,
    CorrectionGiven,
    DraftGiven,
    PublishGiven,
    RevisionGiven,
    TalliesOut,
    WithdrawGiven,
    announcement,
    context,
    draft,
)
from announcements.publishing import services as publishing


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
        """Answer a page of the announcements that I may manage, newest first: what is out by when it went out, drafts by their last change, scheduled ones the soonest first."""
        query = asked(AnnouncementsQuery, request)
        state = query.get("state")
        found = publishing.mine(
            now=self.now,
            by=self.by,
            state=state,
            search=query["search"],
            before=before_time(query.get("cursor")),
            limit=query["limit"] + 1,
        )
        results, following = page(
            found, query["limit"], lambda item: (publishing.listed_at(item=item, state=state), item.id)
        )
        shown = {"results": results, "next": following}
        return Response(AnnouncementsOut(shown, context=context(self, results)).data)

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
        """Discard a draft; POST …/fetch-back brings it back for seven days. What was published is withdrawn instead."""
        publishing.discard(announcement_id=announcement_id, by=self.by, now=self.now)
        return Response(status=204)


class Publish(Resource):
    """Publishing a draft."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_publish",
        summary="Publish",
        tags=["announcements"],
        request=PublishGiven,
        responses=AnnouncementOut,
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Make a draft visible to its audience; with `undo_seconds` it goes out in so many, and DELETE …/schedule takes it back until then."""
        values = given(PublishGiven, request)
        item = publishing.publish(announcement_id=announcement_id, by=self.by, now=self.now, **values)
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


class Tallies(Resource):
    """How many there are."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="announcements_tallies",
        summary="How many announcements I manage, by state",
        tags=["announcements"],
        responses=TalliesOut,
    )
    def get(self, request: Request) -> Response:
        """Answer how many of those in the list are in each state."""
        return Response(TalliesOut(publishing.tallies(by=self.by, now=self.now)).data)
