"""How many have confirmed, of how many: counted once for all readers of an announcement, and kept while that stays true."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import cast

import redis
from django.db import transaction
from django.db.models import Count

from announcements.delivery import models
from announcements.delivery._kept import store

# Whoever counts while a confirmation commits may keep the older number for so long, or up to twice as long: what was counted
# together is not counted again all at once.
KEEP_SECONDS = 30


def counts(announcement_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many confirmed and how many recipients there are, by announcement; in one query at most."""
    try:
        kept = cast("list[bytes | None]", store().mget([_name(id) for id in announcement_ids]))
    except redis.RedisError:
        return _count(announcement_ids)
    found = {
        id: (int(both.partition(b"/")[0]), int(both.partition(b"/")[2]))
        for id, both in zip(announcement_ids, kept, strict=True)
        if both
    }
    if missing := [id for id in announcement_ids if id not in found]:
        counted = _count(missing)
        pipe = store().pipeline(transaction=False)
        for id, (confirmed, recipients) in counted.items():
            pipe.set(_name(id), f"{confirmed}/{recipients}", ex=KEEP_SECONDS + secrets.randbelow(KEEP_SECONDS))
        with suppress(redis.RedisError):  # it was here a moment ago
            pipe.execute()
        found |= counted
    return found


def _count(announcement_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    rows = models.Delivery.objects.filter(announcement_id__in=announcement_ids).values("announcement_id")
    counted = rows.annotate(all=Count("id"), confirmed=Count("acknowledged_at"))
    return {row["announcement_id"]: (row["confirmed"], row["all"]) for row in counted}


def recount(announcement_ids: Collection[int]) -> None:
    """Count these anew, from when the transaction has committed."""
    names = [_name(id) for id in announcement_ids]
    if names:
        transaction.on_commit(lambda: store().delete(*names), robust=True)


def _name(announcement_id: int) -> str:
    return f"feed:c:{announcement_id}"
