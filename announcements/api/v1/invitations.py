"""Invitations: asking people in, one or many."""

from __future__ import annotations

from typing import Any, get_args

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import auth
from announcements.api.pagination import PageQuery, before_time, page
from announcements.api.shapes import Given, Id, Nothing, Text, Zone, asked, given
from announcements.api.v1.resource import Resource
from announcements.joining import services as joining
from announcements.kernel import errors
from announcements.people import services as people

MOST_GROUPS = 50
MOST_TEXT = 200_000
AT_ONCE = 500
ROLES = get_args(people.Role)


class InvitationOut(serializers.Serializer[Any]):
    """That somebody was asked in. `mail` is what became of the newest mail about it, `mail_reply` the mail server's own words."""

    id = serializers.IntegerField()
    person_id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(ROLES)
    state = serializers.ChoiceField(get_args(joining.InvitationState))
    invited_by = serializers.IntegerField()
    invited_by_name = serializers.CharField(allow_blank=True)
    invited_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    mail = serializers.ChoiceField(get_args(joining.MailState))
    mail_reply = serializers.CharField(allow_blank=True)


class InvitationsOut(serializers.Serializer[Any]):
    """A page of invitations, newest first."""

    results = InvitationOut(many=True)
    next = serializers.CharField(allow_null=True)


class InvitationsQuery(PageQuery):
    """Which invitations."""

    state = serializers.ChoiceField(get_args(joining.InvitationState), required=False)
    search = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class InvitationGiven(Given):
    """Whom to ask in, as what."""

    email = serializers.EmailField(max_length=254)
    name = Text(max_length=80)
    title = Text(max_length=80, required=False, allow_blank=True, default="")
    role = serializers.ChoiceField(ROLES, required=False, default="member")
    group_ids = serializers.ListField(child=Id(), max_length=MOST_GROUPS, required=False, default=list)
    timezone = Zone(required=False)


class LineGiven(Given):
    """One of many. What is wrong with it is answered on its line."""

    email = Text(max_length=320)
    name = Text(max_length=200, required=False, allow_blank=True, default="")
    title = Text(max_length=200, required=False, allow_blank=True, default="")
    role = serializers.ChoiceField(ROLES, required=False, default="member")
    group_ids = serializers.ListField(child=Id(), max_length=MOST_GROUPS, required=False, default=list)


class ManyGiven(Given):
    """Many to ask in: either `text`, as pasted or as a CSV with a heading, or `people`. Role and groups hold where a line of the text says none."""

    text = Text(
        max_length=MOST_TEXT,
        required=False,
        help_text="`Maya Lindqvist <maya@example.com>, joao@example.com; …`, or CSV: email,name,title,groups,role.",
    )
    people = LineGiven(many=True, max_length=AT_ONCE, required=False)  # type: ignore[call-arg]  # many takes it
    role = serializers.ChoiceField(ROLES, required=False, default="member")
    group_ids = serializers.ListField(child=Id(), max_length=MOST_GROUPS, required=False, default=list)


class LineOut(serializers.Serializer[Any]):
    """The answer to one of many. `problem` says what is wrong and what is allowed."""

    line = serializers.IntegerField()
    email = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    answer = serializers.ChoiceField(get_args(joining.Answer))
    problem = serializers.CharField(allow_blank=True)
    invitation_id = serializers.IntegerField(allow_null=True)


class ManyOut(serializers.Serializer[Any]):
    """The answers, in the order of the lines."""

    results = LineOut(many=True)
    invited = serializers.IntegerField()


class Invitations(Resource):
    """Invitations: all for admins, their own for managers of groups."""

    scopes = {"GET": "people:read", "POST": "people:write"}

    @extend_schema(
        operation_id="invitations_list",
        summary="Invitations",
        tags=["joining"],
        parameters=[InvitationsQuery],
        responses=InvitationsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer a page of invitations, newest first."""
        query = asked(InvitationsQuery, request)
        found = joining.invitations(
            by=self.by,
            state=query.get("state", ""),
            search=query["search"],
            before=before_time(query.get("cursor")),
            limit=query["limit"] + 1,
            now=self.now,
        )
        results, following = page(found, query["limit"], lambda one: (one.invited_at, one.id))
        return Response(InvitationsOut({"results": results, "next": following}).data)

    @extend_schema(
        operation_id="invitations_create",
        summary="Invite somebody by mail",
        tags=["joining"],
        request=InvitationGiven,
        responses={201: InvitationOut},
    )
    def post(self, request: Request) -> Response:
        """Ask somebody in. Admins give any role but owner, owners, with a session, every role; managers invite members into their groups."""
        who = _invitee(given(InvitationGiven, request))
        auth.need_session_for_owners(request, [who.role])
        made = joining.invite(by=self.by, who=who, now=self.now)
        return Response(InvitationOut(made).data, status=201, headers={"Location": f"/api/v1/invitations/{made.id}"})


class ManyInvitations(Resource):
    """Many at once."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="invitations_create_many",
        summary="Invite many at once",
        tags=["joining"],
        request=ManyGiven,
        responses=ManyOut,
    )
    def post(self, request: Request) -> Response:
        """Ask up to 500 people in; each line gets its answer, and one that cannot be asked changes nothing for the others."""
        values = given(ManyGiven, request)
        if ("text" in values) == ("people" in values):
            raise errors.Invalid({"text": [_("Give either a text or people.")]})
        if "people" in values:
            entries = [joining.Entry(line, _invitee(one)) for line, one in enumerate(values["people"], 1)]
        else:
            defaults = joining.Defaults(values["role"], tuple(values["group_ids"]))
            entries = joining.read(by=self.by, source=values["text"], defaults=defaults)
        auth.need_session_for_owners(request, (entry.who.role for entry in entries))
        lines = joining.invite_many(by=self.by, entries=entries, now=self.now)
        invited = sum(line.answer == "invited" for line in lines)
        return Response(ManyOut({"results": lines, "invited": invited}).data)


class OneInvitation(Resource):
    """An invitation."""

    scopes = {"GET": "people:read"}

    @extend_schema(operation_id="invitations_get", summary="An invitation", tags=["joining"], responses=InvitationOut)
    def get(self, request: Request, invitation_id: int) -> Response:
        """Answer an invitation."""
        return Response(InvitationOut(joining.invitation(by=self.by, invitation_id=invitation_id, now=self.now)).data)


class Resend(Resource):
    """Sending an invitation anew."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="invitations_resend",
        summary="Send an invitation again",
        tags=["joining"],
        request=Nothing,
        responses=InvitationOut,
    )
    def post(self, request: Request, invitation_id: int) -> Response:
        """Send an invitation again, good for another 14 days."""
        given(Nothing, request)
        return Response(InvitationOut(joining.resend(by=self.by, invitation_id=invitation_id, now=self.now)).data)


class Revoke(Resource):
    """Taking an invitation back."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="invitations_revoke",
        summary="Revoke an invitation",
        tags=["joining"],
        request=Nothing,
        responses=InvitationOut,
    )
    def post(self, request: Request, invitation_id: int) -> Response:
        """Take an invitation back: its link dies at once."""
        given(Nothing, request)
        return Response(InvitationOut(joining.revoke(by=self.by, invitation_id=invitation_id, now=self.now)).data)


def _invitee(values: dict[str, Any]) -> people.Invitee:
    name = values["name"] or values["email"].partition("@")[0]
    return people.Invitee(**values | {"name": name, "group_ids": tuple(values["group_ids"])})
