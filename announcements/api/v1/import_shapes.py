"""What questions and answers about imports are made of."""

from __future__ import annotations

from typing import Any, get_args

from rest_framework import serializers

from announcements.api.shapes import MAX_ID, Flag, Given, Id, Text
from announcements.roster import services as roster

FIELDS = ["", *roster.FIELDS]


class RowCountsOut(serializers.Serializer[Any]):
    """How many rows are of each kind. Who is missing from the file stays, unless asked otherwise."""

    new = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    problem = serializers.IntegerField()
    skipped = serializers.IntegerField()
    missing = serializers.IntegerField()


class ProblemCountOut(serializers.Serializer[Any]):
    """How many rows have a kind of problem, and for how many of them a fix is proposed."""

    kind = serializers.CharField()
    rows = serializers.IntegerField()
    proposed = serializers.IntegerField()


class ImportOut(serializers.Serializer[Any]):
    """A file with people and how far it has come: `done` of `total` rows of the step that runs."""

    id = serializers.IntegerField()
    by = serializers.IntegerField()
    file_name = serializers.CharField()
    stage = serializers.ChoiceField(get_args(roster.Stage))
    created_at = serializers.DateTimeField()
    header = serializers.ListField(child=serializers.CharField(allow_blank=True))
    columns = serializers.ListField(
        child=serializers.CharField(allow_blank=True), help_text="What each column holds; empty for what is not taken."
    )
    samples = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    rows = serializers.IntegerField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    counts = RowCountsOut()
    problems = ProblemCountOut(many=True)
    failed = serializers.IntegerField(
        help_text="Rows that were not imported: somebody took the address, or changed the person, since the check."
    )
    kept = serializers.IntegerField(help_text="Rows that were not undone: somebody changed them since.")
    deactivates = serializers.BooleanField()
    spared = serializers.IntegerField(
        help_text="People not counted as missing: a row without a usable address may name them."
    )
    unplaced = serializers.IntegerField(
        help_text="Undecided rows without a usable address that may name anybody: while there are any, nobody missing is deactivated."
    )
    invites = serializers.BooleanField(help_text="Whether those whom it adds are asked in by mail.")
    moved_at = serializers.DateTimeField(
        help_text="When it last went on. What a dead worker left behind is gone on with by another."
    )
    finished_at = serializers.DateTimeField(allow_null=True)
    undo_until = serializers.DateTimeField(allow_null=True)
    forgotten_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When its rows were let go, seven days after anything was done with it. One that was never started goes altogether.",
    )
    fault = serializers.CharField(allow_blank=True, help_text="Why it cannot be read, or stopped.")


class ImportsOut(serializers.Serializer[Any]):
    """Imports, the newest first; `next` is the `before` of the next page."""

    results = ImportOut(many=True)
    next = serializers.IntegerField(allow_null=True)


class ProblemOut(serializers.Serializer[Any]):
    """What stands in the way of a row. `others` is how many at the same location have the proposed time zone."""

    kind = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    proposal = serializers.CharField(allow_blank=True, allow_null=True)
    others = serializers.IntegerField()


class RowOut(serializers.Serializer[Any]):
    """A line of the file. `changes` says of each field from what to what; `groups` which groups they come into."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(roster.KINDS)
    person_id = serializers.IntegerField(allow_null=True)
    values = serializers.DictField()
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    groups = serializers.ListField(child=serializers.CharField())
    problems = ProblemOut(many=True)
    applied_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    fault = serializers.CharField(allow_blank=True)


class RowsOut(serializers.Serializer[Any]):
    """Rows by number; `next` is the `after` of the next page."""

    results = RowOut(many=True)
    next = serializers.IntegerField(allow_null=True)


class ImportsQuery(Given):
    """Which part of the imports."""

    before = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)


class RowsQuery(Given):
    """Which rows."""

    kind = serializers.ChoiceField(roster.KINDS, required=False, default=None)
    after = serializers.IntegerField(min_value=-(2**31), max_value=2**31 - 1, required=False, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=50)


class UploadQuery(Given):
    """What the file is called, when it is the whole body."""

    file_name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class FileGiven(Given):
    """A list of people as CSV: UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab. The same bytes may be the body, as text/csv."""

    file = serializers.FileField(max_length=200)


class ColumnsGiven(Given):
    """What each column holds, in the file's order; empty for what is not taken."""

    columns = serializers.ListField(child=serializers.ChoiceField(FIELDS), max_length=60)


class DecisionGiven(Given):
    """What to do about a kind of problem, of one row or of all that have it."""

    problem = Text(max_length=20)
    do = serializers.ChoiceField(get_args(roster.Do))
    value = Text(max_length=254, required=False, allow_blank=True, default="")
    row = Id(required=False, allow_null=True, default=None)


class StartGiven(Given):
    """Whether to deactivate who is missing from the file, for owners; whether to ask in who is new."""

    deactivate_missing = Flag(required=False, default=False)
    invite_new = Flag(
        required=False,
        default=False,
        help_text="Once all are imported, send the new ones an invitation in my name, in their working time.",
    )
