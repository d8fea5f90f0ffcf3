"""What the API keeps for itself: the answers to requests that carried an idempotency key."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """The first answer to a person's key. `status` is null while that first request is still running."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    # SHA-256 of method, address and body: the same key with anything else is a mistake of the caller.
    digest = models.CharField(max_length=64)
    claimed_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="kept_answer_one_per_key")]
        indexes = [models.Index(fields=["claimed_at"], name="kept_answer_by_age")]  # the sweep

    def __str__(self) -> str:
        return self.key
