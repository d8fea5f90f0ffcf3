"""Forgetting by age when and where somebody met, opened, read or dismissed something. That they confirmed it stays, and that it is on their list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from announcements.delivery import _feed, models

AT_ONCE = 1000


def to_forget(*, workspace_id: int, before: datetime, after: int, limit: int) -> list[int]:
    """Return announcements of a workspace of whose reading something is that old, by id, those past `after`."""
    rows = old(before).filter(workspace_id=workspace_id, announcement_id__gt=after)
    return list(rows.order_by("announcement_id").values_list("announcement_id", flat=True).distinct()[:limit])


def forget_facts(*, announcement_id: int, before: datetime, now: datetime) -> int:
    """Forget some facts about reading one announcement that are as old as `before`; return of how many recipients, 0 when all is done.

    What is younger stays until it is as old. From then on nothing more is recorded of how its recipients read it: what was
    forgotten would be counted twice.
    """
    with transaction.atomic():
        held = old(before).filter(announcement_id=announcement_id).select_for_update().order_by("id")[:AT_ONCE]
        found = dict(held.values_list("id", "recipient_id"))
        rows = models.Delivery.objects.filter(pk__in=found)
        rows.filter(forgotten_at=None).update(forgotten_at=now, unsaved_at=None)
        rows.update(**{name: _unless(fact, name, before) for fact in models.READING for name in _columns(fact)})
        _feed.bump(sorted(found.values()))
    return len(found)


def old(before: datetime) -> QuerySet[models.Delivery]:
    """Return deliveries of whose reading something is as old as `before`."""
    facts: Collection[Q] = [Q(**{f"{fact}_at__lte": before}) for fact in models.READING]
    due = reduce(or_, facts, Q(forgotten_at=None))
    return models.Delivery.objects.filter(models.REMEMBERED, due, delivered_at__lte=before)


def _columns(fact: str) -> tuple[str, str]:
    return f"{fact}_at", f"{fact}_via"


def _unless(fact: str, name: str, before: datetime) -> Case:
    nothing = Value(None) if name.endswith("_at") else Value("")
    return Case(When(**{f"{fact}_at__lte": before}, then=nothing), default=F(name))
