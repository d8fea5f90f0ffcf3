"""The feed: rows put together with few queries, and the bytes of it kept in Redis while nothing has changed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

import orjson
import redis
from django.db import transaction

from announcements.delivery import models
from announcements.delivery._counts import counts
from announcements.delivery._kept import store
from announcements.delivery._values import Feed, FeedItem, FeedPage, Standing
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

KEEP_SECONDS = 600
PAST = 200
DOUBT = b"?"
DOUBT_SECONDS = 10


def bump(person_ids: Iterable[int]) -> None:
    """Make these people's kept feeds invalid once the transaction has committed."""
    ids = list(person_ids)
    transaction.on_commit(lambda: _raise([f"feed:g:{person_id}" for person_id in ids]), robust=True)


def bump_workspace(workspace_id: int) -> None:
    """Make every kept feed of a workspace invalid once the transaction has committed."""
    transaction.on_commit(lambda: _raise([f"feed:w:{workspace_id}"]), robust=True)


def _raise(keys: list[str]) -> None:
    pipe = store().pipeline(transaction=False)
    for key in keys:
        pipe.incr(key)
    pipe.execute()


def forget_standing(person_ids: Iterable[int]) -> None:
    """Look these people's rights up again at their next request."""
    keys = [f"feed:e:{person_id}" for person_id in person_ids]
    if keys:
        transaction.on_commit(lambda: _doubt(keys), robust=True)


def _doubt(keys: list[str]) -> None:
    """Mark what is known as doubtful for some seconds: who has read the old row and is about to keep it comes too late."""
    pipe = store().pipeline(transaction=False)
    for key in keys:
        pipe.set(key, DOUBT, ex=DOUBT_SECONDS)
    pipe.execute()


def feed_page(*, person_id: int, workspace_id: int, standing: Standing, now: datetime) -> FeedPage:
    """Return a reader's feed as bytes: one look into Redis when nothing changed, else made from rows.

    Raises NotFound when the person is not active or `standing` is not theirs any more. Redis may be empty or away.
    """
    names = (f"feed:w:{workspace_id}", f"feed:g:{person_id}", f"feed:e:{person_id}", f"feed:p:{person_id}")
    try:
        whole, own, known, kept = cast("list[bytes | None]", store().mget(names))
    except redis.RedisError:
        _check_standing(person_id, standing)
        return _page(feed(by=person_id, now=now))
    if known is None or known == DOUBT:
        kept_as = _check_standing(person_id, standing)
        store().set(names[2], kept_as, ex=KEEP_SECONDS, nx=True)
    elif not standing.fits(known):
        raise errors.NotFound
    stamp = b"%b.%b|" % (whole or b"0", own or b"0")
    if kept and kept.startswith(stamp):
        until, etag, body = kept[len(stamp) :].split(b"|", 2)
        if now.timestamp() < float(until):
            return FeedPage(etag=etag.decode(), body=body)
    return _kept(names[3], stamp, person_id, now)


def _check_standing(person_id: int, standing: Standing) -> bytes:
    person = people.person(person_id=person_id)
    now = b"%d.%d" % (person.epoch, person.key_round)
    if person.state != "active" or not standing.fits(now):
        raise errors.NotFound
    return now


def _kept(name: str, stamp: bytes, person_id: int, now: datetime) -> FeedPage:
    """Make a feed and keep it under its stamp, until the first of its items expires."""
    found = feed(by=person_id, now=now)
    page = _page(found)
    until = found.until.timestamp() if found.until else math.inf
    store().set(name, b"%b%b|%b|%b" % (stamp, str(until).encode(), page.etag.encode(), page.body), ex=KEEP_SECONDS)
    return page


def _page(found: Feed) -> FeedPage:
    body = orjson.dumps({"items": found.items}, option=orjson.OPT_UTC_Z)
    return FeedPage(etag=hashlib.blake2b(body, digest_size=12).hexdigest(), body=body)


def feed(*, by: int, now: datetime, limit: int = 50) -> Feed:
    """Return what is there for a reader: required reading they owe, by deadline, then the newest. A constant number of queries."""
    rows = list(models.Delivery.objects.filter(recipient_id=by).order_by("-delivered_at", "-id")[:PAST])
    said = publishing.get_many(ids=[row.announcement_id for row in rows])
    standing = [row for row in rows if (a := said.get(row.announcement_id)) and a.state(now) == "published"]
    far = datetime.max.replace(tzinfo=UTC)

    def order(row: models.Delivery) -> tuple[bool, datetime, float]:
        owed = said[row.announcement_id].ask_acknowledge and row.acknowledged_at is None
        deadline = said[row.announcement_id].deadline or far
        return not owed, deadline if owed else far, -row.delivered_at.timestamp()

    ends = [at for row in standing if (at := said[row.announcement_id].expires_at)]
    return Feed(items=_items(sorted(standing, key=order)[:limit], said), until=min(ends, default=None))


def _items(rows: list[models.Delivery], said: dict[int, publishing.Announcement]) -> tuple[FeedItem, ...]:
    if not rows:
        return ()
    authors = people.get_many(ids={said[row.announcement_id].author_id for row in rows})
    names = people.group_names(workspace_id=rows[0].workspace_id)
    counted = counts([row.announcement_id for row in rows])
    return tuple(_item(row, said[row.announcement_id], authors, names, counted[row.announcement_id]) for row in rows)


def _item(
    row: models.Delivery,
    said: publishing.Announcement,
    authors: dict[int, people.Person],
    names: dict[int, str],
    counted: tuple[int, int],
) -> FeedItem:
    author = authors.get(said.author_id)
    return FeedItem(
        announcement_id=said.id,
        title=said.title,
        summary=said.summary,
        kind=said.kind,
        author_id=said.author_id,
        author_name=author.name if author else "",
        author_title=author.title if author else "",
        published_at=said.published_at or row.delivered_at,
        minutes=said.minutes,
        required=said.ask_acknowledge,
        deadline=said.deadline,
        version=said.version,
        displayed_at=row.displayed_at,
        opened_at=row.opened_at,
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
        confirmed=counted[0],
        recipients=counted[1],
        groups=tuple(names[group_id] for group_id in said.audience.group_ids if group_id in names),
    )
