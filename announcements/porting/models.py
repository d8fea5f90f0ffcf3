"""Tables of porting. Private: the door is services.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

# How long a worker may be silent before another takes its export, and how often one is tried.
LEASE = timedelta(minutes=5)
MOST_TRIES = 3


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
