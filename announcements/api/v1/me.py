"""Who I am, and what I set for myself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Clock, Given, Number, Text, Zone, given, need_something
from announcements.api.v1.pictures import Picture
from announcements.api.v1.resource import Resource
from announcements.people import services as people

THEMES = ["system", "light", "dark"]


class AwayGiven(Given):
    """Days away, both included."""

    first = serializers.DateField()
    last = serializers.DateField()


class AwayOut(serializers.Serializer[Any]):
    """Days away, both included."""

    first = serializers.DateField()
    last = serializers.DateField()

    def to_representation(self, span: tuple[date, date]) -> dict[str, Any]:
        """Return the span with its ends named."""
        return super().to_representation(dict(zip(("first", "last"), span, strict=True)))


class MeOut(serializers.Serializer[Any]):
    """The person who asks."""

    id = serializers.IntegerField()
    workspace_id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    location = serializers.CharField(allow_blank=True)
    pronouns = serializers.CharField(allow_blank=True)
    about = serializers.CharField(allow_blank=True)
    picture = Picture()
    role = serializers.ChoiceField(get_args(people.Role))
    locale = serializers.CharField()
    timezone = serializers.CharField()
    work_days = serializers.ListField(child=serializers.IntegerField(), source="working_time.days")
    work_starts = Clock(source="working_time.starts")
    work_ends = Clock(source="working_time.ends")
    away = AwayOut(many=True, source="working_time.away")
    theme = serializers.ChoiceField(THEMES)
    may_publish = serializers.SerializerMethodField()

    def get_may_publish(self, person: people.Person) -> bool:
        """Tell whether there is anybody this person may publish to."""
        return bool(self.context["may_publish"])


class MeGiven(Given):
    """What one may change about oneself."""

    name = Text(max_length=80, required=False)
    title = Text(max_length=80, required=False, allow_blank=True)
    pronouns = Text(max_length=40, required=False, allow_blank=True)
    about = Text(max_length=500, required=False, allow_blank=True, help_text="Plain text of a few lines.")
    locale = Text(max_length=12, required=False)
    timezone = Zone(required=False)
    work_days = serializers.ListField(child=Number(min_value=0, max_value=6), max_length=7, required=False)
    work_starts = Clock(required=False)
    work_ends = Clock(required=False)
    away = AwayGiven(many=True, required=False)
    theme = serializers.ChoiceField(THEMES, required=False)


class Me(Resource):
    """The person who asks."""

    scopes = {"GET": "people:read", "PATCH": "people:write"}

    @extend_schema(operation_id="me_get", summary="Who I am", tags=["me"], responses=MeOut)
    def get(self, request: Request) -> Response:
        """Answer the person who asks."""
        return answer(people.find(by=self.by, person_id=self.by), self.now)

    @extend_schema(operation_id="me_change", summary="Change my profile", tags=["me"], request=MeGiven, responses=MeOut)
    def patch(self, request: Request) -> Response:
        """Change what one says of oneself, clock or theme: all that is given, or nothing."""
        values = given(MeGiven, request)
        need_something(values)
        if "away" in values:
            values["away"] = tuple((span["first"], span["last"]) for span in values["away"])
        if "work_days" in values:
            values["work_days"] = tuple(values["work_days"])
        return answer(
            people.update_profile(by=self.by, changes=people.ProfileChanges(**values), now=self.now), self.now
        )


def answer(person: people.Person, now: datetime) -> Response:
    """Answer the person who asks, as they are now."""
    may_publish = people.may_publish(person_id=person.id, at=now)
    return Response(MeOut(person, context={"may_publish": may_publish}).data)
