"""Where delivery keeps what it can make again: Redis, which may be empty or away."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings


@cache
def store() -> redis.Redis:
    """Return the connection."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
