"""My devices: the programs I have connected, and those that ask to be. Only a session may see, connect and end them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle

from announcements.api.shapes import Nothing, given
from announcements.api.v1.resource import Resource
from announcements.people import services as people


class DeviceOut(serializers.Serializer[Any]):
    """A program on one machine, without its key."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    app_name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    connected_at = serializers.DateTimeField()
    last_used_on = serializers.DateField(allow_null=True)


class DevicesOut(serializers.Serializer[Any]):
    """My devices, newest first."""

    results = DeviceOut(many=True)


class PairingOut(serializers.Serializer[Any]):
    """Which program asks, for which device, to do what."""

    app_name = serializers.CharField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    enrolled = serializers.BooleanField(
        help_text="It asks with an enrolment token of my company, which its IT has set."
    )


class UserCodes(UserRateThrottle):
    """A code is eight letters and lives ten minutes: nobody tries many."""

    rate = "20/min"
    scope = "user_codes"


class Devices(Resource):
    """All my devices."""

    @extend_schema(operation_id="devices_list", summary="My devices", tags=["devices"], responses=DevicesOut)
    def get(self, request: Request) -> Response:
        """Answer the devices that are connected."""
        return Response(DevicesOut({"results": people.devices(by=self.by, now=self.now)}).data)


class Device(Resource):
    """One of my devices."""

    @extend_schema(operation_id="devices_end", summary="Disconnect a device", tags=["devices"], responses={204: None})
    def delete(self, request: Request, device_id: int) -> Response:
        """End its key, and the feed keys it made, at once."""
        people.end_device(by=self.by, device_id=device_id, now=self.now)
        return Response(status=204)


class Pairing(Resource):
    """A device that asks to be connected, by the code it shows."""

    throttle_classes = (UserCodes,)

    @extend_schema(operation_id="pairings_get", summary="Who asks by a code", tags=["devices"], responses=PairingOut)
    def get(self, request: Request, user_code: str) -> Response:
        """Answer who asks, without answering it."""
        return Response(PairingOut(people.pairing(by=self.by, user_code=user_code, now=self.now)).data)


class Grant(Resource):
    """Letting it in."""

    throttle_classes = (UserCodes,)

    @extend_schema(
        operation_id="pairings_grant",
        summary="Connect a device",
        tags=["devices"],
        request=Nothing,
        responses={204: None},
    )
    def post(self, request: Request, user_code: str) -> Response:
        """Connect it: its next question is answered with a key of its own."""
        given(Nothing, request)
        people.grant_pairing(by=self.by, user_code=user_code, now=self.now)
        return Response(status=204)


class Refuse(Resource):
    """Sending it away."""

    throttle_classes = (UserCodes,)

    @extend_schema(
        operation_id="pairings_refuse",
        summary="Refuse a device",
        tags=["devices"],
        request=Nothing,
        responses={204: None},
    )
    def post(self, request: Request, user_code: str) -> Response:
        """Refuse it for good; it may ask again with a new code."""
        given(Nothing, request)
        people.refuse_pairing(by=self.by, user_code=user_code, now=self.now)
        return Response(status=204)
