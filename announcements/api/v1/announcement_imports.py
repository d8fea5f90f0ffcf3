"""Announcements from elsewhere: brought in after a check, undone."""

from __future__ import annotations

from typing import Any, get_args

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api.parsing import SpooledBytes, spooled_body
from announcements.api.shapes import MAX_ID, Given, Nothing, Text, asked, given
from announcements.api.throttles import Uploads
from announcements.api.v1.audience import AudienceGiven, audience
from announcements.api.v1.resource import Resource
from announcements.porting import services as porting

# The form around a file takes some bytes too.
AROUND = 100_000
KINDS = get_args(porting.EntryKind)


class EntryCountsOut(serializers.Serializer[Any]):
    """How many announcements are new, here already, or have a problem."""

    new = serializers.IntegerField()
    here = serializers.IntegerField()
    problem = serializers.IntegerField()


class AnnouncementImportOut(serializers.Serializer[Any]):
    """Announcements from elsewhere and how far they have come: `done` of `total` announcements of the step that runs."""

    id = serializers.IntegerField()
    by = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    form = serializers.ChoiceField(get_args(porting.Form), allow_blank=True, help_text="What it turned out to be.")
    stage = serializers.ChoiceField(get_args(porting.ImportStage))
    created_at = serializers.DateTimeField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    counts = EntryCountsOut()
    noted = serializers.IntegerField(help_text="New ones of which something stays behind.")
    failed = serializers.IntegerField(help_text="New ones that could not be brought in after all.")
    kept = serializers.IntegerField(help_text="Those that were not taken back: somebody changed them since.")
    moved_at = serializers.DateTimeField(help_text="When it last went on.")
    finished_at = serializers.DateTimeField(allow_null=True)
    undo_until = serializers.DateTimeField(allow_null=True)
    fault = serializers.CharField(allow_blank=True, help_text="Why it cannot be read, or stopped.")


class AnnouncementImportsOut(serializers.Serializer[Any]):
    """Imports, the newest first; `next` is the `before` of the next page."""

    results = AnnouncementImportOut(many=True)
    next = serializers.IntegerField(allow_null=True)


