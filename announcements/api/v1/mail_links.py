"""Links in our mail. The token is the key: it is bound to one purpose and one person. Reading it changes nothing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Nothing, asked, given
from announcements.api.throttles import ByLink
from announcements.api.v1.preferences import DIGESTS, PreferenceGiven
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery

PURPOSES = ["acknowledge", "unsubscribe"]


class MailLinkQuery(Given):
    """What the link is for."""

    purpose = serializers.ChoiceField(PURPOSES, required=False, default="acknowledge")


class MailLinkOut(serializers.Serializer[Any]):
    """What a link is about."""

    title = serializers.CharField(allow_blank=True)
    author_name = serializers.CharField(allow_blank=True)
    person_name = serializers.CharField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.ChoiceField(DIGESTS, help_text="How often the digest comes to this person.")
    yours = serializers.BooleanField(
        allow_null=True, help_text="Whether you are this person; null when nobody is known."
    )
    sign_in_first = serializers.BooleanField(help_text="Nothing is confirmed before its person has signed in.")


def _caller(request: Request) -> int | None:
    """Return who asks, if they are known: a link works for who is not."""
    caller: Any = request.user  # a Caller, or None
    return caller.id if caller is not None else None


class MailLink(Resource):
    """A link in a mail."""

    public = True
    throttle_classes = (ByLink,)

    @extend_schema(
        operation_id="mail_links_get",
        summary="What a mail link is about",
        tags=["mail links"],
        parameters=[MailLinkQuery],
        responses=MailLinkOut,
    )
    def get(self, request: Request, token: str) -> Response:
        """Answer what a link is about, without doing it."""
        purpose = asked(MailLinkQuery, request)["purpose"]
        about = delivery.mail_link(token=token, purpose=purpose, by=_caller(request), now=self.now)
        return Response(MailLinkOut(about).data)


class AcknowledgeByMail(Resource):
    """Confirming by mail."""

    public = True
    throttle_classes = (ByLink,)

    @extend_schema(
        operation_id="mail_links_acknowledge",
        summary="Acknowledge by mail link",
        tags=["mail links"],
        request=Nothing,
        responses=MailLinkOut,
    )
    def post(self, request: Request, token: str) -> Response:
        """Confirm that the announcement of this link was read."""
        given(Nothing, request)
        done = delivery.acknowledge_by_mail(token=token, by=_caller(request), now=self.now)
        return Response(MailLinkOut(done).data)


class UnsubscribeByMail(Resource):
    """Leaving our mail."""

    public = True
    throttle_classes = (ByLink,)

    @extend_schema(
        operation_id="mail_links_unsubscribe",
        summary="Unsubscribe by mail link",
        tags=["mail links"],
        request=Nothing,
        responses={204: None},
    )
    def post(self, request: Request, token: str) -> Response:
        """Stop the mail that this link came with."""
        given(Nothing, request)
        delivery.unsubscribe_by_mail(token=token, now=self.now)
        return Response(status=204)


class PreferByMail(Resource):
    """Choosing how often our mail comes."""

    public = True
    throttle_classes = (ByLink,)

    @extend_schema(
        operation_id="mail_links_prefer",
        summary="Choose how often the digest comes by mail link",
        tags=["mail links"],
        request=PreferenceGiven,
        responses=MailLinkOut,
    )
    def put(self, request: Request, token: str) -> Response:
        """Choose how often the digest comes; the key is one for unsubscribing."""
        chosen = delivery.prefer_by_mail(token=token, now=self.now, **given(PreferenceGiven, request))
        return Response(MailLinkOut(chosen).data)
