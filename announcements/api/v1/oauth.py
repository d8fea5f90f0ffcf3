"""Connecting programs by OAuth 2: a code typed in (RFC 8628), or one brought back by the browser (RFC 7636). Keys are opaque.

What a program sends is a form, and what it is refused is said in the words of RFC 6749, not as problem details.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, parsers, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from announcements.api import devices, problems
from announcements.api.parsing import StrictJSON
from announcements.api.shapes import given
from announcements.api.v1.resource import Resource
from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
CODE = "authorization_code"
FIELDS = {"scope": "invalid_scope", "client_id": "invalid_client"}


class OAuthDeviceGiven(serializers.Serializer[Any]):
    """Which program asks, for which device, to do what. Without `scope`: all it may ask for."""

    client_id = serializers.CharField(max_length=40)
    scope = serializers.CharField(max_length=400, required=False, default="", allow_blank=True)
    device_name = serializers.CharField(max_length=80, required=False, help_text="Ours: what its person is shown.")
    enrolment_token = serializers.CharField(
        max_length=200,
        required=False,
        default="",
        allow_blank=True,
        help_text="Ours: of a claim link. Only people of its company may then let the device in.",
    )


class OAuthDeviceOut(serializers.Serializer[Any]):
    """The codes of RFC 8628, 3.2: keep the one, show the other."""

    device_code = serializers.CharField()
    user_code = serializers.CharField()
    verification_uri = serializers.URLField()
    verification_uri_complete = serializers.URLField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    interval = serializers.IntegerField(help_text="Seconds between two questions.")


class OAuthTokenGiven(serializers.Serializer[Any]):
    """A code for a key: `device_code`, or `code` with `redirect_uri` and `code_verifier`."""

    grant_type = serializers.CharField(max_length=80)
    client_id = serializers.CharField(max_length=40)
    device_code = serializers.CharField(max_length=200, required=False, default="")
    code = serializers.CharField(max_length=200, required=False, default="")
    redirect_uri = serializers.CharField(max_length=500, required=False, default="")
    code_verifier = serializers.CharField(max_length=128, required=False, default="")


class OAuthTokenOut(serializers.Serializer[Any]):
    """The key of a device. It has no end of its own: its person disconnects it, or it signs itself out."""

    access_token = serializers.CharField()
    token_type = serializers.CharField()
    scope = serializers.CharField()


class OAuthRevokeGiven(serializers.Serializer[Any]):
    """The key to end."""

    client_id = serializers.CharField(max_length=40)
    token = serializers.CharField(max_length=200)


class OAuthErrorOut(serializers.Serializer[Any]):
    """A refusal in OAuth's words (RFC 6749, 5.2; RFC 8628, 3.5)."""

    error = serializers.CharField()
    error_description = serializers.CharField()


class ByCode(SimpleRateThrottle):
    """Counts by what is redeemed: an office behind one address connects in one morning, and one code is not hammered.

    Codes and keys are random and long, so that guessing one is hopeless however often it is tried.
    """

    rate = "30/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return under what the questions with a code are counted."""
        data = request.data if hasattr(request.data, "get") else {}
        code = data.get("device_code") or data.get("code") or data.get("token") or self.get_ident(request)
        return "throttle:code:" + hashlib.sha256(str(code).encode()).hexdigest()


