"""Django's Redis cache with one client instead of a new one at each call, and one that may be away."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient

log = logging.getLogger(__name__)
# What this process could not write or forget while Redis was away: forgotten before anything is read again.
_owed: set[Any] = set()


class _Client(RedisCacheClient):
    """A new client for each call cost four times the call itself."""

    @cached_property
    def _only(self) -> Any:
        return super().get_client(write=True)  # the first server

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._only

    def get(self, key: Any, default: Any) -> Any:
        """Return what is kept; `default` when Redis is away."""
        try:
            self._forget()
            return super().get(key, default)
        except redis.RedisError as problem:
            log.warning("Redis is away, nothing is known and no rate is limited: %s", problem)
            return default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> None:
        """Keep something, if Redis is there."""
        try:
            super().set(key, value, timeout)
            _owed.discard(key)
        except redis.RedisError:
            _owed.add(key)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Keep something that is not kept yet; without Redis it never is."""
        try:
            return bool(super().add(key, value, timeout))
        except redis.RedisError:
            return True

    def has_key(self, key: Any) -> bool:
        """Tell whether something is kept; without Redis nothing is."""
        try:
            return bool(super().has_key(key))
        except redis.RedisError:
            return False

    def delete(self, key: Any) -> bool:
        """Forget something, at the latest when Redis is back."""
        _owed.add(key)
        try:
            return self._forget() > 0
        except redis.RedisError:
            return False

    def _forget(self) -> int:
        owed = tuple(_owed)
        many = self._only.delete(*owed) if owed else 0
        _owed.difference_update(owed)
        return int(many)


class RedisCache(DjangoRedisCache):
    """For one server: all keys, reading and writing. Nothing in it is the truth."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
