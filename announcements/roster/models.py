"""Tables of roster. Private: the door is services.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

# What waits for a worker: to be read, checked, imported or undone.
BUSY = Q(fault="", undone_at=None) & (
    Q(read_at=None)
    | Q(matched_at__isnull=False, checked_at=None)
    | Q(started_at__isnull=False, finished_at=None)
    | Q(undo_started_at__isnull=False)
)
KINDS = ("", "new", "updated", "unchanged", "problem", "skipped", "missing")


class ImportQuerySet(models.QuerySet["Import"]):
    def there(self) -> ImportQuerySet:
        """Return those that can be looked at: one that changed nobody is gone as soon as it begins to go."""
        return self.filter(Q(forgetting_at=None) | Q(started_at__isnull=False))


class Import(models.Model):
    """A file with people. Its times say how far it has come; its rows, what is left of each step."""

    workspace_id = models.BigIntegerField()
    by = models.BigIntegerField()
    file_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    header = models.JSONField(default=list)
    # What each column holds, in the file's order; "" for nothing that we take.
    columns = models.JSONField(default=list)
    # The addresses that stand on several rows, and the row of each that comes last.
    twice = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    matched_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undo_started_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # Who pressed the button of the step that runs: each batch asks again whether they may.
    acting = models.BigIntegerField()
    deactivates = models.BooleanField(default=False)
    # How many are not missing because a row without an address may name them, and how many such rows may name anybody.
    spared = models.PositiveIntegerField(default=0)
    unplaced = models.PositiveIntegerField(default=0)
    # Whether those whom it adds are asked in afterwards, and the number of the last row whose person was.
    invites = models.BooleanField(default=False)
    invited_to = models.IntegerField(default=0)
    # Groups that it created, by their name as it is compared.
    created_groups = models.JSONField(default=dict)
    # Why it stopped, in words; empty while it did not.
    fault = models.CharField(max_length=400, blank=True)
    # When somebody asked for a step, or a worker last did a batch of it: the sweep leaves alone what somebody works on.
    touched_at = models.DateTimeField()
    # When its rows began to go, and when all were gone; what they came to by then.
    forgetting_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    tally = models.JSONField(default=dict)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-id"], name="import_newest"),  # the list
            models.Index(
                fields=["touched_at"], condition=Q(undone_at=None, fault=""), name="import_waiting"
            ),  # the sweep
            models.Index(fields=["touched_at"], condition=Q(forgotten_at=None), name="import_kept"),  # what is to go
        ]

    def __str__(self) -> str:
        return self.file_name


class Upload(models.Model):
    """The bytes of a file, until they have become rows."""

    imported = models.OneToOneField(Import, on_delete=models.CASCADE, related_name="upload")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"the file of {self.imported_id}"


class ImportRow(models.Model):
    """A line of a file, or with kind "missing" somebody whom the file does not name (they have numbers below zero)."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    cells = models.JSONField(default=list)
    kind = models.CharField(max_length=9, choices=[(kind, kind) for kind in KINDS], blank=True)
    # What it says of the person, tidy, by field; `groups` is a list of names.
    values = models.JSONField(default=dict)
    person_id = models.BigIntegerField(null=True)
    # Before the import what it would change, afterwards what it changed: {field: [from, to]}.
    changes = models.JSONField(default=dict)
    # The groups that they come into, by id, and those to be created first, by name.
    joins = models.JSONField(default=list)
    creates = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    # What was decided, by kind of problem: {"do": "use" | "choose" | "skip", "value": …}.
    decisions = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # Why it could not be imported, or not undone.
    fault = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["imported", "kind", "number"], name="import_row_by_kind"),  # the check page, the work
            models.Index(fields=["imported", "applied_at"], name="import_row_applied"),  # progress, undo
        ]

    def __str__(self) -> str:
        return f"row {self.number} of {self.imported_id}"

    def whom(self) -> int:
        """Return the id of the person it is about, of a row that has one; 0, which is nobody's, of another."""
        return self.person_id or 0


class Matching(models.Model):
    """What a workspace once said a column of this name holds."""

    workspace_id = models.BigIntegerField()
    header = models.CharField(max_length=80)
    field = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "header"], name="matching_one_per_header")]

    def __str__(self) -> str:
        return f"{self.header}: {self.field}"
