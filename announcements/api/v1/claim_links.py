"""Claim links: for many, shared inside the company or pushed with the extension."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Nothing, Number, Text, given
from announcements.api.v1.resource import Resource
from announcements.joining import services as joining


class ClaimLinkOut(serializers.Serializer[Any]):
    """A link for many. Who has `url` may ask to come in: whoever opens it gives an address and is written to."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField()
    token = serializers.CharField(help_text="The last part of `url`: what a browser policy calls `enrolmentToken`.")
    open = serializers.BooleanField()
    uses = serializers.IntegerField()
    most_uses = serializers.IntegerField(source="limits.most_uses", allow_null=True)
    expires_at = serializers.DateTimeField(source="limits.expires_at", allow_null=True)
    domains = serializers.ListField(child=serializers.CharField(), source="limits.domains")
    created_by = serializers.IntegerField()
    created_at = serializers.DateTimeField()

    def get_url(self, link: joining.ClaimLink) -> str:
        """Return where it leads."""
        return f"{settings.BASE_URL}/join/{link.token}"


class ClaimLinksOut(serializers.Serializer[Any]):
    """My workspace's links, oldest first."""

    results = ClaimLinkOut(many=True)


class ClaimLinkGiven(Given):
    """What a new link is for, and what it allows."""

    name = Text(max_length=80)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    most_uses = Number(min_value=1, max_value=100_000, required=False, allow_null=True, default=None)
    domains = serializers.ListField(
        child=Text(max_length=253), max_length=50, required=False, default=list, help_text="None means any."
    )


class ClaimLinks(Resource):
    """The links of my workspace."""

    # The address itself lets people ask to come in: a key that only reads does not get to see it.
    scopes = {"GET": "people:write", "POST": "people:write"}
    secret = True

    @extend_schema(operation_id="claim_links_list", summary="Claim links", tags=["joining"], responses=ClaimLinksOut)
    def get(self, request: Request) -> Response:
        """Answer the links that are not revoked; for admins."""
        return Response(ClaimLinksOut({"results": joining.claim_links(by=self.by, now=self.now)}).data)

    @extend_schema(
        operation_id="claim_links_create",
        summary="Make a claim link",
        tags=["joining"],
        request=ClaimLinkGiven,
        responses={201: ClaimLinkOut},
    )
    def post(self, request: Request) -> Response:
        """Make a link; for admins."""
        values = given(ClaimLinkGiven, request)
        limits = joining.Limits(values["expires_at"], values["most_uses"], tuple(values["domains"]))
        link = joining.create_claim_link(by=self.by, name=values["name"], limits=limits, now=self.now)
        return Response(ClaimLinkOut(link).data, status=201)


class ClaimLink(Resource):
    """A link."""

    scopes = {"DELETE": "people:write"}

    @extend_schema(
        operation_id="claim_links_revoke", summary="Revoke a claim link", tags=["joining"], responses={204: None}
    )
    def delete(self, request: Request, link_id: int) -> Response:
        """End a link for ever, with what was asked for by it."""
        joining.revoke_claim_link(by=self.by, link_id=link_id, now=self.now)
        return Response(status=204)


class Rotate(Resource):
    """Giving a link a new address."""

    scopes = {"POST": "people:write"}
    secret = True

    @extend_schema(
        operation_id="claim_links_rotate",
        summary="Give a claim link a new address",
        tags=["joining"],
        request=Nothing,
        responses=ClaimLinkOut,
    )
    def post(self, request: Request, link_id: int) -> Response:
        """Give a link a new address; the old one dies."""
        given(Nothing, request)
        return Response(ClaimLinkOut(joining.rotate_claim_link(by=self.by, link_id=link_id, now=self.now)).data)
