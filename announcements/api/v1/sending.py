"""How mail gets on: whether the server takes it, pausing it, resuming it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Nothing, given
from announcements.api.v1.resource import Resource
from announcements.delivery import services as delivery
from announcements.people import services as people


class SendingOut(serializers.Serializer[Any]):
    """How nudges and digests of my company get on."""

    state = serializers.ChoiceField(
        ["sending", "resting", "refused", "paused", "held"],
        help_text="resting: the server was in trouble and is asked again at `until`; refused: it takes nothing from us, and is asked "
        "again then; paused: by somebody; held: a backup was restored, and mail waits until an admin resumes it.",
    )
    own = serializers.BooleanField(help_text="By the company's own server, not the installation's.")
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    paused_by = serializers.CharField(allow_blank=True, help_text="The name of who paused it.")
    reply = serializers.CharField(allow_blank=True, help_text="What the server said when it was last in trouble.")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="When the server last took a mail.")
    waiting = serializers.IntegerField(help_text="Nudges and digests that are due.")


class MailSending(Resource):
    """How mail gets on."""

    scopes = {"GET": "people:read"}

    @extend_schema(operation_id="sending_get", summary="How mail gets on", tags=["mail"], responses=SendingOut)
    def get(self, request: Request) -> Response:
        """Answer whether nudges and digests of my company leave, and why not; for admins."""
        return Response(_shown(self))


class Pause(Resource):
    """Nudges and digests of a company that wait for a person."""

    scopes = {"POST": "workspace:write"}

    @extend_schema(
        operation_id="sending_pause", summary="Pause mail", tags=["mail"], request=Nothing, responses=SendingOut
    )
    def post(self, request: Request) -> Response:
        """Let no nudge and no digest of my company leave until somebody resumes it; for admins. Codes and invitations still go."""
        given(Nothing, request)
        delivery.pause_sending(by=self.by, now=self.now)
        return Response(_shown(self))


class Resume(Resource):
    """Nudges and digests of a company that may leave again."""

    scopes = {"POST": "workspace:write"}

    @extend_schema(
        operation_id="sending_resume", summary="Resume mail", tags=["mail"], request=Nothing, responses=SendingOut
    )
    def post(self, request: Request) -> Response:
        """Let it leave again, and ask a server that rests at once; for admins."""
        given(Nothing, request)
        delivery.resume_sending(by=self.by, now=self.now)
        return Response(_shown(self))


def _shown(resource: Resource) -> dict[str, Any]:
    found = delivery.sending(by=resource.by, now=resource.now)
    who = people.get_many(ids=[found.by]).get(found.by) if found.by else None
    return dict(SendingOut({**_fields(found), "paused_by": who.name if who else ""}).data)


def _fields(found: delivery.Sending) -> dict[str, Any]:
    return {
        name: getattr(found, name) for name in ("state", "own", "since", "until", "reply", "submitted_at", "waiting")
    }
