"""People of my workspace."""

from __future__ import annotations

from typing import get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import auth, second_factor
from announcements.api.shapes import Clock, Given, Nothing, Number, Text, Zone, given, need_something
from announcements.api.v1.listing import PeopleOut, PeopleQuery, PersonOut, ProfileOut, answer
from announcements.api.v1.resource import Resource
from announcements.joining import services as joining
from announcements.people import services as people


class InviteGiven(Given):
    """Whom to invite."""

    email = serializers.EmailField(max_length=254)
    name = Text(max_length=80)
    title = Text(max_length=80, required=False, allow_blank=True, default="")
    timezone = Zone(required=False)


class PersonChange(Given):
    """What to change about somebody."""

    name = Text(max_length=80, required=False)
    title = Text(max_length=80, required=False, allow_blank=True)
    location = Text(max_length=80, required=False, allow_blank=True)
    timezone = Zone(required=False)
    work_days = serializers.ListField(child=Number(min_value=0, max_value=6), max_length=7, required=False)
    work_starts = Clock(required=False)
    work_ends = Clock(required=False)


class RoleGiven(Given):
    """A role in the workspace."""

    role = serializers.ChoiceField(get_args(people.Role))


class People(Resource):
    """Everybody of my workspace."""

    scopes = {"GET": "people:read", "POST": "people:write"}

    @extend_schema(
        operation_id="people_list", summary="People", tags=["people"], parameters=[PeopleQuery], responses=PeopleOut
    )
    def get(self, request: Request) -> Response:
        """Answer a page of people, by name unless another order is asked for; without filters, everybody in any state."""
        return answer(request, self.by, self.now)

    @extend_schema(
        operation_id="people_invite",
        summary="Invite somebody",
        tags=["people"],
        request=InviteGiven,
        responses={201: PersonOut},
    )
    def post(self, request: Request) -> Response:
        """Invite somebody into the workspace, by mail, in its time zone unless told another; /invitations has more to choose from."""
        who = people.Invitee(**given(InviteGiven, request))
        invitation = joining.invite(by=self.by, who=who, now=self.now)
        person = people.find(by=self.by, person_id=invitation.person_id)
        return Response(PersonOut(person).data, status=201, headers={"Location": f"/api/v1/people/{person.id}"})


class OnePerson(Resource):
    """Somebody of my workspace."""

    scopes = {"GET": "people:read", "PATCH": "people:write"}

    @extend_schema(operation_id="people_get", summary="A person", tags=["people"], responses=ProfileOut)
    def get(self, request: Request, person_id: int) -> Response:
        """Answer a person, with their groups of now and their working time."""
        profile = people.profile(by=self.by, person_id=person_id, now=self.now)
        told = people.takes_factor(by=self.by, person_id=person_id)
        factor = second_factor.has(person_id) if told else None
        return Response(ProfileOut(profile, context={"second_factor": factor}).data)

    @extend_schema(
        operation_id="people_change",
        summary="Change a person",
        tags=["people"],
        request=PersonChange,
        responses=PersonOut,
    )
    def patch(self, request: Request, person_id: int) -> Response:
        """Change name, title, location or working time of somebody; for admins. Groups filled by rules follow."""
        values = given(PersonChange, request)
        need_something(values)
        if "work_days" in values:
            values["work_days"] = tuple(values["work_days"])
        changes = people.PersonChanges(**values)
        return Response(
            PersonOut(people.update_person(by=self.by, person_id=person_id, changes=changes, now=self.now)).data
        )


class Admit(Resource):
    """Letting somebody in who signed up."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="people_admit",
        summary="Let somebody in",
        tags=["people"],
        request=Nothing,
        responses=PersonOut,
    )
    def post(self, request: Request, person_id: int) -> Response:
        """Let somebody in who signed up and waits."""
        given(Nothing, request)
        joining.admit(by=self.by, person_id=person_id, now=self.now)
        return Response(PersonOut(people.find(by=self.by, person_id=person_id)).data)


class Deactivate(Resource):
    """Ending somebody's access."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="people_deactivate",
        summary="Deactivate somebody",
        tags=["people"],
        request=Nothing,
        responses=PersonOut,
    )
    def post(self, request: Request, person_id: int) -> Response:
        """End somebody's access at once: sessions, tokens, mail links."""
        given(Nothing, request)
        people.deactivate(by=self.by, person_id=person_id, now=self.now)
        return Response(PersonOut(people.find(by=self.by, person_id=person_id)).data)


class Reactivate(Resource):
    """Giving access back."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="people_reactivate",
        summary="Reactivate somebody",
        tags=["people"],
        request=Nothing,
        responses=PersonOut,
    )
    def post(self, request: Request, person_id: int) -> Response:
        """Give somebody's access back."""
        given(Nothing, request)
        people.reactivate(by=self.by, person_id=person_id, now=self.now)
        return Response(PersonOut(people.find(by=self.by, person_id=person_id)).data)


class Role(Resource):
    """Somebody's role in the workspace."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="people_change_role",
        summary="Change somebody's role",
        tags=["people"],
        request=RoleGiven,
        responses=PersonOut,
    )
    def post(self, request: Request, person_id: int) -> Response:
        """Make somebody a member, an admin or, with a session, an owner. The last owner stays one."""
        role = given(RoleGiven, request)["role"]
        auth.need_session_for_owners(request, [role])
        people.change_role(by=self.by, person_id=person_id, role=role, now=self.now)
        return Response(PersonOut(people.find(by=self.by, person_id=person_id)).data)
