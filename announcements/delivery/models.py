"""Tables of delivery. Private: the door is services.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from announcements.delivery._bounce_models import Suppression
from announcements.delivery._return_models import Return
from announcements.delivery._transport_models import Transport

__all__ = [
    "Delivery", "Digest", "FanOut", "Letter", "Mention", "Nudge", "Outgoing", "Preference", "Return", "Suppression", "TestMail",
    "Transport",
]  # fmt: skip

CHANNELS = ("tab", "page", "extension", "mail")
# What is kept of somebody's reading for so many days as their workspace says; that they confirmed is no part of it.
READING = ("displayed", "opened", "read", "dismissed")
# A delivery of which something is still to be forgotten one day.
REMEMBERED = Q(forgotten_at=None)
for _fact in READING:
    REMEMBERED |= Q(**{f"{_fact}_at__isnull": False})
STATES = ("queued", "submitting", "submitted", "failed", "uncertain", "skipped")


class FanOutQuerySet(models.QuerySet["FanOut"]):
    """Fan-outs, of which each is also the lock of its announcement's deliveries and nudges."""

    def hold(self, announcement_id: int) -> FanOut:
        """Return the row of an announcement, and let nobody else hold it until the transaction ends."""
        return self.defer("recipients").select_for_update().get(announcement_id=announcement_id)


class FanOut(models.Model):
    """That an announcement has to reach its audience. Written with the publishing itself; the task only says: look now."""

    announcement_id = models.BigIntegerField(unique=True)
    workspace_id = models.BigIntegerField()
    published_at = models.DateTimeField()
    total = models.PositiveIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)  # its author stopped nudging
    # Whom it was frozen for, as `spans`, once it is finished. As long as thousands are many: read by whoever asks for it alone.
    recipients = models.TextField(null=True)  # noqa: DJ001  none is not nobody

    objects = FanOutQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["published_at"], condition=Q(finished_at=None), name="fan_out_unfinished")
        ]  # the sweep

    def __str__(self) -> str:
        return f"fan-out of {self.announcement_id}"


class Delivery(models.Model):
    """An announcement for a recipient, and the first time of each fact. `asked_version` is the newest they should acknowledge."""

    announcement_id = models.BigIntegerField()
    recipient_id = models.BigIntegerField()
    workspace_id = models.BigIntegerField()
    delivered_at = models.DateTimeField()
    asked_version = models.PositiveIntegerField(default=1)
    displayed_at = models.DateTimeField(null=True)
    displayed_via = models.CharField(max_length=9, blank=True)
    opened_at = models.DateTimeField(null=True)
    opened_via = models.CharField(max_length=9, blank=True)
    read_at = models.DateTimeField(null=True)
    read_via = models.CharField(max_length=9, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_via = models.CharField(max_length=9, blank=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_via = models.CharField(max_length=9, blank=True)
    acknowledged_version = models.PositiveIntegerField(null=True)
    knew_version = models.PositiveIntegerField(null=True)  # what they had acknowledged when they were asked anew
    acknowledged_receipt = models.CharField(max_length=64, blank=True)  # the only one that says so, if there is one
    undone_at = models.DateTimeField(null=True)  # the latest acknowledgement that was taken back, and its receipt
    undone_receipt = models.CharField(max_length=64, blank=True)
    undone_before = models.TextField(
        blank=True, default="", db_default=""
    )  # the receipts of some before, the latest first
    forgotten_at = models.DateTimeField(null=True)  # since when nothing is recorded of its reading any more
    # Its reader's own list: of the two, the one that was said last stands; forgetting by age takes the second one.
    saved_at = models.DateTimeField(null=True)
    unsaved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement_id", "recipient_id"], name="delivery_one_per_recipient")
        ]
        indexes = [
            # the feed; with the announcement's id, so that whoever asks what reached somebody reads no rows
            models.Index(fields=["recipient_id", "-delivered_at", "-id", "announcement_id"], name="delivery_feed"),
            models.Index(
                fields=["workspace_id", "delivered_at", "recipient_id", "announcement_id"], name="delivery_lately"
            ),  # what people had to read: all that is asked of it, so that no row is
            models.Index(
                fields=["recipient_id", "delivered_at"], condition=Q(opened_at=None), name="delivery_unopened"
            ),  # planning digests
            models.Index(
                fields=["workspace_id", "delivered_at"], condition=REMEMBERED, name="delivery_remembered"
            ),  # forgetting by age
            models.Index(
                fields=["recipient_id"], condition=Q(saved_at__isnull=False), name="delivery_saved"
            ),  # what is on a reader's list from before the latest
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} for {self.recipient_id}"


class Outgoing(models.Model):
    """A mail that is planned. `due_at` is UTC, computed on the reader's clock; the state is what the world outside has told."""

    recipient_id = models.BigIntegerField()
    workspace_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="queued")
    reason = models.CharField(max_length=40, blank=True)
    reply = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    body_started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Nudge(Outgoing):
    """A step of nudging one recipient. Steps by hand have numbers from 100."""

    announcement_id = models.BigIntegerField()
    step = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement_id", "recipient_id", "step"], name="nudge_one_per_step")
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="nudge_due"),  # the tick
            models.Index(fields=["leased_until"], condition=Q(state="submitting"), name="nudge_held"),  # the sweep
            models.Index(fields=["workspace_id"], condition=Q(state="uncertain"), name="nudge_uncertain"),  # the status
        ]

    def __str__(self) -> str:
        return f"nudge {self.step} of {self.announcement_id} to {self.recipient_id}"


