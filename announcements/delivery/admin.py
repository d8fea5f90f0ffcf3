"""What operators may look at: whether mail and fan-outs get on."""

from __future__ import annotations

from django.contrib import admin

from announcements.delivery import models
from announcements.kernel.looking import LookOnly


@admin.register(models.FanOut)
class FanOuts(LookOnly):
    """Fan-outs, and whether they are done."""

    list_display = ("announcement_id", "workspace_id", "published_at", "total", "finished_at")


@admin.register(models.Nudge)
class Nudges(LookOnly):
    """Nudges, and what the mail server said."""

    list_display = ("announcement_id", "recipient_id", "step", "due_at", "state", "reason", "attempts", "reply")
    list_filter = ("state",)


@admin.register(models.Digest)
class Digests(LookOnly):
    """Digests, and what the mail server said."""

    list_display = ("recipient_id", "period", "due_at", "state", "reason", "attempts", "reply")
    list_filter = ("state",)


@admin.register(models.Suppression)
class Suppressions(LookOnly):
    """Addresses that mail goes to no more, and why."""

    list_display = ("address", "workspace_id", "reason", "said", "suppressed_at", "lifted_at")
    list_filter = ("reason",)


@admin.register(models.Letter)
class Letters(LookOnly):
    """Letters that wait to leave, without their text."""

    list_display = ("id", "posted_at", "due_at", "attempts")
    fields = list_display
