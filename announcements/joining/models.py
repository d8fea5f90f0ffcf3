"""Tables of joining. Private: the door is services.py."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

KINDS = ("invitation", "claim", "admitted", "refused")
STATES = ("queued", "submitting", "submitted", "failed", "uncertain", "skipped")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations in the words of the product."""

    def open(self) -> InvitationQuerySet:
        """Keep those that were neither accepted nor revoked, expired ones too."""
        return self.filter(accepted_at=None, revoked_at=None)

    def in_state(self, state: str, now: datetime) -> InvitationQuerySet:
        """Keep those whose times add up to this state."""
        if state == "waiting":
            return self.open().filter(expires_at__gt=now)
        if state == "expired":
            return self.open().filter(expires_at__lte=now)
        return self.filter(accepted_at__isnull=False) if state == "accepted" else self.filter(revoked_at__isnull=False)


class Invitation(models.Model):
    """That somebody was asked in. Name, address and role as they were asked; the groups are the person's already."""

    workspace_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    # Did this invitation add the person? Then revoking it removes them again.
    added = models.BooleanField(default=True)
    invited_by = models.BigIntegerField()
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=6, default="member")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(accepted_at=None, revoked_at=None), name="invitation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_revoked"
            ),
        ]
        indexes = [models.Index(fields=["workspace_id", "-invited_at", "-id"], name="invitation_list")]  # the list

    def __str__(self) -> str:
        return f"invitation of {self.person_id}"


class ClaimLink(models.Model):
    """A link for many. Its address is signed from id and turn, so that no secret is kept; a new turn kills the old one."""

    workspace_id = models.BigIntegerField()
    name = models.CharField(max_length=80)
    turn = models.PositiveIntegerField(default=1)
    created_by = models.BigIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    most_uses = models.PositiveIntegerField(null=True)
    uses = models.PositiveIntegerField(default=0)
    domains = models.JSONField(default=list)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(most_uses=None) | Q(uses__lte=F("most_uses")), name="claim_link_within_uses"
            )
        ]
        indexes = [models.Index(fields=["workspace_id", "id"], name="claim_link_list")]  # the page of ways in

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Tell whether anybody may still come in by it."""
        used_up = self.most_uses is not None and self.uses >= self.most_uses
        return self.revoked_at is None and not used_up and (self.expires_at is None or self.expires_at > now)


class Claim(models.Model):
    """One address's own way in through a claim link, at one turn of it."""

    link = models.ForeignKey(ClaimLink, on_delete=models.CASCADE, related_name="claims")
    turn = models.PositiveIntegerField()
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["email", "asked_at"], name="claim_lately")
        ]  # how often an address was written to

    def __str__(self) -> str:
        return f"claim of {self.pk}"


class Letter(models.Model):
    """A mail that is planned, and what the world outside has told of it."""

    workspace_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, null=True, related_name="letters")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, related_name="letters")
    by = models.BigIntegerField(null=True)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="queued")
    reply = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    body_started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="letter_due"),  # posting
            models.Index(fields=["leased_until"], condition=Q(state="submitting"), name="letter_held"),  # the sweep
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.email}"
