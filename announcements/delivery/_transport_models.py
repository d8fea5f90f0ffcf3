"""The table of transports. Private: the door is services.py."""

from __future__ import annotations

from django.db import models

EVERYBODY = 0


class Transport(models.Model):
    """How a way out for mail gets on: a workspace's own server; under EVERYBODY the installation's.

    A workspace without a server of its own has a row too, once somebody paused its mail. Under EVERYBODY stands besides what holds
    for all: `turn` counts ticks that sent, `held_at` is when the database turned out to be older than what was sent, `backed_up_at` is
    when the last copy of it was made.
    """

    workspace_id = models.BigIntegerField(unique=True)
    server = models.CharField(max_length=32, blank=True)  # which server the following is about
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    refused = models.BooleanField(default=False)
    reply = models.CharField(max_length=200, blank=True)
    # How many mails it takes over one connection, where it showed that, and when it did.
    most = models.PositiveSmallIntegerField(null=True)
    most_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.BigIntegerField(null=True)
    resumed_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    backed_up_at = models.DateTimeField(null=True)
    turn = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"transport of {self.workspace_id or 'everybody'}"
