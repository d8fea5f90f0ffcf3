"""The feed: rows put together with few queries, and the bytes of it kept in Redis while nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import cast

import orjson
import redis

from announcements.delivery import _generations, _own, models
from announcements.delivery._counts import counts
from announcements.delivery._generations import of_reader, of_workspace
from announcements.delivery._kept import store
from announcements.delivery._own import Own
from announcements.delivery._shared import Shared, shared
from announcements.delivery._values import Feed, FeedItem, FeedPage, Standing
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

# Others' confirmations do not end a kept feed: for so long their number on it may be an older one.
KEEP_SECONDS = 600
MOST = 50
Held = Callable[[str], bool]


def bump(person_ids: Iterable[int]) -> None:
    """Make these people's kept feeds, and what is kept of their standing, invalid once the transaction has committed."""
    _generations.begin(map(_generations.of_reader, person_ids))


def bump_workspace(workspace_id: int) -> None:
    """Make every kept feed of a workspace invalid once the transaction has committed."""
    _generations.begin([_generations.of_workspace(workspace_id)])


def feed_page(
    *, person_id: int, workspace_id: int, standing: Standing, now: datetime, held: Held = lambda _etag: False, only_kept: bool = False
) -> FeedPage:  # fmt: skip
    """Return a reader's feed as bytes: one look into Redis when nothing changed, else made from rows.

    Where `held` says of its entity tag that they have it, the body may be left out: most ask for what they have. Raises NotFound when the person is not active or `standing` is not theirs any more, and Busy where it would have to be made and
    `only_kept` is wanted. Redis may be empty or away.
    """
    names = (of_workspace(workspace_id), of_reader(person_id), f"feed:e:{person_id}", f"feed:t:{person_id}")
    try:
        _generations.settle()
        whole, own, known, kept = cast("list[bytes | None]", store().mget(names))
        whole, own = whole or _generations.begun(names[0]), own or b""
    except redis.RedisError:
        if only_kept:
            raise errors.Busy from None
        _check_standing(person_id, standing)
        return _page(_own.from_rows(person_id, now), Shared(), now)[0]
    word, stamp = _generations.word(own), b"%b.%b|" % (whole, own)
    stands, page = _stands(known, word), _as_kept(person_id, kept, stamp, held, now)
    if only_kept and not (stands and page):
        raise errors.Busy
    if not stands:
        # Kept under what was read before asking: a change in between, which raises it, leaves nothing behind that counts.
        _keep(names[2], b"%b|%b" % (_check_standing(person_id, standing), word))
    elif not standing.fits(stands):
        raise errors.NotFound
    if page:
        return page
    page, ends = _page(_own.kept(person_id, whole, own, now), shared(workspace_id, whole), now)
    until = b"inf" if ends is None else b"%f" % ends.timestamp()
    etag = page.etag.encode()
    _keep(_body_name(person_id), b"%b|%b" % (etag, page.body))
    _keep(names[3], b"%b%b|%b" % (stamp, until, etag))
    return page


def _stands(known: bytes | None, word: bytes) -> bytes | None:
    """Return the standing that is kept of somebody, while it counts."""
    stands, _bar, since = (known or b"").partition(b"|")
    return stands if since == word else None


def _as_kept(person_id: int, kept: bytes | None, stamp: bytes, held: Held, now: datetime) -> FeedPage | None:
    """Return the page that is kept, while it counts. Its body is kept by itself: it is many times as long as all else."""
    if not kept or not kept.startswith(stamp):
        return None
    until, etag = kept[len(stamp) :].split(b"|")
    if now.timestamp() >= float(until):
        return None
    if held(etag.decode()):
        return FeedPage(etag=etag.decode(), body=b"")
    with suppress(redis.RedisError):  # it was here a moment ago
        of, _bar, body = cast(bytes, store().get(_body_name(person_id)) or b"").partition(b"|")
        return FeedPage(etag=etag.decode(), body=body) if of == etag else None
    return None


def _body_name(person_id: int) -> str:
    return f"feed:b:{person_id}"


