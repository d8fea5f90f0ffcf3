"""An announcement as it is written: what comes in, what goes out, and both in the door's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from announcements.api.pagination import PageQuery
from announcements.api.shapes import Clock, Flag, Given, Hours, Number, Text
from announcements.api.v1.audience import AudienceGiven, AudienceOut, audience
from announcements.api.v1.pictures import Picture, PictureOut
from announcements.api.v1.resource import Resource
from announcements.kernel import text
from announcements.people import services as people
from announcements.publishing import services as publishing

STATES = get_args(publishing.State)
SHELVES = get_args(publishing.Shelf)
CHANGE_HELP = "material asks for acknowledgement anew."
PLANNED = "The time chosen for a draft; it binds nobody until it is scheduled."
PIN = "That it is to be pinned once it is out; once it is, that it went out by itself and found no place."
REVISION = "The revision it was made from; another's change in between is a 409."


class OwnClockOut(serializers.Serializer[Any]):
    """A day and a time on each reader's own clock."""

    day = serializers.DateField()
    time = Clock()


class WhenOut(serializers.Serializer[Any]):
    """A time to go out at: an instant, or on each reader's own clock."""

    at = serializers.DateTimeField(allow_null=True)
    own_clock = OwnClockOut(allow_null=True)


class ListedOut(serializers.Serializer[Any]):
    """An announcement in a list, as those see it who manage it."""

    id = serializers.IntegerField()
    state = serializers.SerializerMethodField()
    author_id = serializers.IntegerField()
    author_name = serializers.SerializerMethodField()
    author_picture = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(get_args(publishing.Kind))
    title = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True, help_text="Sanitized HTML.")
    audience = AudienceOut()
    audience_text = serializers.SerializerMethodField(help_text="Whom it is for, in words.")
    ask_acknowledge = serializers.BooleanField()
    deadline = serializers.DateTimeField(allow_null=True)
    nudge_hours = serializers.ListField(child=serializers.FloatField())
    expires_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="0 while it is a draft.")
    revision = serializers.IntegerField(help_text="Rises with each save; send it with a change to notice another's.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    planned = WhenOut(allow_null=True, help_text=PLANNED)
    scheduled_for = serializers.DateTimeField(allow_null=True, help_text="When it goes out by itself.")
    own_clock = OwnClockOut(
        allow_null=True, help_text="When it reaches each reader, on their clock; null: all at once."
    )
    refused = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Why it did not go out when its time had come, by field.",
    )
    published_at = serializers.DateTimeField(allow_null=True)
    pin = serializers.BooleanField(help_text=PIN)
    pinned_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdraw_reason = serializers.CharField(allow_blank=True)
    words = serializers.IntegerField()
    minutes = serializers.IntegerField(help_text="To read it.")

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_state(self, item: publishing.Announcement) -> str:
        """Return its state now."""
        return item.state(self.context["now"])

    def get_audience_text(self, item: publishing.Announcement) -> str:
        """Return its audience in words."""
        words: dict[int, str] = self.context["audiences"]
        return words[item.id]

    def get_author_name(self, item: publishing.Announcement) -> str:
        """Return the name of its author."""
        author: people.Person = self.context["authors"][item.author_id]
        return author.name

    @extend_schema_field(PictureOut(allow_null=True))
    def get_author_picture(self, item: publishing.Announcement) -> dict[str, str] | None:
        """Return the addresses of its author's picture."""
        return Picture().to_representation(self.context["authors"][item.author_id])


class AnnouncementOut(ListedOut):
    """An announcement, as those see it who manage it."""

    body_text = serializers.SerializerMethodField(help_text="The body as plain text.")

    def get_body_text(self, item: publishing.Announcement) -> str:
        """Return its body as plain text."""
        return text.to_plain(item.body)


class AnnouncementsOut(serializers.Serializer[Any]):
    """A page of announcements, newest first."""

    results = ListedOut(many=True)
    next = serializers.CharField(allow_null=True)


class TalliesOut(serializers.Serializer[Any]):
    """How many there are in each state, and in the archive: withdrawn or expired."""

    def get_fields(self) -> dict[str, Any]:
        """Return a number for each."""
        return {shelf: serializers.IntegerField() for shelf in SHELVES}


class PublishGiven(Given):
    """How long it may be taken back before it goes out."""

    undo_seconds = Number(min_value=0, max_value=60, required=False, default=0)
    revision = Number(min_value=0, required=False, default=None, allow_null=True, help_text=REVISION)


