"""Changing many people at once."""

from __future__ import annotations

from typing import Any, get_args

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import auth
from announcements.api.shapes import Given, Id, given
from announcements.api.v1.resource import Resource
from announcements.people import services as people

MOST = 500
ACTIONS = ["add_to_group", "remove_from_group", "deactivate", "reactivate", "change_role"]
# What an action needs to be told besides whom; `group_role` may be left out.
NEEDS = {"add_to_group": "group_id", "remove_from_group": "group_id", "change_role": "role"}


class BulkGiven(Given):
    """Whom to change, and what: a group to add to or remove from, or a role to give."""

    person_ids = serializers.ListField(child=Id(), min_length=1, max_length=MOST)
    action = serializers.ChoiceField(ACTIONS)
    group_id = Id(required=False, help_text="For add_to_group and remove_from_group.")
    group_role = serializers.ChoiceField(
        get_args(people.GroupRole), required=False, help_text="For add_to_group; member when not said."
    )
    role = serializers.ChoiceField(get_args(people.Role), required=False, help_text="For change_role.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Refuse an action without what it needs, or with what belongs to another."""
        action, need = values["action"], NEEDS.get(values["action"])
        if need and need not in values:
            raise serializers.ValidationError({need: _("This action needs it.")})
        allowed = {"person_ids", "action", need, "group_role" if action == "add_to_group" else None}
        if foreign := set(values) - allowed:
            raise serializers.ValidationError({name: _("This action does not take it.") for name in foreign})
        return values


class OutcomeOut(serializers.Serializer[Any]):
    """What became of one person."""

    person_id = serializers.IntegerField()
    done = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True, help_text="Why it was refused, for machines.")
    why = serializers.CharField(allow_blank=True, help_text="Why it was refused, for people.")
    was = serializers.ChoiceField(
        get_args(people.GroupRole), allow_null=True, help_text="The role that the ended membership had."
    )


class OutcomesOut(serializers.Serializer[Any]):
    """What became of each, in the order given."""

    results = OutcomeOut(many=True)
    done = serializers.IntegerField()
    refused = serializers.IntegerField()


class Many(Resource):
    """Many people at once."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="people_bulk",
        summary="Change many people",
        tags=["people"],
        request=BulkGiven,
        responses=OutcomesOut,
    )
    def post(self, request: Request) -> Response:
        """Change up to 500 people: each is done, or refused with why; the refused hold up nobody.

        Choosing members is for the group's managers and admins, roles for admins, deactivation for owners; making owners takes a session.
        """
        values = given(BulkGiven, request)
        auth.need_session_for_owners(request, [values.get("role")])
        found = _act(values.pop("action"), {"by": self.by, "now": self.now} | values)
        done = sum(one.done for one in found)
        return Response(OutcomesOut({"results": found, "done": done, "refused": len(found) - done}).data)


def _act(action: str, values: dict[str, Any]) -> list[people.Outcome]:
    if "group_role" in values:
        values["role"] = values.pop("group_role")
    doors: dict[str, Any] = {
        "add_to_group": people.add_many,
        "remove_from_group": people.remove_many,
        "deactivate": people.deactivate_many,
        "reactivate": people.reactivate_many,
        "change_role": people.change_roles,
    }
    found: list[people.Outcome] = doors[action](**values)
    return found
