"""What people have missed, and what they owe besides: looked up for many at once, so that a digest more is hardly a query more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from announcements.delivery import models
from announcements.kernel import bulk
from announcements.people import services as people
from announcements.publishing import services as publishing

MOST_MENTIONS = 3
MOST_ITEMS = 10
# Of what is older only required reading that is still owed is told.
LATEST = 200
_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Missed:
    """An announcement that somebody has missed, as a digest tells of it."""

    announcement_id: int
    title: str
    summary: str
    required: bool
    author_name: str  # empty where they are gone
    minutes: int
    deadline: datetime | None
    version: int
    author_title: str = ""

    def __hash__(self) -> int:
        """Tell most apart: all of it is looked at when two are compared."""
        return hash((self.announcement_id, self.version))


@dataclass(frozen=True, slots=True)
class Pile:
    """What a digest tells somebody: what they missed, when each `reached` them, and of how much `more` they owe confirmation."""

    items: tuple[Missed, ...]
    reached: tuple[datetime, ...]
    more: int


def missed(*, person_ids: Collection[int], workspace_ids: Collection[int], now: datetime) -> dict[int, Pile]:
    """Return what each of these people has neither opened nor dismissed, and no digest has told them of three times.

    Required reading by its deadline first, then what is pinned, then the newest; ten at most. `workspace_ids` are theirs. So many
    queries, however many people; who has missed nothing is left out.
    """
    often = models.Mention.objects.filter(recipient_id__in=bulk.among(person_ids), times__gte=MOST_MENTIONS)
    told = set(often.values_list("recipient_id", "announcement_id"))
    asking = {id for place in workspace_ids for id in publishing.asking(workspace_id=place, now=now)}
    found: dict[int, list[tuple[int, int, datetime]]] = {}
    for person_id, announcement_id, nth, at in _unseen(person_ids, asking, now):
        if (person_id, announcement_id) not in told:
            found.setdefault(person_id, []).append((nth, announcement_id, at))
    said = publishing.get_many(ids={id for rows in found.values() for _nth, id, _at in rows})
    standing = {id: one for id, one in said.items() if one.state(now) == "published"}
    items = _told(standing)
    orders = {id: (not one.ask_acknowledge, one.deadline or _FAR if one.ask_acknowledge else _FAR, one.pinned_at is None) for id, one in standing.items()}  # fmt: skip

    @cache  # many have missed the same
    def chosen(newest_first: tuple[int, ...]) -> tuple[Missed, ...]:
        here = sorted([id for id in newest_first if id in standing], key=orders.__getitem__)
        return tuple(items[id] for id in here[:MOST_ITEMS])

    owed = _owed(found, asking, now)

    def pile(person_id: int) -> Pile:
        rows = sorted(found[person_id])
        some, at = chosen(tuple([id for _nth, id, _at in rows])), {id: at for _nth, id, at in rows}
        more = owed.get(person_id, 0) - sum(item.required for item in some)
        return Pile(some, tuple([at[item.announcement_id] for item in some]), max(0, more))

    return {person_id: one for person_id in found if (one := pile(person_id)).items}


def _owed(person_ids: Collection[int], asking: Collection[int], now: datetime) -> dict[int, int]:
    """Return how much of what asks to be confirmed each of these people has yet to confirm; who owes nothing is left out."""
    rows = models.Delivery.objects.filter(recipient_id__in=bulk.among(person_ids), delivered_at__lte=now)
    owed = rows.filter(announcement_id__in=bulk.among(asking), acknowledged_at=None).order_by()
    return dict(owed.values_list("recipient_id").annotate(many=Count("id")))


def _told(standing: Mapping[int, publishing.Announcement]) -> dict[int, Missed]:
    authors = people.get_many(ids={one.author_id for one in standing.values()})
    named = {id: (author.name, author.title) for id, author in authors.items()}

    def told(one: publishing.Announcement) -> Missed:
        name, title = named.get(one.author_id, ("", ""))
        said = one.title, one.summary, one.ask_acknowledge, name, one.minutes, one.deadline, one.version
        return Missed(one.id, *said, title)

    return {id: told(one) for id, one in standing.items()}


def _unseen(
    person_ids: Collection[int], asking: Collection[int], now: datetime
) -> list[tuple[int, int, int, datetime]]:
    """Return what has arrived at these people that they neither opened nor dismissed: whom, what, the how manieth, the newest first, and
    when.
    """
    rows = models.Delivery.objects.filter(recipient_id__in=bulk.among(person_ids), delivered_at__lte=now)
    unseen = rows.filter(opened_at=None, dismissed_at=None, forgotten_at=None)
    newest = Window(RowNumber(), partition_by="recipient_id", order_by=[F("delivered_at").desc(), F("id").desc()])
    latest = unseen.annotate(nth=newest).filter(Q(nth__lte=LATEST) | Q(announcement_id__in=asking))
    return list(latest.values_list("recipient_id", "announcement_id", "nth", "delivered_at"))