class Digest(Outgoing):
    """What somebody missed in a period: a day (2026-11-16) or a week (2026-W47)."""

    period = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient_id", "period"], name="digest_one_per_period")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="digest_due"),  # the tick
            models.Index(fields=["leased_until"], condition=Q(state="submitting"), name="digest_held"),  # the sweep
            models.Index(
                fields=["workspace_id"], condition=Q(state="uncertain"), name="digest_uncertain"
            ),  # the status
        ]

    def __str__(self) -> str:
        return f"digest {self.period} to {self.recipient_id}"


class TestMail(Outgoing):
    """The latest mail by which somebody sees what an announcement they manage will look like; `revision` is what it said then."""

    announcement_id = models.BigIntegerField()
    revision = models.PositiveIntegerField()
    words = models.JSONField(null=True)  # of a correction that is not made yet: what it says instead
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement_id", "recipient_id"], name="test_mail_one_each")]
        indexes = [
            models.Index(fields=["recipient_id"], name="test_mail_own"),  # what is stored about oneself
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="test_mail_due"),  # the tick
            models.Index(fields=["leased_until"], condition=Q(state="submitting"), name="test_mail_held"),  # the sweep
        ]

    def __str__(self) -> str:
        return f"test of {self.announcement_id} to {self.recipient_id}"


class Mention(models.Model):
    """How often a digest has told somebody of an announcement."""

    recipient_id = models.BigIntegerField()
    announcement_id = models.BigIntegerField()
    times = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient_id", "announcement_id"], name="mention_one_per_item")]

    def __str__(self) -> str:
        return f"{self.times} × {self.announcement_id}"


class Preference(models.Model):
    """What mail somebody wants; absent means weekly."""

    person_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=6, choices=[(d, d) for d in ("daily", "weekly", "never")], default="weekly")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class Letter(models.Model):
    """A mail that somebody waits for at their screen: a code, a link, word of a change to their account, or of what could not go out. Gone once it is settled."""

    recipient = models.CharField(max_length=254)
    data = models.BinaryField()
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # when it is given up; null: some minutes after it was posted
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="delivery_letter_due")]  # the sweep

    def __str__(self) -> str:
        return f"letter {self.pk}"