class OAuth(Resource):
    """An address for programs, without cookies. Fields it does not know are passed over (RFC 6749, 3.2)."""

    public = True
    secret = True
    authentication_classes = ()
    parser_classes = (parsers.FormParser, StrictJSON)
    kinds = ("application/x-www-form-urlencoded", "application/json")

    def handle_exception(self, exc: Exception) -> Response:
        """Say what is refused in OAuth's words; leave throttles, sizes and kinds to problem details."""
        if isinstance(exc, people.NotPaired):
            return self._refuse(exc.code, str(exc))
        if isinstance(exc, joining.LinkDead):
            return self._refuse("invalid_request", "enrolment_token: " + str(exc))
        if isinstance(exc, errors.Invalid):
            name, said = next(iter(exc.fields.items()))
            return self._refuse(FIELDS.get(name, "invalid_request"), said[0])
        if isinstance(exc, exceptions.ValidationError):
            wrong = problems.handler(exc, {}).data["errors"][0]
            return self._refuse("invalid_request", f"{wrong['field']}: {wrong['message']}")
        return super().handle_exception(exc)

    def _refuse(self, error: str, said: str) -> Response:
        return Response({"error": error, "error_description": said}, status=400, exception=True)

    def sent(self, shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
        """Return the checked form; a field that stands in it twice is none of ours to choose from."""
        lists = getattr(request.data, "lists", None)
        if lists and (twice := [name for name, values in lists() if len(values) > 1]):
            raise exceptions.ValidationError({twice[0][:80]: ["It may be there once."]})
        return given(shape, request)


class Device(OAuth):
    """Where a device asks to be connected."""

    @extend_schema(
        operation_id="oauth_device",
        summary="Ask to connect a device (RFC 8628)",
        tags=["devices"],
        request={"application/x-www-form-urlencoded": OAuthDeviceGiven},
        responses={200: OAuthDeviceOut, 400: OAuthErrorOut},
    )
    def post(self, request: Request) -> Response:
        """Begin: the device shows the user code, its person types it in at /connect."""
        values = self.sent(OAuthDeviceGiven, request)
        name = values.get("device_name") or devices.device(request.META.get("HTTP_USER_AGENT", ""))
        what = people.requested(app_id=values["client_id"], name=name, scopes=values["scope"].split())
        workspace_id = self._workspace(values["enrolment_token"])
        new = people.start_pairing(what=what, now=self.now, workspace_id=workspace_id)
        page = settings.BASE_URL + reverse("connect")
        out = {
            "device_code": new.device_code,
            "user_code": new.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?code={new.user_code}",
            "expires_in": round((new.expires_at - self.now).total_seconds()),
            "interval": new.interval,
        }
        return Response(OAuthDeviceOut(out).data)

    def _workspace(self, token: str) -> int | None:
        return joining.enrols(token=token, now=self.now) if token else None


class Token(OAuth):
    """Where a code becomes a key."""

    throttle_classes = (ByCode,)

    @extend_schema(
        operation_id="oauth_token",
        summary="Exchange a code for a key",
        tags=["devices"],
        request={"application/x-www-form-urlencoded": OAuthTokenGiven},
        responses={200: OAuthTokenOut, 400: OAuthErrorOut},
    )
    def post(self, request: Request) -> Response:
        """Answer the key once its person has let the device in; until then 400 `authorization_pending`."""
        values = self.sent(OAuthTokenGiven, request)
        new = self._redeem(values)
        if new is None:
            return self._refuse("unsupported_grant_type", f"Use {DEVICE} or {CODE}.")
        out = {"access_token": new.key, "token_type": "Bearer", "scope": " ".join(new.token.scopes)}
        return Response(OAuthTokenOut(out).data)

    def _redeem(self, values: dict[str, Any]) -> people.NewToken | None:
        app_id = values["client_id"]
        if values["grant_type"] == DEVICE:
            return people.redeem_pairing(app_id=app_id, device_code=values["device_code"], now=self.now)
        if values["grant_type"] != CODE:
            return None
        return people.redeem_code(
            app_id=app_id,
            code=values["code"],
            redirect=values["redirect_uri"],
            verifier=values["code_verifier"],
            now=self.now,
        )


class Revoke(OAuth):
    """Where a device signs itself out."""

    throttle_classes = (ByCode,)

    @extend_schema(
        operation_id="oauth_revoke",
        summary="End a device by its own key (RFC 7009)",
        tags=["devices"],
        request={"application/x-www-form-urlencoded": OAuthRevokeGiven},
        responses={200: None, 400: OAuthErrorOut},
    )
    def post(self, request: Request) -> Response:
        """End it. A key that is none is ended already: the answer is the same."""
        values = self.sent(OAuthRevokeGiven, request)
        people.sign_out_device(app_id=values["client_id"], key=values["token"], now=self.now)
        return Response(status=200)


def metadata(request: HttpRequest) -> JsonResponse:
    """Answer where everything is (RFC 8414)."""
    hub = settings.BASE_URL
    return JsonResponse(
        {
            "issuer": hub,
            "authorization_endpoint": hub + reverse("authorize"),
            "device_authorization_endpoint": f"{hub}/api/v1/oauth/device",
            "token_endpoint": f"{hub}/api/v1/oauth/token",
            "revocation_endpoint": f"{hub}/api/v1/oauth/revoke",
            "scopes_supported": sorted(people.SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": [CODE, DEVICE],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_response_iss_parameter_supported": True,
        }
    )
