"""This installation itself: what somebody who is not signed in may know of it, and the demo company."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Nothing, given
from announcements.api.v1.resource import Resource
from announcements.kernel import errors
from announcements.management.northwind import story
from announcements.people import services as people


class SignInOut(serializers.Serializer[Any]):
    """Somebody of the demo company whom one may sign in as."""

    name = serializers.CharField()
    title = serializers.CharField()
    email = serializers.EmailField()
    password = serializers.CharField()
    why = serializers.CharField(help_text="Why one would.")


class HubOut(serializers.Serializer[Any]):
    """This installation."""

    founded = serializers.BooleanField(help_text="Whether there is a workspace.")
    open = serializers.BooleanField(help_text="Whether one more may be founded.")
    demo_offered = serializers.BooleanField(help_text="Whether POST /demo would make the demo company.")
    sign_ins = SignInOut(many=True, help_text="Who may sign in to the demo company; empty where it is not.")


class DemoOut(serializers.Serializer[Any]):
    """Who may sign in to the demo company."""

    sign_ins = SignInOut(many=True)


class Hub(Resource):
    """This installation."""

    public = True

    @extend_schema(operation_id="hub_get", summary="This installation", tags=["hub"], responses=HubOut)
    def get(self, request: Request) -> Response:
        """Answer whether there is a workspace, and whether one may look around in a demo."""
        founded = people.any_workspace()
        trying = bool(settings.MAIL_CATCHER)
        return Response(
            HubOut(
                {
                    "founded": founded,
                    "open": settings.OPEN_TO_COMPANIES or not founded,
                    "demo_offered": trying and not founded,
                    "sign_ins": story.sign_ins() if trying else [],
                }
            ).data
        )


class Demo(Resource):
    """The demo company, Northwind Freight. Only where mail is caught, so that nobody outside is ever written to."""

    public = True

    @extend_schema(
        operation_id="demo_create",
        summary="Make the demo company",
        tags=["hub"],
        request=Nothing,
        responses={201: DemoOut},
    )
    def post(self, request: Request) -> Response:
        """Fill an empty database with the demo company; takes a few seconds."""
        given(Nothing, request)
        if not settings.MAIL_CATCHER:
            raise errors.NotFound(_("There is no demo here: mail leaves this machine."))
        return Response(DemoOut({"sign_ins": story.build(now=self.now)}).data, status=201)
