"""Async health: whether what is said leaves people room to work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from announcements.analytics import models


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
    rows = models.Length.objects.filter(workspace_id=workspace_id, week__gte=since.date(), announcements__gt=0)
    by_length = rows.values_list("minutes").annotate(all=Sum("announcements"), asked=Sum("asking"), went=Sum("across"))
    lengths = list(by_length.order_by("minutes"))
    announcements = sum(many for _minutes, many, _asked, _went in lengths)
    return Health(
        recipients=recipients,
        at_work=at_work,
        announcements=announcements,
        minutes=_median([(minutes, many) for minutes, many, _asked, _went in lengths], announcements),
        asking=sum(asked for _minutes, _many, asked, _went in lengths),
        across=sum(went for _minutes, _many, _asked, went in lengths),
    )


def _median(lengths: Sequence[tuple[int, int]], all_of_them: int) -> int | None:
    before = 0
    for minutes, many in lengths:
        before += many
        if before * 2 >= all_of_them:
            return minutes
    return None
