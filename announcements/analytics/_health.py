"""Async health: whether what is said leaves people room to work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

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
    said = models.Tally.objects.filter(
        announcement__workspace_id=workspace_id, announcement__published_at__gte=since, recipients__gt=0
    )
    asks = Count("pk", filter=Q(announcement__due_at__isnull=False))
    rows = said.filter(group_id=EVERYBODY).values_list("announcement__minutes").annotate(many=Count("pk"), asking=asks)
    lengths = sorted(rows.order_by())
    announcements = sum(many for _minutes, many, _asking in lengths)
    # A group of the author's that holds all whom it reached.
    inside = said.filter(announcement__origins__group_id=F("group_id")).filter(
        announcement__tallies__group_id=EVERYBODY, announcement__tallies__recipients=F("recipients")
    )
    return Health(
        recipients=recipients,
        at_work=at_work,
        announcements=announcements,
        minutes=_median([(minutes, many) for minutes, many, _asking in lengths], announcements),
        asking=sum(asking for _minutes, _many, asking in lengths),
        across=announcements - inside.aggregate(many=Count("announcement_id", distinct=True))["many"],
    )


def _median(lengths: Sequence[tuple[int, int]], all_of_them: int) -> int | None:
    before = 0
    for minutes, many in lengths:
        before += many
        if before * 2 >= all_of_them:
            return minutes
    return None
