"""When something that an installation lives by was last done. Kept in Redis, where all processes see it: without Redis no queue runs."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.cache import cache


def beat(name: str, *, at: datetime) -> None:
    """Note that it was done."""
    cache.set(f"heart.{name}", at.timestamp(), None)


def last(name: str) -> datetime | None:
    """Return when it was last done; None when it never was, or Redis is away or was emptied."""
    at = cache.get(f"heart.{name}")
    return None if at is None else datetime.fromtimestamp(at, UTC)