class AnnouncementsQuery(PageQuery):
    """Which of the announcements that I manage."""

    state = serializers.ChoiceField(SHELVES, required=False, help_text="archive: withdrawn or expired.")
    search = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class WordsGiven(Given):
    """What may change before and after publishing. What is left out stays as it is."""

    title = Text(max_length=120, required=False, allow_blank=True)
    summary = Text(max_length=280, required=False, allow_blank=True)
    body = Text(max_length=text.MAX_BODY, required=False, allow_blank=True, help_text="HTML; sanitized on the way in.")
    body_markdown = Text(max_length=text.MAX_BODY, required=False, allow_blank=True, help_text="Instead of `body`.")
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Refuse two bodies."""
        if "body" in values and "body_markdown" in values:
            raise serializers.ValidationError({"body_markdown": [_("Send either body or body_markdown.")]})
        return values


class OwnClockGiven(Given):
    """A day and a time on each reader's own clock."""

    day = serializers.DateField()
    time = Clock()


class WhenGiven(Given):
    """When it goes out: `at` an instant, the same for all, or on each reader's `own_clock`."""

    at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    own_clock = OwnClockGiven(required=False, allow_null=True, default=None)


class DraftGiven(WordsGiven):
    """An announcement being written. What is left out stays as it is."""

    kind = serializers.ChoiceField(get_args(publishing.Kind), required=False)
    audience = AudienceGiven(required=False)
    ask_acknowledge = Flag(required=False)
    nudge_hours = serializers.ListField(
        child=Hours(min_value=0, max_value=720),
        max_length=3,
        required=False,
        allow_null=True,
        help_text="Hours after delivery; null means the workspace's.",
    )
    planned = WhenGiven(required=False, allow_null=True, help_text=PLANNED)
    pin = Flag(required=False, help_text=PIN)


class RevisionGiven(DraftGiven):
    """A change to a draft."""

    revision = Number(min_value=0, required=False, help_text=REVISION)


class CorrectionGiven(WordsGiven):
    """A change after publishing."""

    change = serializers.ChoiceField(["typo", "material"], help_text=CHANGE_HELP)
    revision = Number(min_value=0, required=False, help_text=REVISION)


class WithdrawGiven(Given):
    """Why it is taken back."""

    reason = Text(max_length=280, allow_blank=True, help_text="Why, in one sentence: its readers see it.")


class VersionOut(serializers.Serializer[Any]):
    """What it said, and since when."""

    number = serializers.IntegerField()
    change = serializers.ChoiceField(["first", "typo", "material"])
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True)
    by = serializers.IntegerField(help_text="Who changed it.")
    by_name = serializers.SerializerMethodField()
    at = serializers.DateTimeField()

    def get_by_name(self, version: publishing.Version) -> str:
        """Return the name of who changed it."""
        name: str = self.context["names"].get(version.by, "")
        return name


class VersionsOut(serializers.Serializer[Any]):
    """All versions, oldest first."""

    results = VersionOut(many=True)


def announcement(view: Resource, item: publishing.Announcement) -> AnnouncementOut:
    """Return an announcement as its managers see it."""
    return AnnouncementOut(item, context=context(view, [item]))


def context(view: Resource, items: Sequence[publishing.Announcement]) -> dict[str, Any]:
    """Return what it takes to show announcements: the time, their audiences in words, their authors."""
    audiences = [item.audience for item in items]
    said = (
        people.audiences_in_words(workspace_id=items[0].workspace_id, audiences=audiences, whole=True) if items else []
    )
    return {
        "now": view.now,
        "audiences": {item.id: words for item, words in zip(items, said, strict=True)},
        "authors": people.get_many(ids={item.author_id for item in items}),
    }


def draft(values: dict[str, Any]) -> publishing.Draft:
    """Translate the body of a request into the door's words."""
    said = dict(values)
    if "body_markdown" in said:
        said["body"] = text.from_markdown(said.pop("body_markdown"))
    if "audience" in said:
        said["audience"] = audience(said["audience"])
    if said.get("planned") is not None:
        said["planned"] = when(said["planned"])
    if said.get("nudge_hours") is not None:
        said["nudge_hours"] = tuple(said["nudge_hours"])
    return publishing.Draft(**said)


def when(values: dict[str, Any]) -> publishing.When:
    """Translate a time to go out at into the door's words."""
    clock = values["own_clock"]
    return publishing.When(
        at=values["at"], own_clock=publishing.OwnClock(clock["day"], clock["time"]) if clock else None
    )
