"""Generations: words in Redis under which things are kept there. Another word begins when what was kept counts no more.

A reader's is a random word, and after it each announcement that has reached them since, with its time: `5a1e…+51@1795637124882157`.
So what was kept under it before need not be asked for anew: what came since is known.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, cast

import redis
from django.db import transaction

from announcements.delivery._kept import moment, number, store

log = logging.getLogger(__name__)

# Who asks for no feed for long has news piling up: past so many bytes another word begins.
LONGEST = 500

# What could not be told while Redis was away; told before anything kept is looked at again.
_owed: set[str] = set()


class News(NamedTuple):
    """What has reached a reader, and when."""

    announcement_id: int
    at: datetime


def of_workspace(workspace_id: int) -> str:
    """Return the name of a workspace's generation: what all its readers are shown."""
    return f"feed:w:{workspace_id}"


def of_reader(person_id: int) -> str:
    """Return the name of a reader's generation: what is their own."""
    return f"feed:g:{person_id}"


def begin(names: Iterable[str]) -> None:
    """Begin these anew once the transaction has committed."""
    known = list(names)
    transaction.on_commit(lambda: settle(known), robust=True)


def tell(announcement_id: int, arriving: Mapping[int, datetime]) -> None:
    """Tell that an announcement has reached these people, once the transaction has committed."""
    transaction.on_commit(lambda: _tell(announcement_id, arriving), robust=True)


def _tell(announcement_id: int, arriving: Mapping[int, datetime]) -> None:
    names = [of_reader(person_id) for person_id in arriving]
    pipe = store().pipeline(transaction=False)
    for name, at in zip(names, arriving.values(), strict=True):
        pipe.append(name, b"+%d@%d" % (announcement_id, number(at)))
    try:
        lengths = cast("list[int]", pipe.execute())
    except redis.RedisError:
        _owed.update(names)
        raise
    settle(name for name, length in zip(names, lengths, strict=True) if length > LONGEST)


def settle(names: Iterable[str] = ()) -> None:
    """Begin these anew, and those that are owed."""
    owed = {*names, *_owed}
    if not owed:
        return
    _owed.difference_update(owed)  # before it is done: what another thread owes meanwhile is another time
    pipe = store().pipeline(transaction=False)
    for name in owed:
        # Never a word that was there before, also when Redis has been emptied: what was kept under that one is older.
        pipe.set(name, secrets.token_hex(8))
    try:
        pipe.execute()
    except redis.RedisError:
        _owed.update(owed)
        raise


def forget_all() -> None:
    """Forget all that is kept, and every generation, once the transaction has committed: the rows are of another time."""
    transaction.on_commit(_forget_all)


def _forget_all() -> None:
    try:
        for name in store().scan_iter("feed:*", count=1000):
            store().unlink(name)
    except redis.RedisError:
        log.warning("Redis is away: feeds that it keeps may be shown for ten minutes more")


def begun(name: str) -> bytes:
    """Return a generation that is there from now on; Redis had none."""
    store().set(name, secrets.token_hex(8), nx=True)
    return cast(bytes, store().get(name) or b"")


def word(generation: bytes) -> bytes:
    """Return a reader's generation without the news."""
    return generation.partition(b"+")[0]


def since(before: bytes, now: bytes) -> list[News] | None:
    """Return what has reached a reader between two generations, in that order; None when more than that has changed."""
    if not now.startswith(before) or (rest := now[len(before) :])[:1] not in {b"", b"+"}:
        return None
    told = (one.partition(b"@") for one in rest.split(b"+")[1:])
    return [News(int(id), moment(int(at))) for id, _at, at in told]
