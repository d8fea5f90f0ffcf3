"""Rules that fill groups."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Given, Id, Text, given
from announcements.api.v1.listing import PersonOut
from announcements.api.v1.resource import Resource
from announcements.people import services as people

FIELDS, TESTS, MATCHES = (get_args(kind) for kind in (people.RuleField, people.RuleTest, people.RuleMatch))


class ConditionOut(serializers.Serializer[Any]):
    """One thing a rule asks about a person, whatever the case of letters."""

    field = serializers.ChoiceField(FIELDS)
    test = serializers.ChoiceField(TESTS)
    value = serializers.CharField()


class RuleOut(serializers.Serializer[Any]):
    """Who is in a group: those for whom all, or any, of the conditions hold."""

    match = serializers.ChoiceField(MATCHES)
    conditions = ConditionOut(many=True)


class ConditionGiven(Given):
    """One thing a rule asks about a person, whatever the case of letters."""

    field = serializers.ChoiceField(FIELDS)
    test = serializers.ChoiceField(TESTS)
    value = Text(max_length=80)


class RuleGiven(Given):
    """Who is in a group: those for whom all, or any, of the conditions hold."""

    match = serializers.ChoiceField(MATCHES, required=False, default="all")
    conditions = serializers.ListField(child=ConditionGiven(), min_length=1, max_length=10)


class PreviewGiven(Given):
    """A rule, and the group it would fill."""

    rule = RuleGiven()
    group_id = Id(required=False, allow_null=True, default=None)


class PreviewOut(serializers.Serializer[Any]):
    """What a rule would do now. `starts` and `ends` count memberships in the group, all people but deactivated ones."""

    people = serializers.IntegerField(help_text="How many active people it matches.")
    examples = PersonOut(many=True, help_text="The first of them by name.")
    starts = serializers.IntegerField()
    ends = serializers.IntegerField()
    in_words = serializers.CharField()


class Preview(Resource):
    """What a rule would do."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="groups_preview",
        summary="Preview a rule",
        tags=["groups"],
        request=PreviewGiven,
        responses=PreviewOut,
    )
    def post(self, request: Request) -> Response:
        """Answer whom a rule matches now, and what it would change in a group; for admins. Changes nothing."""
        values = given(PreviewGiven, request)
        found = people.preview_rule(by=self.by, rule=rule(values["rule"]), group_id=values["group_id"], now=self.now)
        return Response(PreviewOut(found).data)


def rule(values: dict[str, Any]) -> people.Rule:
    """Translate a rule into the door's words."""
    conditions = tuple(people.Condition(**one) for one in values["conditions"])
    return people.Rule(conditions=conditions, match=values["match"])
