"""The company's own mail server: set, tried, taken away. Its password goes in and never comes out."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Nothing, Number, Text, given, need_something
from announcements.api.v1.resource import Resource
from announcements.people import services as people

KINDS = ["starttls", "tls", "none"]
STEPS = ["connected", "encrypted", "signed_in", "accepted"]


class ServerOut(serializers.Serializer[Any]):
    """A mail server."""

    host = serializers.CharField()
    port = serializers.IntegerField()
    tls = serializers.ChoiceField(KINDS)
    user = serializers.CharField(allow_blank=True)
    has_password = serializers.BooleanField()
    sender = serializers.EmailField()
    changed_at = serializers.DateTimeField()


class MailServerOut(serializers.Serializer[Any]):
    """The company's own mail server; null: mail goes through the installation's."""

    server = ServerOut(allow_null=True)


class MailServerGiven(Given):
    """What owners may change. What is left out stays; the password must come again when host, port, user or encryption change."""

    host = Text(max_length=253, required=False)
    port = Number(min_value=1, max_value=65535, required=False)
    tls = serializers.ChoiceField(KINDS, required=False, help_text="none: only to this machine or a private network.")
    user = Text(max_length=254, required=False, allow_blank=True)
    password = Text(max_length=1000, required=False, allow_blank=True, write_only=True)
    sender = Text(max_length=254, required=False, help_text="The address every mail comes from.")


class TrialStepOut(serializers.Serializer[Any]):
    """How far it got, and what the server said there."""

    name = serializers.ChoiceField(STEPS)
    ok = serializers.BooleanField()
    said = serializers.CharField(allow_blank=True, help_text="The server's own words.")


class TrialOut(serializers.Serializer[Any]):
    """What became of the mail."""

    ok = serializers.BooleanField()
    steps = TrialStepOut(many=True)
    cause = serializers.CharField(allow_blank=True, help_text="The likely cause of a refusal.")
    advice = serializers.CharField(allow_blank=True, help_text="What to do about it.")
    seconds = serializers.FloatField()


class MailServer(Resource):
    """The company's own mail server."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="mail_server_get", summary="My mail server", tags=["workspace"], responses=MailServerOut
    )
    def get(self, request: Request) -> Response:
        """Answer the mail server of my company, without its password; for admins."""
        return Response(MailServerOut({"server": people.mail_settings(by=self.by)}).data)

    @extend_schema(
        operation_id="mail_server_change",
        summary="Use a mail server of our own",
        tags=["workspace"],
        request=MailServerGiven,
        responses=MailServerOut,
    )
    def patch(self, request: Request) -> Response:
        """Set or change the mail server; for owners. Try it afterwards."""
        values = given(MailServerGiven, request)
        need_something(values)
        changed = people.set_mail_server(by=self.by, changes=people.MailServerChanges(**values), now=self.now)
        return Response(MailServerOut({"server": changed}).data)

    @extend_schema(
        operation_id="mail_server_remove",
        summary="Use the installation's mail server",
        tags=["workspace"],
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        """Forget the company's mail server, and with it the password; for owners."""
        people.remove_mail_server(by=self.by, now=self.now)
        return Response(status=204)


class Try(Resource):
    """A real mail through the mail server."""

    repeatable = False

    @extend_schema(
        operation_id="mail_server_try",
        summary="Send a test mail",
        tags=["workspace"],
        request=Nothing,
        responses=TrialOut,
    )
    def post(self, request: Request) -> Response:
        """Send a mail to my own address and answer what the server said at each step; for owners. Takes up to a minute."""
        given(Nothing, request)
        return Response(TrialOut(people.try_mail_server(by=self.by, now=self.now)).data)