def _keep(name: str, value: bytes) -> None:
    with suppress(redis.RedisError):  # it was here a moment ago; without it everything is asked anew
        store().set(name, value, ex=KEEP_SECONDS)


def _check_standing(person_id: int, standing: Standing) -> bytes:
    now = b"%d.%d" % people.rounds(person_id=person_id)
    if not standing.fits(now):
        raise errors.NotFound
    return now


def _page(latest: list[Own], known: Shared, now: datetime) -> tuple[FeedPage, datetime | None]:
    """Return the page, and when it changes by itself: something expires, or arrives."""
    found = _feed(latest, known, now, MOST)
    body = orjson.dumps({"items": found.items}, option=orjson.OPT_UTC_Z)
    return FeedPage(etag=hashlib.blake2b(body, digest_size=12).hexdigest(), body=body), found.ends


def feed(*, by: int, now: datetime, limit: int = MOST) -> Feed:
    """Return what is there for a reader: all required reading they owe, by deadline, then what is pinned, then the newest, `limit` in
    all; and what they have saved from before these.

    A constant number of queries.
    """
    return _feed(_own.from_rows(by, now), Shared(), now, limit)


def _feed(latest: list[Own], known: Shared, now: datetime, limit: int) -> Feed:
    rows = [row for row in latest if row.delivered_at <= now]
    coming = [row.delivered_at for row in latest if row.delivered_at > now]
    said = known.look_up([row.announcement_id for row in rows])
    standing = [row for row in rows if (a := said.get(row.announcement_id)) and a.state(now) == "published"]
    far = datetime.max.replace(tzinfo=UTC)

    def order(row: Own) -> tuple[bool, datetime, bool, float]:
        one = said[row.announcement_id]
        owed = one.ask_acknowledge and row.acknowledged_at is None
        return not owed, one.deadline or far if owed else far, one.pinned_at is None, -row.delivered_at.timestamp()

    owed = sum(not order(row)[0] for row in standing)
    ranked, most = sorted(standing, key=order), max(limit, owed)
    shown = ranked[:most] + [row for row in ranked[most:] if row.saved_at][: _own.MOST_SAVED]
    ends = [at for row in shown if (at := said[row.announcement_id].expires_at)] + coming
    return Feed(items=_items(shown, said, known), ends=min(ends, default=None))


def feed_texts(*, by: int, ids: Collection[int], now: datetime) -> list[publishing.Announcement]:
    """Return announcements that have reached somebody and still stand; what else is asked for is left out. Two queries."""
    reached = models.Delivery.objects.filter(recipient_id=by, announcement_id__in=ids, delivered_at__lte=now)
    said = publishing.get_many(ids=list(reached.values_list("announcement_id", flat=True)))
    return [said[id] for id in sorted(said) if said[id].state(now) == "published"]


def _items(rows: list[Own], said: dict[int, publishing.Announcement], known: Shared) -> tuple[FeedItem, ...]:
    if not rows:
        return ()
    counted = counts([row.announcement_id for row in rows])
    return tuple(
        _item(row, said[row.announcement_id], known.authors, known.names, counted[row.announcement_id]) for row in rows
    )


def sample(said: publishing.Announcement, person: people.Person, recipients: int, at: datetime) -> FeedItem:
    """Return what somebody would find on their tab, at an instant, of something that has not reached them."""
    authors = people.get_many(ids=[said.author_id])
    return _item(Own(said.id, at), said, authors, people.group_names(workspace_id=said.workspace_id), (0, recipients))


def _item(
    row: Own,
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
        published_at=row.delivered_at if said.own_clock else said.published_at or row.delivered_at,
        minutes=said.minutes,
        required=said.ask_acknowledge,
        pinned=said.pinned_at is not None,
        deadline=said.deadline,
        version=said.version,
        displayed_at=row.displayed_at,
        opened_at=row.opened_at,
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
        dismissed_at=row.dismissed_at or row.forgotten_at,  # it is no news again because its reading is forgotten
        saved_at=row.saved_at,
        confirmed=counted[0],
        recipients=counted[1],
        groups=tuple(names[group_id] for group_id in said.audience.group_ids if group_id in names),
    )
