"""My sessions: which browsers are signed in as me. Only a session may see and end them."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import devices
from announcements.api.accounts import copy_keys
from announcements.api.second_factor import MARK, proven
from announcements.api.v1.resource import Resource
from announcements.kernel import errors
from announcements.people import services as people


class SessionOut(serializers.Serializer[Any]):
    """A browser that is signed in. Where it is we do not guess; the network address says what it says."""

    id = serializers.IntegerField()
    device = serializers.SerializerMethodField(help_text="In words, as the browser describes itself.")
    ip = serializers.CharField()
    signed_in_at = serializers.DateTimeField(source="created_at")
    last_seen_at = serializers.DateTimeField(help_text="Exact to five minutes.")
    current = serializers.SerializerMethodField(help_text="Whether it is the one that asks.")

    def get_device(self, session: UserSession) -> str:
        """Return the browser in words."""
        return devices.device(session.user_agent)

    def get_current(self, session: UserSession) -> bool:
        """Tell whether it is the one that asks."""
        return bool(session.session_key == self.context["key"])


class SessionsOut(serializers.Serializer[Any]):
    """My sessions, the latest seen first."""

    results = SessionOut(many=True)


class Sessions(Resource):
    """All my sessions."""

    @extend_schema(operation_id="sessions_list", summary="My sessions", tags=["sessions"], responses=SessionsOut)
    def get(self, request: Request) -> Response:
        """Answer the browsers that are signed in as me."""
        found = UserSession.objects.purge_and_list(devices.account(request._request))
        found.sort(key=lambda session: (session.last_seen_at, session.pk), reverse=True)
        return Response(SessionsOut({"results": found}, context={"key": request._request.session.session_key}).data)

    @extend_schema(
        operation_id="sessions_end_others", summary="Sign out everywhere else", tags=["sessions"], responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        """End every other session, every token, every feed key and every link in my mail, at once."""
        inner = request._request
        user = devices.account(inner)
        was_proven = proven(inner)
        key = inner.session.session_key
        people.end_keys(by=self.by, now=self.now)
        copy_keys(user)
        update_session_auth_hash(inner, user)
        if was_proven:
            inner.session[MARK] = user.pk
        for session in UserSession.objects.filter(user_id=self.by).exclude(session_key=key):
            session.end()
        UserSession.objects.filter(session_key=key).update(session_key=inner.session.session_key)
        return Response(status=204)


class Session(Resource):
    """One of my sessions."""

    @extend_schema(operation_id="sessions_end", summary="End a session", tags=["sessions"], responses={204: None})
    def delete(self, request: Request, session_id: int) -> Response:
        """End one of my other sessions at once."""
        session = UserSession.objects.filter(user_id=self.by, pk=session_id).first()
        if session is None:
            raise errors.NotFound
        if session.session_key == request._request.session.session_key:
            raise errors.Conflict(_("This is the session you are in. Sign out instead."))
        session.end()
        return Response(status=204)
