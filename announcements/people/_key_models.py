"""Tables of the keys that people hand out: to their scripts, and to programs on their devices. models.py shows them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

# A device that has been forgotten ends by itself.
IDLE = timedelta(days=180)


class App(models.Model):
    """A program of somebody else's that people may connect, registered by an operator. It keeps no secret."""

    id = models.SlugField(
        primary_key=True, max_length=40, help_text="What the program calls itself: client_id. It never changes."
    )
    name = models.CharField(max_length=80, help_text="What people read when they are asked.")
    scopes = models.JSONField(default=list, help_text='What it may ask for, such as ["feed:read", "receipts:write"].')
    redirects = models.JSONField(
        default=list,
        blank=True,
        help_text='Where it may be sent back to, such as ["https://intranet.example.com/done"]; each exactly so. '
        "Empty: it connects by code only.",
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.name


class TokenQuerySet(models.QuerySet["Token"]):
    """Keys."""

    def good(self, now: datetime) -> TokenQuerySet:
        """Return those that let somebody in: not revoked, not expired, and no device that was unused for too long."""
        since = now - IDLE
        return self.unended(now, since, since.date())

    def unended(self, now: Any, since: Any, day: Any) -> TokenQuerySet:
        """Return those that are good at a moment, devices among them that were used since another, of that day; each may be an expression."""
        used = Q(last_used_on__gte=day) | Q(created_at__gte=since)
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), Q(app="") | used, revoked_at=None)


class Token(models.Model):
    """A key to the API: a person's own, or (with `app`) that of a device. Only its SHA-256 is kept."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    app = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    objects = TokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """A device that asks to be connected, until it holds its key. Its codes are kept as hashes.

    Granted by `person` at `epoch`: a key that would have ended since is not made. With a `workspace` it asks as a browser of
    that company, and only its people may answer. `user_code` is empty, and `challenge` is not,
    when a browser brings the code back (PKCE).
    """

    app = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    code = models.CharField(max_length=64, unique=True)
    user_code = models.CharField(max_length=64, blank=True)
    redirect = models.CharField(max_length=500, blank=True)
    challenge = models.CharField(max_length=43, blank=True)
    workspace = models.ForeignKey("people.Workspace", on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    interval = models.PositiveSmallIntegerField(default=5)
    asked_at = models.DateTimeField(null=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, null=True, related_name="pairings")
    epoch = models.PositiveIntegerField(null=True)
    granted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_code"], condition=~Q(user_code=""), name="pairing_one_per_user_code")
        ]
        indexes = [models.Index(fields=["expires_at"], name="pairing_by_end")]  # what is over is removed

    def __str__(self) -> str:
        return self.name
