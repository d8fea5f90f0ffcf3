"""Tables of publishing. Private: the door is services.py."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

KINDS = ("update", "news", "story", "decision", "policy")
ICONS = ("file-text", "shuffle", "flag", "calendar-days", "hand-heart", "triangle-alert", "scroll-text", "sparkles")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements in the words of the product."""

    def kept(self) -> AnnouncementQuerySet:
        """Leave out the drafts that were discarded."""
        return self.filter(discarded_at=None)

    def due(self, now: datetime) -> AnnouncementQuerySet:
        """Keep the scheduled ones whose time has come."""
        return self.kept().filter(published_at=None, scheduled_for__lte=now)

    def in_state(self, state: str, now: datetime) -> AnnouncementQuerySet:
        """Keep those that are in a state at an instant."""
        return self.filter(in_state(state, now))


def in_state(state: str, now: datetime) -> Q:
    """Return the condition of a state at an instant; the same rule as the value's `state`."""
    gone = Q(expires_at__isnull=False, expires_at__lte=now)
    return {
        "draft": Q(published_at=None, scheduled_for=None),
        "scheduled": Q(published_at=None, scheduled_for__isnull=False),
        "withdrawn": Q(withdrawn_at__isnull=False),
        "expired": Q(published_at__isnull=False, withdrawn_at=None) & gone,
        "published": Q(published_at__isnull=False, withdrawn_at=None) & ~gone,
        "archive": Q(withdrawn_at__isnull=False) | Q(published_at__isnull=False) & gone,
    }[state]


class Announcement(models.Model):
    """What somebody says to an audience. Its words are those of its newest version."""

    workspace_id = models.BigIntegerField()
    author_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS], default="update")
    title = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=280, blank=True)
    body = models.TextField(blank=True)
    audience = models.JSONField(default=dict)
    addressed = models.CharField(max_length=24, blank=True)  # the key of its audience, once it is out
    ask_acknowledge = models.BooleanField(default=False)
    deadline = models.DateTimeField(null=True)
    nudge_hours = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.BigIntegerField(null=True)  # who changed it last; null: its author, as nobody else has
    planned_at = models.DateTimeField(null=True)  # the time chosen for a draft: an instant, or with the next two
    planned_day = models.DateField(null=True)  # on each reader's clock
    planned_time = models.TimeField(null=True)
    scheduled_for = models.DateTimeField(null=True)  # when it goes out by itself
    scheduled_by = models.BigIntegerField(null=True)
    clock_day = models.DateField(null=True)  # with clock_time: when it arrives, on each reader's own clock
    clock_time = models.TimeField(null=True)
    schedule_before = models.JSONField(default=dict)  # what undoing brings back, once it is published for some seconds
    refused = models.JSONField(default=dict)  # why it did not go out when its time had come, by field
    published_at = models.DateTimeField(null=True)
    # that it is to be pinned once it is out; or was to be, and found no place
    pin = models.BooleanField(default=False, db_default=False)
    pinned_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=280, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["workspace_id", "-created_at", "-id"], name="announcement_newest"),  # an admin's list
            models.Index(fields=["author_id", "-created_at", "-id"], name="announcement_own"),  # an author's list
            models.Index(
                fields=["workspace_id", "-published_at", "-id"],
                condition=Q(published_at__isnull=False),
                name="announcement_sent",  # what is out, as it went out
            ),
            models.Index(
                fields=["scheduled_for"],
                condition=Q(published_at=None, scheduled_for__isnull=False),
                name="announcement_due",
            ),
            models.Index(
                fields=["discarded_at"], condition=Q(discarded_at__isnull=False), name="announcement_discarded"
            ),
            models.Index(fields=["workspace_id"], condition=Q(pinned_at__isnull=False), name="announcement_pinned"),
            models.Index(
                fields=["workspace_id"],
                condition=Q(ask_acknowledge=True, published_at__isnull=False, withdrawn_at=None),
                name="announcement_asking",  # the feed: what is owed, however old
            ),
            models.Index(
                fields=["workspace_id", "-published_at", "-id"],
                condition=Q(published_at__isnull=False),
                name="announcement_out",
            ),  # archive, search
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


class Addressed(models.Model):
    """An audience that something was published to: there are fewer of them than announcements."""

    workspace_id = models.BigIntegerField()
    key = models.CharField(max_length=24)
    audience = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="addressed_once")]

    def __str__(self) -> str:
        return self.key


class Words(models.Model):
    """What an announcement says, as the full-text index of the database has it; made by a migration, written by _words.py."""

    announcement_id = models.BigIntegerField(primary_key=True, db_column="rowid")  # what FTS5 calls it
    title = models.TextField()
    summary = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.announcement_id}"


class Template(models.Model):
    """Words that announcements of a workspace are begun with."""

    workspace_id = models.BigIntegerField(db_index=True)  # the list of a workspace
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=120, blank=True)
    icon = models.CharField(max_length=16, choices=[(icon, icon) for icon in ICONS], default=ICONS[0])
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in KINDS], default="update")
    title = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=280, blank=True)
    body = models.TextField(blank=True)
    ask_acknowledge = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class TemplateStart(models.Model):
    """That a workspace has got the templates it begins with; removed ones do not come back."""

    workspace_id = models.BigIntegerField(unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.workspace_id)
