"""Where delivery keeps what it can make again: Redis, which may be empty or away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import redis
from django.conf import settings

_BEGINNING, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@cache
def store() -> redis.Redis:
    """Return the connection."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def number(at: datetime) -> int:
    """Return a time as it is kept: microseconds, exactly."""
    return (at - _BEGINNING) // _MICROSECOND


def moment(kept: int) -> datetime:
    """Return the time that a number stands for."""
    return _BEGINNING + timedelta(microseconds=kept)
