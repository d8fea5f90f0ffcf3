"""Receipts read fast: a tab sends hundreds at once, and they are nearly always right."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from announcements.api.shapes import MAX_ID, YEARS
from announcements.delivery import services as delivery

CHANNELS = frozenset(get_args(delivery.Channel))
FACTS = frozenset((*get_args(delivery.Fact), *get_args(delivery.Saving)))
NEEDED = frozenset(("client_id", "announcement_id", "fact", "at", "channel"))
KNOWN = NEEDED | {"version"}


def quick(data: Any, most: int) -> list[delivery.Receipt] | None:
    """Return the receipts of a body that is plainly right; None when the serializer should say what is wrong, if anything."""
    if not isinstance(data, dict) or data.keys() != {"receipts"}:
        return None
    given = data["receipts"]
    if not isinstance(given, list) or not 0 < len(given) <= most:
        return None
    try:
        return [_one(each) for each in given]
    except (TypeError, ValueError, AttributeError):
        return None


def _one(each: dict[str, Any]) -> delivery.Receipt:
    if not NEEDED <= each.keys() <= KNOWN:
        raise ValueError
    at = datetime.fromisoformat(each["at"])
    if at.tzinfo is None or at.year not in YEARS or each["fact"] not in FACTS or each["channel"] not in CHANNELS:
        raise ValueError
    version = each.get("version")
    return delivery.Receipt(
        client_id=UUID(each["client_id"]),
        announcement_id=_whole(each["announcement_id"]),
        fact=each["fact"],
        at=at,
        channel=each["channel"],
        version=None if version is None else _whole(version),
    )


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 < value <= MAX_ID:
        raise ValueError
    return value
