"""The new tab: what stands around my feed, and what its announcements say, for whoever shows it without a page of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import MAX_ID, Clock, Given, asked, given
from announcements.api.v1.images import ImageFile, ImageQuery
from announcements.api.v1.resource import Resource
from announcements.api.v1.workspace import ClockOut, LinkGiven, LinkOut, clocks_of
from announcements.delivery import services as delivery
from announcements.kernel import bodies
from announcements.people import services as people

MOST_TEXTS = 50


class ReaderOut(serializers.Serializer[Any]):
    """Me, as far as the new tab needs it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    timezone = serializers.CharField()
    work_days = serializers.ListField(child=serializers.IntegerField(), source="working_time.days")
    work_starts = Clock(source="working_time.starts")
    work_ends = Clock(source="working_time.ends")
    theme = serializers.CharField()


class CompanyOut(serializers.Serializer[Any]):
    """My company, as far as the new tab needs it."""

    name = serializers.CharField()
    brand_hue = serializers.IntegerField()
    work_starts = Clock()
    work_ends = Clock()


class OwnTabOut(serializers.Serializer[Any]):
    """What I have decided about my new tab."""

    off = serializers.ListField(child=serializers.ChoiceField(people.TAB_PARTS), help_text="What it leaves out.")
    links = LinkOut(many=True, help_text="Of my own, after the company's.")


class OwnTabGiven(Given):
    """What I decide about my new tab."""

    off = serializers.ListField(child=serializers.ChoiceField(people.TAB_PARTS), max_length=len(people.TAB_PARTS))
    links = serializers.ListField(child=LinkGiven(), max_length=24)


class TabOut(serializers.Serializer[Any]):
    """What stands around my feed."""

    me = ReaderOut()
    company = CompanyOut()
    clocks = ClockOut(many=True)
    links = LinkOut(many=True)
    own = OwnTabOut()


class TextOut(serializers.Serializer[Any]):
    """What an announcement of my feed says."""

    announcement_id = serializers.IntegerField()
    version = serializers.IntegerField()
    words = serializers.IntegerField()
    body = serializers.ListField(
        child=serializers.JSONField(),
        help_text="As a tree: a string is text, anything else `{tag, attributes, children}`, by the schema of bodies.",
    )


class TextsOut(serializers.Serializer[Any]):
    """What announcements of my feed say."""

    results = TextOut(many=True)


class TextsQuery(Given):
    """Which announcements."""

    ids = serializers.CharField(max_length=20 * MOST_TEXTS, help_text=f"Up to {MOST_TEXTS} ids, with commas between.")

    def validate_ids(self, given: str) -> list[int]:
        """Return the ids."""
        ids = given.split(",")
        if len(ids) > MOST_TEXTS or not all(one.isascii() and one.isdecimal() and int(one) <= MAX_ID for one in ids):
            raise serializers.ValidationError(_("Give up to %(most)d ids, with commas between.") % {"most": MOST_TEXTS})
        return [int(one) for one in ids]


class Tab(Resource):
    """What stands around my feed."""

    scopes = {"GET": "feed:read"}

    @extend_schema(operation_id="tab_get", summary="What stands around my feed", tags=["feed"], responses=TabOut)
    def get(self, request: Request) -> Response:
        """Answer my name and hours, my company's clocks and links, and what I have decided. The announcements are the feed."""
        me = people.person(person_id=self.by)
        company = people.workspace(workspace_id=me.workspace_id)
        own = people.own_tab(by=self.by)
        clocks = clocks_of(company, self.now)
        return Response(
            TabOut({"me": me, "company": company, "clocks": clocks, "links": company.links, "own": own}).data
        )


class OwnTab(Resource):
    """What I have decided about my new tab. It is the same wherever I open one."""

    scopes = {"GET": "feed:read", "PUT": "receipts:write"}

    @extend_schema(
        operation_id="tab_own", summary="What I have decided about my new tab", tags=["feed"], responses=OwnTabOut
    )
    def get(self, request: Request) -> Response:
        """Answer it."""
        return Response(OwnTabOut(people.own_tab(by=self.by)).data)

    @extend_schema(
        operation_id="tab_choose",
        summary="Decide about my new tab",
        tags=["feed"],
        request=OwnTabGiven,
        responses=OwnTabOut,
    )
    def put(self, request: Request) -> Response:
        """Keep all of it as it is given; the last word counts. Required reading stays, whatever is switched off."""
        values = given(OwnTabGiven, request)
        links = tuple(people.Link(**link) for link in values["links"])
        own = people.choose_own_tab(by=self.by, own=people.OwnTab(tuple(values["off"]), links))
        return Response(OwnTabOut(own).data)


class Texts(Resource):
    """What announcements of my feed say."""

    scopes = {"GET": "feed:read"}

    @extend_schema(
        operation_id="tab_texts",
        summary="What announcements of my feed say",
        tags=["feed"],
        parameters=[TextsQuery],
        responses=TextsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer the texts of up to 50 announcements, to be kept and read offline. What is not in my feed is left out."""
        ids = asked(TextsQuery, request)["ids"]
        found = [
            {
                "announcement_id": said.id,
                "version": said.version,
                "words": said.words,
                "body": list(_told(bodies.read(said.body))),
            }
            for said in delivery.feed_texts(by=self.by, ids=ids, now=self.now)
        ]
        return Response(TextsOut({"results": found}).data)


class Picture(ImageFile):
    """A picture of an announcement of my feed."""

    scopes = {"GET": "feed:read"}

    @extend_schema(
        operation_id="tab_picture",
        summary="A picture of an announcement of my feed, as WebP",
        tags=["feed"],
        parameters=[ImageQuery],
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        """Answer a picture that the text of an announcement shows me as its reader."""
        return self.shown(request, delivery.image(by=self.by, key=key, now=self.now, as_reader=True))


def _told(element: bodies.Element) -> Iterator[Any]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield {"tag": child.tag, "attributes": child.attributes, "children": list(_told(child))}
