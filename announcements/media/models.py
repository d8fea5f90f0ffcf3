"""Tables of media. Private: the door is services.py."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

# How long a worker may be at an image before another takes it, and how often it is tried.
LEASE = timedelta(minutes=2)
MOST_TRIES = 3


class ImageQuerySet(models.QuerySet["Image"]):
    """Images in the words of the product."""

    def waiting(self) -> ImageQuerySet:
        """Keep those that are neither ready nor failed."""
        return self.filter(ready_at=None, fault="")

    def free(self, now: datetime) -> ImageQuerySet:
        """Keep the waiting ones that no worker is at."""
        return self.waiting().filter(Q(claimed_at=None) | Q(claimed_at__lte=now - LEASE))


class Image(models.Model):
    """A picture for announcements. Width and height are its own, upright; `sizes` the widths that are kept."""

    workspace_id = models.BigIntegerField()
    uploader_id = models.BigIntegerField()
    key = models.CharField(max_length=32, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    still = models.BooleanField(default=False)
    sizes = models.JSONField(default=list)
    uploaded_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)
    unused_since = models.DateTimeField(null=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["claimed_at"], condition=Q(ready_at=None, fault=""), name="image_waiting"),
            models.Index(fields=["unused_since"], condition=Q(unused_since__isnull=False), name="image_unused"),
        ]

    def __str__(self) -> str:
        return self.key


class Use(models.Model):
    """That an announcement shows an image: in its newest words when `current`, else in an earlier version."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="uses")
    announcement_id = models.BigIntegerField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "announcement_id"], name="use_one_per_announcement")]
        indexes = [models.Index(fields=["announcement_id"], name="use_of_announcement")]

    def __str__(self) -> str:
        return f"{self.image_id} in {self.announcement_id}"
