"""A reorganization: several changes of groups at once, on one date."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Id, given
from announcements.api.v1.groups import GroupsOut
from announcements.api.v1.members import ROLES
from announcements.api.v1.resource import Resource
from announcements.kernel import errors
from announcements.people import services as people

# What each kind of change is made of, besides the group; the last may be left out.
KINDS: dict[str, tuple[type[people.Change], tuple[str, ...]]] = {
    "move": (people.Move, ("parent_id",)),
    "start": (people.Start, ("person_id", "role")),
    "end": (people.End, ("person_id",)),
    "close": (people.Close, ()),
}


class ChangeGiven(Given):
    """One change: move a group (`parent_id`, null for the top), start or end a membership (`person_id`), close a group."""

    do = serializers.ChoiceField(tuple(KINDS))
    group_id = Id()
    parent_id = Id(required=False, allow_null=True)
    person_id = Id(required=False)
    role = serializers.ChoiceField(ROLES, required=False)


class ReorganizationGiven(Given):
    """Changes in the order in which they are made, and when: now, when not said."""

    changes = serializers.ListField(child=ChangeGiven(), min_length=1, max_length=500)
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Reorganize(Resource):
    """Several changes of groups at once."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="groups_reorganize",
        summary="Reorganize",
        tags=["groups"],
        request=ReorganizationGiven,
        responses=GroupsOut,
    )
    def post(self, request: Request) -> Response:
        """Make several changes on one date, all of them or none; answer the groups they touch, as they are then."""
        values = given(ReorganizationGiven, request)
        changes = [_change(number, one) for number, one in enumerate(values["changes"])]
        found = people.reorganize(by=self.by, changes=changes, at=values["at"], now=self.now)
        return Response(GroupsOut({"results": found}).data)


def _change(number: int, values: dict[str, Any]) -> people.Change:
    kind, wanted = KINDS[values.pop("do")]
    missing = [name for name in wanted if name != "role" and name not in values]
    extra = [name for name in values if name not in {"group_id", *wanted}]
    if missing or extra:
        said = {name: [_("This kind of change needs it.")] for name in missing}
        said |= {name: [_("This kind of change has no such field.")] for name in extra}
        raise errors.Invalid({f"changes.{number}.{name}": words for name, words in said.items()})
    return kind(**values)