class BroughtOut(serializers.Serializer[Any]):
    """One announcement: what it is called there, what stays behind, what stands in the way; and what it is here, once it is."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    title = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    problems = serializers.ListField(child=serializers.CharField())
    announcement_id = serializers.IntegerField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    kept = serializers.BooleanField(help_text="It was not taken back: somebody changed it since.")


class BroughtPageOut(serializers.Serializer[Any]):
    """Announcements by number; `next` is the `after` of the next page."""

    results = BroughtOut(many=True)
    next = serializers.IntegerField(allow_null=True)


class ImportsQuery(Given):
    """Which part of the imports."""

    before = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)


class EntriesQuery(Given):
    """Which announcements."""

    kind = serializers.ChoiceField(KINDS, required=False, default=None)
    after = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=50)


class SourceQuery(Given):
    """What the file is called, when it is the whole body."""

    file_name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class SourceGiven(Given):
    """An export of Mantel, a zip of Markdown files, one of them alone, RSS or Atom; at most 100 MB."""

    file = serializers.FileField(max_length=200)


class SourceAddressGiven(Given):
    """Where announcements are: usually a feed."""

    address = Text(max_length=2000)


class StartAnnouncementsGiven(Given):
    """Whom those are for that do not say so themselves; everyone when it is left out."""

    audience = AudienceGiven(required=False)


class AnnouncementImports(Resource):
    """Imports of announcements."""

    scopes = {"GET": "announcements:read", "POST": "announcements:write"}
    parser_classes = (MultiPartParser, SpooledBytes)
    files = {"POST": ("multipart/form-data", SpooledBytes.media_type)}
    spooled = True
    most_bytes = porting.MOST_BYTES + AROUND
    throttle_classes = (Uploads,)

    @extend_schema(
        operation_id="announcement_imports_list",
        summary="Imports of announcements",
        tags=["announcements"],
        parameters=[ImportsQuery],
        responses=AnnouncementImportsOut,
    )
    def get(self, request: Request) -> Response:
        """Answer the imports of announcements of my workspace, the newest first; for admins."""
        query = asked(ImportsQuery, request)
        found = porting.imports(by=self.by, before=query["before"], limit=query["limit"] + 1)
        shown = found[: query["limit"]]
        following = shown[-1].id if len(found) > len(shown) else None
        return Response(AnnouncementImportsOut({"results": shown, "next": following}).data)

    @extend_schema(
        operation_id="announcement_imports_create",
        summary="Upload announcements from elsewhere",
        tags=["announcements"],
        parameters=[SourceQuery],
        request={"multipart/form-data": SourceGiven, SpooledBytes.media_type: OpenApiTypes.BINARY},
        responses={201: AnnouncementImportOut},
    )
    def post(self, request: Request) -> Response:
        """Take a file in: an export, a zip of Markdown files or one of them, RSS or Atom. It is read and checked in the background,
        and nothing of it is brought in yet. For admins.
        """
        name, file = asked(SourceQuery, request)["file_name"], spooled_body(request)
        if file is None:
            file = given(SourceGiven, request)["file"]
            name = name or file.name
        return _made(porting.upload(by=self.by, file_name=name, file=file, now=self.now))


def _made(made: porting.Import) -> Response:
    where = f"/api/v1/announcement-imports/{made.id}"
    return Response(AnnouncementImportOut(made).data, status=201, headers={"Location": where})


class Fetch(Resource):
    """An import from an address."""

    scopes = {"POST": "announcements:write"}
    throttle_classes = (Uploads,)

    @extend_schema(
        operation_id="announcement_imports_fetch",
        summary="Fetch announcements from an address",
        tags=["announcements"],
        request=SourceAddressGiven,
        responses={201: AnnouncementImportOut},
    )
    def post(self, request: Request) -> Response:
        """Have a feed on the public internet fetched, read and checked in the background; nothing of it is brought in yet. For admins."""
        return _made(porting.fetch(by=self.by, address=given(SourceAddressGiven, request)["address"], now=self.now))


class OneAnnouncementImport(Resource):
    """An import of announcements."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="announcement_imports_get",
        summary="An import of announcements",
        tags=["announcements"],
        responses=AnnouncementImportOut,
    )
    def get(self, request: Request, import_id: int) -> Response:
        """Answer an import with its progress and counts; for admins."""
        return Response(AnnouncementImportOut(porting.import_get(by=self.by, import_id=import_id)).data)


class Entries(Resource):
    """The announcements of an import."""

    scopes = {"GET": "announcements:read"}

    @extend_schema(
        operation_id="announcement_imports_entries",
        summary="Announcements of an import",
        tags=["announcements"],
        parameters=[EntriesQuery],
        responses=BroughtPageOut,
    )
    def get(self, request: Request, import_id: int) -> Response:
        """Answer what is new, what is here already and what has a problem, by file; of one kind when asked for."""
        query = asked(EntriesQuery, request)
        limit = query.pop("limit")
        found = porting.entries(by=self.by, import_id=import_id, limit=limit + 1, **query)
        following = found[limit - 1].number if len(found) > limit else None
        return Response(BroughtPageOut({"results": found[:limit], "next": following}).data)


class StartAnnouncements(Resource):
    """Starting an import of announcements."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcement_imports_start",
        summary="Bring in what was checked",
        tags=["announcements"],
        request=StartAnnouncementsGiven,
        responses=AnnouncementImportOut,
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Bring in, in the background, what is new, as it was said then: it reaches nobody, and stands in archive and search.

        One that stopped goes on.
        """
        values = given(StartAnnouncementsGiven, request)
        chosen = audience(values["audience"]) if "audience" in values else None
        made = porting.start(by=self.by, import_id=import_id, audience=chosen, now=self.now)
        return Response(AnnouncementImportOut(made).data)


class UndoAnnouncements(Resource):
    """Undoing an import of announcements."""

    scopes = {"POST": "announcements:write"}

    @extend_schema(
        operation_id="announcement_imports_undo",
        summary="Undo an import of announcements",
        tags=["announcements"],
        request=Nothing,
        responses=AnnouncementImportOut,
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Take back in the background what it brought in, where nobody changed it since; for seven days."""
        given(Nothing, request)
        return Response(AnnouncementImportOut(porting.undo(by=self.by, import_id=import_id, now=self.now)).data)
