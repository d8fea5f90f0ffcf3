"""Templates: what announcements are begun from."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.shapes import Flag, Given, Text, given, need_something
from announcements.api.v1.resource import Resource
from announcements.api.v1.writing import draft
from announcements.kernel import text
from announcements.publishing import services as publishing

KINDS = get_args(publishing.Kind)


class TemplateOut(serializers.Serializer[Any]):
    """Words to begin an announcement with."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    purpose = serializers.CharField(allow_blank=True, help_text="What it is for, in a few words.")
    icon = serializers.ChoiceField(publishing.TEMPLATE_ICONS)
    kind = serializers.ChoiceField(KINDS)
    title = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True, help_text="Sanitized HTML.")
    body_markdown = serializers.SerializerMethodField(
        help_text="The body as Markdown; null when Markdown cannot say all of it."
    )
    ask_acknowledge = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_body_markdown(self, item: publishing.Template) -> str | None:
        """Return the body as Markdown."""
        return text.to_markdown(item.body)


class TemplatesOut(serializers.Serializer[Any]):
    """All templates, the oldest first."""

    results = TemplateOut(many=True)


class TemplateChange(Given):
    """What to change about a template. What is left out stays as it is."""

    name = Text(max_length=80, required=False)
    purpose = Text(max_length=120, required=False, allow_blank=True)
    icon = serializers.ChoiceField(publishing.TEMPLATE_ICONS, required=False)
    kind = serializers.ChoiceField(KINDS, required=False)
    title = Text(max_length=120, required=False, allow_blank=True)
    summary = Text(max_length=280, required=False, allow_blank=True)
    body = Text(max_length=text.MAX_BODY, required=False, allow_blank=True, help_text="HTML; sanitized on the way in.")
    body_markdown = Text(max_length=text.MAX_BODY, required=False, allow_blank=True, help_text="Instead of `body`.")
    ask_acknowledge = Flag(required=False)


class TemplateGiven(TemplateChange):
    """A new template."""

    name = Text(max_length=80)


class SaveGiven(Given):
    """What a template is called; its title, when not said."""

    name = Text(max_length=80, required=False, allow_blank=True, default="")


class Templates(Resource):
    """All templates."""

    scopes = {"GET": "announcements:read", "POST": "announcements:write"}

    @extend_schema(operation_id="templates_list", summary="Templates", tags=["templates"], responses=TemplatesOut)
    def get(self, request: Request) -> Response:
        """Answer the templates of my workspace; for those who may publish."""
        return Response(TemplatesOut({"results": publishing.templates(by=self.by, now=self.now)}).data)

    @extend_schema(
        operation_id="templates_create",
        summary="Add a template",
        tags=["templates"],
        request=TemplateGiven,
        responses={201: TemplateOut},
    )
    def post(self, request: Request) -> Response:
        """Add a template; for admins. It holds no pictures."""
        return _made(publishing.create_template(by=self.by, words=_words(given(TemplateGiven, request)), now=self.now))


class OneTemplate(Resource):
    """A template."""

    scopes = {"GET": "announcements:read", "PATCH": "announcements:write", "DELETE": "announcements:write"}

    @extend_schema(operation_id="templates_get", summary="A template", tags=["templates"], responses=TemplateOut)
    def get(self, request: Request, template_id: int) -> Response:
        """Answer a template: begin a draft with its words."""
        return Response(TemplateOut(publishing.template(by=self.by, template_id=template_id, now=self.now)).data)

    @extend_schema(
        operation_id="templates_change",
        summary="Change a template",
        tags=["templates"],
        request=TemplateChange,
        responses=TemplateOut,
    )
    def patch(self, request: Request, template_id: int) -> Response:
        """Change a template; for admins. What was begun from it stays as it is."""
        values = given(TemplateChange, request)
        need_something(values)
        item = publishing.update_template(by=self.by, template_id=template_id, words=_words(values), now=self.now)
        return Response(TemplateOut(item).data)

    @extend_schema(
        operation_id="templates_remove", summary="Remove a template", tags=["templates"], responses={204: None}
    )
    def delete(self, request: Request, template_id: int) -> Response:
        """Remove a template; for admins."""
        publishing.remove_template(by=self.by, template_id=template_id)
        return Response(status=204)


class SaveAsTemplate(Resource):
    """An announcement as a template."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcements_save_as_template",
        summary="Keep it as a template",
        tags=["templates"],
        request=SaveGiven,
        responses={201: TemplateOut},
    )
    def post(self, request: Request, announcement_id: int) -> Response:
        """Keep its words as a template; for admins. Its pictures, audience and dates stay behind."""
        name = given(SaveGiven, request)["name"]
        item = publishing.save_as_template(by=self.by, announcement_id=announcement_id, name=name, now=self.now)
        return _made(item)


def _made(item: publishing.Template) -> Response:
    return Response(TemplateOut(item).data, status=201, headers={"Location": f"/api/v1/templates/{item.id}"})


def _words(values: dict[str, Any]) -> publishing.TemplateWords:
    about = {name: values.pop(name) for name in ("name", "purpose", "icon") if name in values}
    return publishing.TemplateWords(**about, draft=draft(values))
