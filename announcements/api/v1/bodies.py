"""Bodies: what they may hold, and what a text becomes as one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from announcements.api.shapes import Given, Text, given
from announcements.api.throttles import Rendering
from announcements.api.v1.resource import Resource
from announcements.kernel import bodies, text


class BodyGiven(Given):
    """A text: HTML or Markdown."""

    html = Text(max_length=text.MAX_BODY, required=False, allow_blank=True)
    markdown = Text(max_length=text.MAX_BODY, required=False, allow_blank=True, help_text="Instead of `html`.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if len(values) != 1:
            raise serializers.ValidationError({"html": [_("Send either html or markdown.")]})
        return values


class BodyOut(serializers.Serializer[Any]):
    """A body in the form in which it is stored."""

    body = serializers.CharField(allow_blank=True)
    body_markdown = serializers.CharField(allow_null=True, help_text="Null when Markdown cannot say all of it.")
    body_text = serializers.CharField(allow_blank=True, help_text="As plain text.")
    words = serializers.IntegerField()
    minutes = serializers.IntegerField(help_text="To read it.")


class SchemaOut(serializers.Serializer[Any]):
    """What a body may hold."""

    marks = serializers.DictField(help_text="Marks of text, the outermost first: their element and its attributes.")
    blocks = serializers.DictField(
        help_text="Blocks: their elements, and for each attribute the pattern of its values."
    )
    aliases = serializers.DictField(help_text="Elements that are taken for another.")
    callouts = serializers.ListField(child=serializers.CharField(), help_text="Kinds of callouts.")
    deepest = serializers.IntegerField(help_text="Lists and quotes in each other keep so many levels.")
    most = serializers.IntegerField(help_text="Characters of HTML or Markdown.")


class Bodies(Resource):
    """Bodies."""

    scopes = {"GET": "announcements:read", "POST": "announcements:write"}

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what is rendered."""
        return [*super().get_throttles(), *([Rendering()] if self.request.method == "POST" else [])]

    @extend_schema(
        operation_id="bodies_schema", summary="What a body may hold", tags=["announcements"], responses=SchemaOut
    )
    def get(self, request: Request) -> Response:
        """Answer the schema that bodies are held to."""
        return Response(SchemaOut(bodies.editor_schema() | {"most": text.MAX_BODY}).data)

    @extend_schema(
        operation_id="bodies_form",
        summary="What a text becomes as a body",
        tags=["announcements"],
        request=BodyGiven,
        responses=BodyOut,
    )
    def post(self, request: Request) -> Response:
        """Answer HTML or Markdown in the form in which it would be stored. Nothing is stored."""
        said = given(BodyGiven, request)
        body = text.from_markdown(said["markdown"]) if "markdown" in said else text.sanitize(said["html"])
        made = {
            "body": body,
            "body_markdown": text.to_markdown(body),
            "body_text": text.to_plain(body),
            "words": text.count_words(body),
            "minutes": text.reading_minutes(body),
        }
        return Response(BodyOut(made).data)
