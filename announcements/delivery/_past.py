"""Nudges of a time before there was anything to send them: what became of them, told from the facts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from announcements.delivery import models

AT_ONCE = 500


@transaction.atomic
def settle_past(*, announcement_id: int, also_missing: bool, now: datetime) -> int:
    """Write down what became of the nudges that were due by `now`, told from the facts; nothing is sent. Return how many count as sent.

    For a past that is brought along or made up. Who had acknowledged was not nudged, and nobody twice for steps that fell
    together. What is due to who is still missing stays to be sent, unless they are `also_missing`.
    """
    acknowledged = dict(_waiting(announcement_id))
    queued = models.Nudge.objects.filter(announcement_id=announcement_id, state="queued", due_at__lte=now)
    told: dict[int, datetime] = {}
    became: dict[str, list[int]] = {"": [], "acknowledged": [], "just_nudged": []}
    for pk, person_id, due_at in queued.order_by("due_at", "step").values_list("pk", "recipient_id", "due_at"):
        at = acknowledged.get(person_id)
        if at is None and not also_missing:
            continue
        if at is not None and at <= due_at:
            became["acknowledged"].append(pk)
        elif person_id in told and told[person_id] >= due_at:
            became["just_nudged"].append(pk)
        else:
            told[person_id] = due_at
            became[""].append(pk)
    for reason, ids in became.items():
        for start in range(0, len(ids), AT_ONCE):
            _settle(models.Nudge.objects.filter(pk__in=ids[start : start + AT_ONCE]), reason)
    return len(became[""])


def _waiting(announcement_id: int) -> QuerySet[models.Delivery, tuple[int, datetime | None]]:
    rows = models.Delivery.objects.filter(announcement_id=announcement_id)
    return rows.values_list("recipient_id", "acknowledged_at")


def _settle(nudges: QuerySet[models.Nudge], reason: str) -> None:
    if reason:
        nudges.update(state="skipped", reason=reason)
    else:
        nudges.update(state="submitted", attempts=1, body_started_at=F("due_at"), submitted_at=F("due_at"))
