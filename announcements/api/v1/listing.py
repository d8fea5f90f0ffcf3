"""The list of people: what it may be asked for, what it answers, where it goes on."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from django.utils.dateparse import parse_date
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.pagination import PageQuery, after, instant, name, pack
from announcements.api.shapes import MAX_ID, Clock, asked
from announcements.api.v1.pictures import Picture
from announcements.api.v1.resource import Resource
from announcements.people import services as people

STATES = get_args(people.State)
ROLES = get_args(people.Role)


class PersonOut(serializers.Serializer[Any]):
    """Somebody of my workspace."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    pronouns = serializers.CharField(allow_blank=True)
    about = serializers.CharField(allow_blank=True)
    picture = Picture()
    location = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField(ROLES)
    state = serializers.ChoiceField(STATES)
    timezone = serializers.CharField()
    last_seen_on = serializers.DateField(allow_null=True)


_OF_PERSON = tuple(PersonOut._declared_fields)


class BelongingOut(serializers.Serializer[Any]):
    """A group that somebody is in now."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(get_args(people.GroupKind))
    role = serializers.ChoiceField(get_args(people.GroupRole))
    by_rule = serializers.BooleanField(help_text="Whether a rule put them there.")
    started_at = serializers.DateTimeField()


class ListedPersonOut(PersonOut):
    """Somebody of my workspace, with their groups of now."""

    groups = BelongingOut(many=True)
    joined_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, profile: people.Profile) -> dict[str, Any]:
        """Return the person with what is told about them here."""
        hours = profile.person.working_time
        values: dict[str, Any] = {field: getattr(profile.person, field) for field in _OF_PERSON}
        values |= {"work_days": hours.days, "work_starts": hours.starts, "work_ends": hours.ends}
        values |= {field: getattr(profile, field) for field in ("groups", "joined_at", "invited_at")}
        values["second_factor"] = self.context.get("second_factor")
        return super().to_representation(values)


class ProfileOut(ListedPersonOut):
    """Somebody of my workspace, as their colleagues see them."""

    work_days = serializers.ListField(child=serializers.IntegerField())
    work_starts = Clock()
    work_ends = Clock()
    invited_at = serializers.DateTimeField(allow_null=True, help_text="Told to admins and owners.")
    second_factor = serializers.BooleanField(
        allow_null=True, help_text="Whether they have one, which they may lose. Told to owners; null for others."
    )


class PeopleOut(serializers.Serializer[Any]):
    """A page of people."""

    results = ListedPersonOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True, help_text="A cursor too: it leads back.")
    total = serializers.IntegerField(help_text="How many there are on all pages.")


class PeopleQuery(PageQuery):
    """Which people, in which order."""

    search = serializers.CharField(
        max_length=120, required=False, default="", allow_blank=True, help_text="In name, title, address or location."
    )
    role = serializers.ChoiceField(ROLES, required=False, default=None)
    state = serializers.ChoiceField(STATES, required=False, default=None)
    group_id = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, default=None)
    sub_groups = serializers.BooleanField(required=False, default=False, help_text="Those of its sub-groups too.")
    timezone = serializers.CharField(max_length=64, required=False, default="")
    location = serializers.CharField(max_length=80, required=False, default="")
    not_seen_since = serializers.DateField(
        required=False, default=None, help_text="Who was last seen before that day, or never."
    )
    sort = serializers.ChoiceField(get_args(people.Sort), required=False, default="name")
    order = serializers.ChoiceField(["asc", "desc"], required=False, default="asc")


class HeadsOut(serializers.Serializer[Any]):
    """How many people have something in common."""

    name = serializers.CharField()
    people = serializers.IntegerField()

    def to_representation(self, pair: tuple[str, int]) -> dict[str, Any]:
        """Return the pair with its parts named."""
        return super().to_representation({"name": pair[0], "people": pair[1]})


class GroupHeadsOut(serializers.Serializer[Any]):
    """How many people a group has, sub-groups included, once each."""

    id = serializers.IntegerField()
    people = serializers.IntegerField()


class StatesOut(serializers.Serializer[Any]):
    """How many people are in each state."""

    invited = serializers.IntegerField()
    waiting = serializers.IntegerField()
    active = serializers.IntegerField()
    deactivated = serializers.IntegerField()


class CountsOut(serializers.Serializer[Any]):
    """How many people there are."""

    total = serializers.IntegerField()
    states = StatesOut()
    groups = GroupHeadsOut(many=True)
    locations = HeadsOut(many=True, help_text="The most common, at most 200.")
    timezones = HeadsOut(many=True)


class Counts(Resource):
    """How many people there are."""

    scopes = {"GET": "people:read"}

    @extend_schema(operation_id="people_counts", summary="People in numbers", tags=["people"], responses=CountsOut)
    def get(self, request: Request) -> Response:
        """Answer how many people there are, by what a list of them is filtered by."""
        found = people.counts(by=self.by, now=self.now)
        groups = [{"id": id, "people": many} for id, many in found.groups.items()]
        values = {"total": found.total, "states": found.states, "groups": groups}
        return Response(CountsOut(values | {"locations": found.locations, "timezones": found.timezones}).data)


def answer(request: Request, by: int, now: Any) -> Response:
    """Answer a page of the list."""
    query = asked(PeopleQuery, request)
    sort, cursor, limit = query.pop("sort"), query.pop("cursor", None), query.pop("limit")
    order = people.Order(sort, query.pop("order") == "desc")
    found = people.listing(
        by=by, wanted=people.Wanted(**query), order=order, after=_place(sort, cursor), limit=limit, now=now
    )
    places = {"next": _packed(sort, found.following), "previous": _packed(sort, found.preceding)}
    return Response(PeopleOut({"results": found.people, "total": found.total} | places).data)


def _packed(sort: people.Sort, place: people.Place | None) -> str | None:
    if place is None:
        return None
    if sort == "name" and not place.back:
        return pack(place.mark, place.id)
    mark = place.mark.isoformat() if isinstance(place.mark, date) else place.mark
    return pack([sort, place.stretch, mark, place.back], place.id)


def _place(sort: people.Sort, cursor: str | None) -> people.Place | None:
    def read(packed: Any) -> tuple[Any, int, bool]:
        if sort == "name" and isinstance(packed, str):
            return name(packed), 0, False
        of, stretch, mark, back = packed
        if of != sort or type(back) is not bool or type(stretch) is not int or stretch not in range(len(ROLES)):
            raise ValueError(packed)
        return None if mark is None and sort in _EMPTY and not stretch else _MARKS[sort](mark), stretch, back

    if cursor is None:
        return None
    (mark, stretch, back), last = after(cursor, read)
    return people.Place(mark, last, stretch, back)


def _day(mark: Any) -> date:
    if (found := parse_date(mark)) is None:
        raise ValueError(mark)
    return found


_MARKS = {"name": name, "last_seen_on": _day, "joined": instant, "role": name}
_EMPTY = {"last_seen_on", "joined"}  # columns with empty places
