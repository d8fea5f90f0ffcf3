"""Tables of porting. Private: the door is services.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

# How long a worker may be silent before another takes its export, and how often one is tried.
LEASE = timedelta(minutes=5)
MOST_TRIES = 3
# The same for an import, whose batches are small.
BATCH_LEASE = timedelta(minutes=1)


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports in the words of the product."""

    def waiting(self) -> ExportQuerySet:
        """Keep those that are neither ready nor failed."""
        return self.filter(ready_at=None, fault="")

    def free(self, now: datetime) -> ExportQuerySet:
        """Keep the waiting ones that no worker is at."""
        return self.waiting().filter(Q(touched_at=None) | Q(touched_at__lte=now - LEASE))


class Export(models.Model):
    """That somebody wants all announcements as a file. `touched_at` is when a worker last wrote into it."""

    workspace_id = models.BigIntegerField()
    by = models.BigIntegerField()
    key = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by"], condition=Q(ready_at=None, fault=""), name="export_one_waiting")
        ]
        indexes = [
            models.Index(fields=["by", "-id"], name="export_own"),  # one's list
            models.Index(fields=["touched_at"], condition=Q(ready_at=None, fault=""), name="export_waiting"),
            models.Index(fields=["asked_at"], condition=Q(removed_at=None), name="export_kept"),  # the sweep
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports in the words of the product."""

    def free(self, now: datetime) -> ImportQuerySet:
        """Keep those that no worker is at."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now))

    def busy(self) -> ImportQuerySet:
        """Keep those that have something to do."""
        begun = Q(read_at=None) | Q(started_at__isnull=False, finished_at=None) | Q(undo_started_at__isnull=False)
        return self.filter(begun, fault="", undone_at=None)


class Import(models.Model):
    """Announcements from elsewhere, as a file or at an address. Its times say how far it has come; its entries, what is left of each step."""

    workspace_id = models.BigIntegerField()
    by = models.BigIntegerField()
    # Who pressed the button of the step that runs: each batch asks again whether they may.
    acting = models.BigIntegerField()
    name = models.CharField(max_length=120)  # of the file, or the address in short
    address = models.CharField(max_length=2000, blank=True)
    key = models.CharField(max_length=32, unique=True)
    form = models.CharField(max_length=8, blank=True)
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    come_at = models.DateTimeField(null=True)  # when its file was in the storage
    read_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undo_started_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # Whom those are for that do not say so themselves.
    audience = models.JSONField(default=dict)
    # Groups that it created, by their name as it is compared.
    created_groups = models.JSONField(default=dict)
    # Why it stopped, in words; empty while it did not.
    fault = models.CharField(max_length=400, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)  # of the batch that runs
    leased_until = models.DateTimeField(null=True)
    touched_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # its file

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-id"], name="porting_import_newest"),  # the list
            models.Index(
                fields=["touched_at"], condition=Q(undone_at=None, fault=""), name="porting_import_waiting"
            ),  # the sweep
            models.Index(fields=["touched_at"], condition=Q(removed_at=None), name="porting_import_kept"),  # the sweep
        ]

    def __str__(self) -> str:
        return self.name


KINDS = ("new", "here", "problem")


class Entry(models.Model):
    """One announcement of an import. `said` is what it says, until it is brought in."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=7, choices=[(kind, kind) for kind in KINDS])
    title = models.CharField(max_length=120, blank=True)
    author = models.CharField(max_length=254, blank=True)
    published_at = models.DateTimeField(null=True)
    said = models.JSONField(default=dict)
    pictures = models.JSONField(default=dict)  # the file of each image of its bodies
    notes = models.JSONField(default=list)  # what stays behind, in words
    problems = models.JSONField(default=list)  # why it cannot be brought in, in words
    announcement_id = models.BigIntegerField(null=True)
    revision = models.PositiveIntegerField(default=0)  # what it was brought in as: another one has been changed
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="entry_once")]
        indexes = [
            models.Index(fields=["imported", "kind", "number"], name="entry_by_kind"),  # the check page, the work
            models.Index(fields=["imported", "key"], name="entry_by_key"),  # twice in a file
        ]

    def __str__(self) -> str:
        return self.name


class Picture(models.Model):
    """A picture of an import that is here already, so that a worker that comes after another does not bring it twice."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pictures")
    file = models.CharField(max_length=64)  # a digest of its name
    uploader_id = models.BigIntegerField()
    key = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "file", "uploader_id"], name="picture_once")]

    def __str__(self) -> str:
        return self.key


class Known(models.Model):
    """That an announcement is what has this key elsewhere, so that it is brought in once."""

    workspace_id = models.BigIntegerField()
    key = models.CharField(max_length=60)
    announcement_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="known_once")]
        indexes = [models.Index(fields=["announcement_id"], name="known_announcement")]  # exports

    def __str__(self) -> str:
        return self.key
