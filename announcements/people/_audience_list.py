"""Who an audience is, by name: in parts, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from announcements.kernel import sheets
from announcements.people import _checks, events, models
from announcements.people._audience_values import Audience
from announcements.people._audiences import check_audience, meant
from announcements.people._listing import profiles
from announcements.people._listing_values import Profile

HEADER = ("Name", "Email", "Title", "Location", "Time zone", "Groups")
BATCH = 1000


def audience_people(
    *, by: int, audience: Audience, search: str = "", after: tuple[str, int] | None = None, limit: int = 50, now: datetime
) -> tuple[Profile, ...]:  # fmt: skip
    """Return who an audience is now, by name and id, those past `after`; raise Invalid or AudienceNotYours as publishing to it would.

    Names, groups and time zones are what any colleague may see; nothing about reading is told.
    """
    check_audience(by=by, audience=audience, at=now)
    actor = _checks.actor(by)
    rows = meant(actor.workspace_id, audience, now)
    if search:
        rows = rows.search(search)
    if after:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    return profiles(actor, list(rows.order_by("name", "id")[:limit]), now)


def export_audience(*, by: int, audience: Audience, now: datetime) -> Iterator[str]:
    """Return who an audience is now as lines of CSV, and note that they were taken; raise as `audience_people` does."""
    check_audience(by=by, audience=audience, at=now)
    actor = _checks.actor(by)
    ids = list(meant(actor.workspace_id, audience, now).order_by("name", "id").values_list("pk", flat=True))
    events.noted.send(
        sender=None, workspace_id=actor.workspace_id, by=by, verb="audience_exported", subject="",
        details={"people": len(ids)}, at=now,
    )  # fmt: skip
    return sheets.to_csv(HEADER, _sheet(actor, ids, now))


def _sheet(actor: models.Person, ids: list[int], now: datetime) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), BATCH):
        rows = models.Person.objects.filter(pk__in=ids[start : start + BATCH]).order_by("name", "id")
        for one in profiles(actor, list(rows), now):
            who = one.person
            groups = "; ".join(belonging.name for belonging in one.groups)
            yield (who.name, who.email, who.title, who.location, who.timezone, groups)
