"""Tables of publishing. Private: the door is services.py."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

KINDS = ("update", "news", "story", "decision", "policy")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements in the words of the product."""

    def in_state(self, state: str, now: datetime) -> AnnouncementQuerySet:
        """Keep those that are in a state at an instant; the same rule as the value's `state`."""
        gone = Q(expires_at__isnull=False, expires_at__lte=now)
        return self.filter(
            {
                "draft": Q(published_at=None),
                "withdrawn": Q(withdrawn_at__isnull=False),
                "expired": Q(published_at__isnull=False, withdrawn_at=None) & gone,
                "published": Q(published_at__isnull=False, withdrawn_at=None) & ~gone,
            }[state]
        )


class Announcement(models.Model):
    """What somebody says to an audience. Its words are those of its newest version."""

    workspace_id = models.BigIntegerField()
    author_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS], default="update")
    title = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=280, blank=True)
    body = models.TextField(blank=True)
    audience = models.JSONField(default=dict)
    ask_acknowledge = models.BooleanField(default=False)
    deadline = models.DateTimeField(null=True)
    nudge_hours = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=280, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-created_at", "-id"], name="announcement_newest"),  # an admin's list
            models.Index(fields=["author_id", "-created_at", "-id"], name="announcement_own"),  # an author's list
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """What an announcement said from `at` on."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=280, blank=True)
    body = models.TextField(blank=True)
    change = models.CharField(max_length=8, choices=[(c, c) for c in ("first", "typo", "material")])
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "number"], name="version_one_per_number")]

    def __str__(self) -> str:
        return f"{self.announcement_id} v{self.number}"
