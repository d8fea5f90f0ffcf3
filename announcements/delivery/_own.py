"""What is a reader's own in a feed: their deliveries. They are kept under the reader's generation, so that news is added without the database."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, cast

import orjson
import redis
from django.db.models import BigIntegerField, QuerySet

from announcements.delivery import _generations, models
from announcements.delivery._kept import moment, number, store
from announcements.kernel.prepared import Given, Prepared
from announcements.publishing import services as publishing

PAST = 200
MOST_SAVED = 100
KEEP_SECONDS = 600


class Own(NamedTuple):
    """A delivery, as far as it shows in a feed."""

    announcement_id: int
    delivered_at: datetime
    displayed_at: datetime | None = None
    opened_at: datetime | None = None
    read_at: datetime | None = None
    acknowledged_at: datetime | None = None
    dismissed_at: datetime | None = None
    forgotten_at: datetime | None = None
    saved_at: datetime | None = None


def _newest() -> QuerySet[models.Delivery]:
    return models.Delivery.objects.order_by("-delivered_at", "-id")


def _somebodys() -> QuerySet[models.Delivery, Any]:
    theirs = _newest().filter(recipient_id=Given("person_id", BigIntegerField()))
    return theirs.values_list(*Own._fields, "workspace_id")[:PAST]


# Asked for each feed of which nothing is kept.
_latest = Prepared(_somebodys)


def kept(person_id: int, whole: bytes, generation: bytes, now: datetime) -> list[Own]:
    """Return a reader's deliveries as they were kept, with the news since; without any or after other changes, as rows have them.

    They are kept under the generations that were read before asking: the reader's, and `whole`, the workspace's, because a
    correction may ask everybody to confirm again.
    """
    name = f"feed:own:{person_id}"
    now_under = b"%b.%b" % (whole, generation)
    with suppress(redis.RedisError):
        under, _bar, packed = cast(bytes, store().get(name) or b"").partition(b"|")
        news = _generations.since(under, now_under) if packed else None
        if news is not None:
            return _with(news, _unpacked(packed))
    rows = from_rows(person_id, now)
    with suppress(redis.RedisError):  # it was here a moment ago
        store().set(name, now_under + b"|" + _packed(rows), ex=KEEP_SECONDS)
    return rows


def from_rows(person_id: int, now: datetime) -> list[Own]:
    """Return a reader's latest deliveries, and from before these what they have to confirm and what they saved, from the database."""
    rows = _latest(person_id=person_id)
    found = {row[0]: Own._make(row[:-1]) for row in rows}
    if len(rows) == PAST:
        mine = _newest().filter(recipient_id=person_id, delivered_at__lte=now)
        for longer in (_owed_longer(mine, rows[0][-1], set(found), now), _saved_longer(mine)):
            found |= {row[0]: Own._make(row) for row in longer.values_list(*Own._fields)}
    return list(found.values())


def _owed_longer(
    mine: QuerySet[models.Delivery], workspace_id: int, latest: set[int], now: datetime
) -> QuerySet[models.Delivery]:
    """Return what somebody has to confirm from before the latest: however much came since, it stays in sight."""
    older = publishing.asking(workspace_id=workspace_id, now=now) - latest
    return mine.filter(announcement_id__in=older, acknowledged_at=None)


def _saved_longer(mine: QuerySet[models.Delivery]) -> QuerySet[models.Delivery]:
    """Return what somebody has put aside for later: it waits for them, however much came since."""
    return mine.filter(saved_at__isnull=False)[:MOST_SAVED]


def _with(news: list[_generations.News], rows: list[Own]) -> list[Own]:
    there = {row.announcement_id for row in rows}  # also what was asked for between its commit and the word of it
    return [Own(*one) for one in reversed(news) if one.announcement_id not in there] + rows


def _packed(rows: list[Own]) -> bytes:
    return orjson.dumps([[id, *(at and number(at) for at in times)] for id, *times in rows])


def _unpacked(packed: bytes) -> list[Own]:
    return [Own(id, *(at and moment(at) for at in times)) for id, *times in orjson.loads(packed)]
