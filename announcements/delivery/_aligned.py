"""How much of what asked people in a quarter they have confirmed: looked up for many at once. Everybody's own count, for their own digest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count

from announcements.delivery import models
from announcements.kernel import bulk
from announcements.publishing import services as publishing


def aligned(*, person_ids: Collection[int], zones: Mapping[int, str], now: datetime) -> dict[int, tuple[int, int]]:
    """Return of how many announcements that asked these people this quarter they have confirmed how many: (confirmed, asked).

    Who was asked nothing is left out. What was withdrawn counts as never asked, what expired as asked. `zones` are those of their
    companies, by which the quarter begins. Two queries a company, however many people.
    """
    found = dict[int, tuple[int, int]]()
    for workspace_id, zone in zones.items():
        begins = _quarter(now.astimezone(ZoneInfo(zone)))
        asked = publishing.asked(workspace_id=workspace_id, since=begins, until=now)
        rows = models.Delivery.objects.filter(announcement_id__in=bulk.among(asked))
        rows = rows.filter(recipient_id__in=bulk.among(person_ids), delivered_at__range=(begins, now)).order_by()
        counted = rows.values_list("recipient_id").annotate(confirmed=Count("acknowledged_at"), asked=Count("id"))
        found |= {person_id: (confirmed, many) for person_id, confirmed, many in counted}
    return found


def _quarter(local: datetime) -> datetime:
    """Return when the quarter began that a moment is in."""
    first = 3 * ((local.month - 1) // 3) + 1
    return local.replace(month=first, day=1, hour=0, minute=0, second=0, microsecond=0)
