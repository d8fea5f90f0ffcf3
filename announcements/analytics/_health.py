"""Async health: whether what is said leaves people room to work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from announcements.analytics import models
from announcements.analytics._shares import EVERYBODY


@dataclass(frozen=True, slots=True)
class Health:
    """How a company talks: of `recipients` so many were reached `at_work`; `minutes` is the median length of `announcements`.

    Of those so many were `asking` to be confirmed, and so many went `across`: to somebody outside of the author's own groups.
    """

    recipients: int
    at_work: int
    announcements: int
    minutes: int | None
    asking: int
    across: int


def health(*, workspace_id: int, since: datetime, recipients: int, at_work: int) -> Health:
    """Return how a company has talked since then. What reached nobody is left out."""
    own = models.Origin.objects.filter(announcement_id=OuterRef("announcement_id"), group_id=OuterRef("group_id"))
    whole = models.Tally.objects.filter(announcement_id=OuterRef("announcement_id"), group_id=EVERYBODY)
    # A group of the author's that holds all whom it reached.
    inside = models.Tally.objects.filter(
        Exists(own), announcement_id=OuterRef("announcement_id"), recipients=OuterRef("everybody")
    )
    said = (
        models.Kept.objects.filter(workspace_id=workspace_id, published_at__gte=since)
        .annotate(everybody=whole.values("recipients")[:1])
        .filter(everybody__gt=0)
    )
    counted = said.annotate(inside=Exists(inside)).aggregate(
        all=Count("pk"), asking=Count("pk", filter=Q(due_at__isnull=False)), across=Count("pk", filter=Q(inside=False))
    )
    return Health(
        recipients, at_work, counted["all"], _median(said, counted["all"]), counted["asking"], counted["across"]
    )


def _median(said: QuerySet[models.Kept], all_of_them: int) -> int | None:
    before = 0
    for minutes, many in said.order_by("minutes").values_list("minutes").annotate(many=Count("pk")):
        before += many
        if before * 2 >= all_of_them:
            return int(minutes)
    return None
