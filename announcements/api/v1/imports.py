"""The list of people as a file: imported after a check, undone."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from announcements.api import auth
from announcements.api.parsing import RawFile, StrictJSON, whole_body
from announcements.api.shapes import Nothing, asked, given
from announcements.api.v1.import_shapes import (
    ColumnsGiven,
    DecisionGiven,
    FileGiven,
    ImportOut,
    ImportsOut,
    ImportsQuery,
    RowsOut,
    RowsQuery,
    StartGiven,
    UploadQuery,
)
from announcements.api.v1.resource import Resource
from announcements.roster import services as roster

# The form around a file takes some bytes too.
AROUND = 100_000


class Imports(Resource):
    """Imports of my workspace."""

    scopes = {"GET": "people:read", "POST": "people:write"}
    parser_classes = (MultiPartParser, RawFile)
    files = {"POST": ("multipart/form-data", "text/csv")}
    most_bytes = roster.MOST_BYTES + AROUND

    @extend_schema(
        operation_id="imports_list", summary="Imports", tags=["people"], parameters=[ImportsQuery], responses=ImportsOut
    )
    def get(self, request: Request) -> Response:
        """Answer the imports of my workspace, the newest first; for admins."""
        query = asked(ImportsQuery, request)
        found = roster.imports(by=self.by, before=query["before"], limit=query["limit"] + 1)
        shown = found[: query["limit"]]
        following = shown[-1].id if len(found) > len(shown) else None
        return Response(ImportsOut({"results": shown, "next": following}).data)

    @extend_schema(
        operation_id="imports_create",
        summary="Upload a list of people",
        tags=["people"],
        parameters=[UploadQuery],
        request={"multipart/form-data": FileGiven},
        responses={201: ImportOut},
    )
    def post(self, request: Request) -> Response:
        """Take a file in, up to 20 MB and 60,000 rows; it is read in the background and changes nobody yet. For admins."""
        name, content = asked(UploadQuery, request)["file_name"], whole_body(request, RawFile)
        if content is None:
            file = given(FileGiven, request)["file"]
            name, content = name or file.name, file.read()
        made = roster.upload(by=self.by, file_name=name, content=content, now=self.now)
        return Response(ImportOut(made).data, status=201, headers={"Location": f"/api/v1/imports/{made.id}"})


class OneImport(Resource):
    """An import."""

    scopes = {"GET": "people:read", "PATCH": "people:write"}
    parser_classes = (StrictJSON,)

    @extend_schema(operation_id="imports_get", summary="An import", tags=["people"], responses=ImportOut)
    def get(self, request: Request, import_id: int) -> Response:
        """Answer an import with its progress and counts; for admins."""
        return Response(ImportOut(roster.get(by=self.by, import_id=import_id)).data)

    @extend_schema(
        operation_id="imports_match",
        summary="Say what the columns hold",
        tags=["people"],
        request=ColumnsGiven,
        responses=ImportOut,
    )
    def patch(self, request: Request, import_id: int) -> Response:
        """Say what each column holds; all rows are checked by it in the background, and decisions begin anew."""
        columns = given(ColumnsGiven, request)["columns"]
        return Response(ImportOut(roster.match(by=self.by, import_id=import_id, columns=columns, now=self.now)).data)


class Rows(Resource):
    """Rows of an import."""

    scopes = {"GET": "people:read"}

    @extend_schema(
        operation_id="imports_rows",
        summary="Rows of an import",
        tags=["people"],
        parameters=[RowsQuery],
        responses=RowsOut,
    )
    def get(self, request: Request, import_id: int) -> Response:
        """Answer what rows say and what they would change, or changed; of one kind when asked for."""
        query = asked(RowsQuery, request)
        limit = query.pop("limit")
        found = roster.rows(by=self.by, import_id=import_id, limit=limit + 1, **query)
        following = found[limit - 1].number if len(found) > limit else None
        return Response(RowsOut({"results": found[:limit], "next": following}).data)


class Decisions(Resource):
    """Decisions about problems."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="imports_decide",
        summary="Decide about a problem",
        tags=["people"],
        request=DecisionGiven,
        responses=ImportOut,
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Use what is proposed, choose a value, or skip: for one row, or for all rows with this kind of problem."""
        decision = roster.Decision(**given(DecisionGiven, request))
        return Response(ImportOut(roster.decide(by=self.by, import_id=import_id, decision=decision, now=self.now)).data)


class Start(Resource):
    """Starting an import."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="imports_start",
        summary="Import what was checked",
        tags=["people"],
        request=StartGiven,
        responses=ImportOut,
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Import in the background what was checked, or go on with what stopped. Rows with a problem are left out. A list that makes owners takes a session."""
        values = given(StartGiven, request) | {"owners": auth.by_session(request)}
        return Response(ImportOut(roster.start(by=self.by, import_id=import_id, now=self.now, **values)).data)


class Undo(Resource):
    """Undoing an import."""

    scopes = {"POST": "people:write"}

    @extend_schema(
        operation_id="imports_undo", summary="Undo an import", tags=["people"], request=Nothing, responses=ImportOut
    )
    def post(self, request: Request, import_id: int) -> Response:
        """Take back in the background what it changed, where nobody changed it since; for seven days."""
        given(Nothing, request)
        return Response(ImportOut(roster.undo(by=self.by, import_id=import_id, now=self.now)).data)
