"""Tables of addresses that mail does not reach. Private: the door is services.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

REASONS = ("refused", "bounced", "complained")


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Suppressions in the words of the product."""

    def standing(self) -> SuppressionQuerySet:
        """Keep those that nobody has lifted."""
        return self.filter(lifted_at=None)


class Suppression(models.Model):
    """An address that a workspace's mail goes to no more, and why; until somebody lifts it. It ends and stays."""

    workspace_id = models.BigIntegerField()
    address = models.EmailField(max_length=254)
    reason = models.CharField(max_length=10, choices=[(reason, reason) for reason in REASONS])
    said = models.CharField(max_length=300, blank=True)  # in the words of whoever told us
    suppressed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "address"], condition=Q(lifted_at=None), name="suppression_one_standing"
            )
        ]
        indexes = [  # the list of admins
            models.Index(fields=["workspace_id", "-suppressed_at", "-id"], name="suppression_list")
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.reason}"
