"""Coming in by a link: for whoever has it. Reading it changes nothing."""

from __future__ import annotations

from typing import Any, get_args

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle
from rest_framework.views import APIView

from announcements.api import accounts
from announcements.api.shapes import Flag, Given, Text, Zone, given
from announcements.api.v1.resource import Resource
from announcements.joining import services as joining
from announcements.people import services as people


class WayInOut(serializers.Serializer[Any]):
    """What is behind a link: a `link` asks for an address, an `invitation` and a `claim` let in whoever has them."""

    kind = serializers.ChoiceField(["invitation", "claim", "link"])
    state = serializers.ChoiceField(["open", "used", "expired"])
    workspace_name = serializers.CharField()
    inviter_name = serializers.CharField(allow_blank=True)
    inviter_title = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField(get_args(people.Role))
    timezone = serializers.CharField()
    groups = serializers.ListField(child=serializers.CharField())
    domains = serializers.ListField(child=serializers.CharField(), help_text="Which addresses a link is for.")
    waits = serializers.BooleanField(help_text="Whether an admin has to let them in afterwards.")


class ArrivalGiven(Given):
    """What one says of oneself when coming in."""

    name = Text(max_length=80)
    password = Text(max_length=1000)
    timezone = Zone()
    sign_in = Flag(
        required=False, default=False, help_text="Whether this browser is to be signed in; for pages, not for tokens."
    )


class ArrivedOut(serializers.Serializer[Any]):
    """Who came in: active, or waiting to be let in."""

    email = serializers.EmailField()
    name = serializers.CharField()
    state = serializers.ChoiceField(["active", "waiting"])


class AddressGiven(Given):
    """Where to write to."""

    email = serializers.EmailField(max_length=254)


class AddressThrottle(SimpleRateThrottle):
    """Few addresses a minute from one place: each of them is written to."""

    rate = "10/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return the place a request comes from."""
        return f"joining-address-{self.get_ident(request)}"


class WayIn(Resource):
    """A link that lets somebody in."""

    public = True

    @extend_schema(
        operation_id="joining_get", summary="What a link to join is about", tags=["joining"], responses=WayInOut
    )
    def get(self, request: Request, token: str) -> Response:
        """Answer what a link is about, without doing it."""
        return Response(WayInOut(joining.way_in(token=token, now=self.now)).data)

    @extend_schema(
        operation_id="joining_accept",
        summary="Come in by a link",
        tags=["joining"],
        request=ArrivalGiven,
        responses={201: ArrivedOut},
    )
    def post(self, request: Request, token: str) -> Response:
        """Come in by an invitation or a claim, once. The address counts as verified: the link was mailed to it."""
        values = given(ArrivalGiven, request)
        arrival = people.Arrival(values["name"], values["password"], values["timezone"])
        with transaction.atomic():
            person = joining.accept(token=token, arrival=arrival, now=self.now)
            accounts.note_verified(person)
        if values["sign_in"] and person.state == "active":
            accounts.sign_in(request._request, person)
        return Response(ArrivedOut(person).data, status=201)


class Address(Resource):
    """Giving one's address at a link for many."""

    public = True
    throttle_classes = (AnonRateThrottle, UserRateThrottle, AddressThrottle)

    @extend_schema(
        operation_id="joining_ask",
        summary="Ask for a way in by mail",
        tags=["joining"],
        request=AddressGiven,
        responses={202: None},
    )
    def post(self, request: Request, token: str) -> Response:
        """Write to an address what is possible for it. The answer here is the same for every address."""
        joining.ask(token=token, email=given(AddressGiven, request)["email"], now=self.now)
        return Response(status=202)
