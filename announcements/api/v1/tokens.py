"""Personal tokens. Only a session may make them: a leaked token cannot make itself a longer life."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import feed
from announcements.api.shapes import Given, Nothing, Text, given
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class TokenOut(serializers.Serializer[Any]):
    """A personal token, without its key."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_on = serializers.DateField(allow_null=True)


class TokensOut(serializers.Serializer[Any]):
    """My tokens, newest first."""

    results = TokenOut(many=True)


class NewTokenOut(serializers.Serializer[Any]):
    """A new token. The key is shown this once."""

    token = TokenOut()
    key = serializers.CharField()


class TokenGiven(Given):
    """What a new token is for."""

    name = Text(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(sorted(people.SCOPES)), min_length=1)
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Until when it is good; 90 days when not given, for ever when null."
    )


class FeedKeyOut(serializers.Serializer[Any]):
    """A key that reads my feed and nothing else: send it as `Authorization: Bearer mfk_…` to /api/v1/feed."""

    key = serializers.CharField()
    expires_at = serializers.DateTimeField()


class Tokens(Resource):
    """My tokens."""

    secret = True

    @extend_schema(operation_id="tokens_list", summary="My tokens", tags=["tokens"], responses=TokensOut)
    def get(self, request: Request) -> Response:
        """Answer my tokens that are not revoked."""
        return Response(TokensOut({"results": people.tokens(by=self.by)}).data)

    @extend_schema(
        operation_id="tokens_create",
        summary="Make a token",
        tags=["tokens"],
        request=TokenGiven,
        responses={201: NewTokenOut},
    )
    def post(self, request: Request) -> Response:
        """Make a token; its key is in this answer and nowhere else."""
        values = {"expires_at": self.now + people.TOKEN_LIFE} | given(TokenGiven, request)
        new = people.issue_token(by=self.by, now=self.now, **values | {"scopes": tuple(values["scopes"])})
        return Response(NewTokenOut(new).data, status=201)


class Token(Resource):
    """One of my tokens."""

    @extend_schema(operation_id="tokens_revoke", summary="Revoke a token", tags=["tokens"], responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke a token at once and for ever."""
        people.revoke_token(by=self.by, token_id=token_id, now=self.now)
        return Response(status=204)


class FeedKeys(Resource):
    """Keys that read my feed."""

    scopes = {"POST": "feed:read"}
    secret = True

    @extend_schema(
        operation_id="feed_keys_create",
        summary="Make a feed key",
        tags=["feed"],
        request=Nothing,
        responses={201: FeedKeyOut},
    )
    def post(self, request: Request) -> Response:
        """Make a key for a new tab: it reads the feed for 30 days without any look-up."""
        given(Nothing, request)
        key = feed.issue(request.user, self.now)  # type: ignore[arg-type]  # a Caller
        return Response(FeedKeyOut(key).data, status=201)
