"""What is answered about audiences: counts, options, people."""

from __future__ import annotations

from typing import Any, get_args

from rest_framework import serializers

from announcements.api.v1.pictures import Picture
from announcements.people import services as people

TYPES = get_args(people.OptionType)
FIELDS = get_args(people.AttributeField)


class FaceOut(serializers.Serializer[Any]):
    """Somebody of an audience."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    picture = Picture()


class CountOut(serializers.Serializer[Any]):
    """How many people an audience is, now."""

    people = serializers.IntegerField()
    timezones = serializers.DictField(child=serializers.IntegerField())
    faces = FaceOut(many=True, help_text="Somebody of each of the largest time zones.")
    text = serializers.CharField(help_text="The audience in words.")


class AudienceOptionOut(serializers.Serializer[Any]):
    """Something to choose: `id` of a group or person, `field` and `value` of an attribute."""

    type = serializers.ChoiceField(TYPES)
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the option of one
    people = serializers.IntegerField(help_text="How many that is now, once each.")
    id = serializers.IntegerField(allow_null=True)
    field = serializers.ChoiceField(FIELDS, allow_null=True)
    value = serializers.CharField(allow_blank=True)
    kind = serializers.CharField(allow_blank=True, help_text="Of a group.")
    detail = serializers.CharField(
        allow_blank=True, help_text="What a group is part of, what an attribute is about, what a person does and where."
    )
    picture = Picture()


class AudienceOptionsOut(serializers.Serializer[Any]):
    """What to choose from, the best first."""

    results = AudienceOptionOut(many=True)


class AudiencePersonOut(FaceOut):
    """Somebody who would get it."""

    title = serializers.CharField(allow_blank=True)
    location = serializers.CharField(allow_blank=True)
    timezone = serializers.CharField()
    groups = serializers.ListField(child=serializers.CharField())

    def to_representation(self, profile: people.Profile) -> dict[str, Any]:
        """Return the person with the names of their groups."""
        values = {field: getattr(profile.person, field) for field in ("id", "name", "picture", *_MORE)}
        return super().to_representation(values | {"groups": [group.name for group in profile.groups]})


_MORE = ("title", "location", "timezone")


class AudiencePeopleOut(serializers.Serializer[Any]):
    """A page of who would get it, by name."""

    results = AudiencePersonOut(many=True)
    next = serializers.CharField(allow_null=True)
