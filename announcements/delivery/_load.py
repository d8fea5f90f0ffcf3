"""How much an audience had to read lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from announcements.delivery import models
from announcements.people import services as people
from announcements.publishing import services as publishing

LATELY = timedelta(days=7)
# For more people the deliveries of the whole company are read at once.
FEW = 500


@dataclass(frozen=True, slots=True)
class Load:
    """What reached an audience in the seven days before a time: how many announcements, how many minutes of reading.

    `highest` is the most that any one of its people got, `group` the group of the audience where that is; no person is named.
    """

    announcements: int
    minutes: int
    highest: int
    group: str


def load(*, workspace_id: int, audience: people.Audience, at: datetime, now: datetime) -> Load:
    """Return how much of what those whom an audience means have got by `now` is less than a week old at `at`."""
    ids = set(people.resolve(workspace_id=workspace_id, audience=audience, at=now))
    rows = lately(workspace_id, at - LATELY, now)
    if len(ids) <= FEW:
        rows = rows.filter(recipient_id__in=ids)
    each, announced = Counter[int](), set[int]()
    for recipient_id, announcement_id in rows.values_list("recipient_id", "announcement_id").iterator():
        if recipient_id in ids:
            each[recipient_id] += 1
            announced.add(announcement_id)
    said = publishing.get_many(ids=announced)
    return Load(
        announcements=len(announced),
        minutes=sum(one.minutes for one in said.values()),
        highest=max(each.values(), default=0),
        group=_where(workspace_id, audience.group_ids, each, now) if each else "",
    )


def lately(workspace_id: int, since: datetime, now: datetime) -> QuerySet[models.Delivery]:
    """Return what reached the people of a workspace since a time."""
    return models.Delivery.objects.filter(workspace_id=workspace_id, delivered_at__range=(since, now))


def _where(workspace_id: int, group_ids: Iterable[int], each: Counter[int], now: datetime) -> str:
    """Return the name of the group that somebody is in who got the most."""
    most = max(each.values())
    top = [person_id for person_id, many in each.items() if many == most][:FEW]
    belonging = people.groups_of(person_ids=top, at=now)
    names = people.group_names(workspace_id=workspace_id)
    there = {one for groups in belonging.values() for one in groups}
    return next((names[one] for one in group_ids if one in there and one in names), "")
