"""Where a person, in their session, lets a program in that has opened their browser (RFC 6749, 4.1, with RFC 7636)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import devices
from announcements.api.shapes import Given, Text, asked, given
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class AuthorizeGiven(Given):
    """What a program asks a browser for, as it stands in the address it opens."""

    response_type = serializers.ChoiceField(["code"])
    client_id = Text(max_length=40)
    redirect_uri = Text(max_length=500)
    code_challenge = Text(max_length=128)
    code_challenge_method = serializers.ChoiceField(["S256"])
    scope = Text(max_length=400, required=False, default="", allow_blank=True)
    state = Text(max_length=500, required=False, default="", allow_blank=True)
    device_name = Text(max_length=80, required=False, default="", allow_blank=True)


class AskedOut(serializers.Serializer[Any]):
    """Which program asks, for which device, to do what."""

    app_name = serializers.CharField(source="app.name")
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())


class BackOut(serializers.Serializer[Any]):
    """Where the browser goes now."""

    redirect_to = serializers.CharField()


class Authorize(Resource):
    """Where a person, in their session, lets a program in that can open a browser."""

    secret = True

    @extend_schema(
        operation_id="oauth_authorize_get",
        summary="What a program asks for",
        tags=["devices"],
        parameters=[AuthorizeGiven],
        responses=AskedOut,
    )
    def get(self, request: Request) -> Response:
        """Check what a program asks for and say it in words, without granting it."""
        what, _back = self._checked(asked(AuthorizeGiven, request))
        return Response(AskedOut(what).data)

    @extend_schema(
        operation_id="oauth_authorize",
        summary="Let a program in",
        tags=["devices"],
        request=AuthorizeGiven,
        responses=BackOut,
    )
    def post(self, request: Request) -> Response:
        """Grant it; the browser then brings the program a code that is good once, for two minutes."""
        values = given(AuthorizeGiven, request)
        what, back = self._checked(values)
        code = people.grant_code(by=self.by, what=what, back=back, now=self.now)
        return Response(BackOut({"redirect_to": way_back(back.redirect, values["state"], code=code)}).data)

    def _checked(self, values: dict[str, Any]) -> tuple[people.Requested, people.WayBack]:
        name = values["device_name"] or devices.device(self.request.META.get("HTTP_USER_AGENT", ""))
        what = people.requested(app_id=values["client_id"], name=name, scopes=values["scope"].split())
        back = people.WayBack(values["redirect_uri"], values["code_challenge"])
        people.check_way_back(what=what, back=back)
        return what, back


def way_back(redirect: str, state: str, **more: str) -> str:
    """Return where the browser goes: our name stands beside the answer (RFC 9207), so that no other hub's is taken for it."""
    said = more | ({"state": state} if state else {}) | {"iss": settings.BASE_URL}
    return f"{redirect}{'&' if '?' in redirect else '?'}{urlencode(said)}"
