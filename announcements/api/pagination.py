"""Cursors: where a list goes on. Opaque to the caller, checked on return, valid for ever."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework import serializers

from announcements.api.shapes import MAX_ID, Given
from announcements.kernel import errors

Item = TypeVar("Item")
DEFAULT, MOST = 50, 100


class PageQuery(Given):
    """Which part of a list."""

    cursor = serializers.CharField(max_length=400, required=False, help_text="The `next` of the page before.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=DEFAULT, help_text="Items on a page.")


def page(
    items: Sequence[Item], limit: int, place: Callable[[Item], tuple[str | datetime, int]]
) -> tuple[list[Item], str | None]:
    """Return at most `limit` items, and the cursor of the next page when there are more. Ask the door for one more than `limit`."""
    if len(items) <= limit:
        return list(items), None
    shown = list(items[:limit])
    mark, last = place(shown[-1])
    return shown, pack(mark.isoformat() if isinstance(mark, datetime) else mark, last)


def pack(mark: Any, last: int) -> str:
    """Return the cursor of a place: what the list is sorted by there, as JSON has it, and an id."""
    return base64.urlsafe_b64encode(json.dumps([mark, last]).encode()).decode().rstrip("=")


def after_name(cursor: str | None) -> tuple[str, int] | None:
    """Return where a list by name goes on; raise Invalid for a cursor that we never gave."""
    return None if cursor is None else after(cursor, name)


def before_time(cursor: str | None) -> tuple[datetime, int] | None:
    """Return where a list by time goes on; raise Invalid for a cursor that we never gave."""
    return None if cursor is None else after(cursor, instant)


def after(cursor: str, read: Callable[[Any], Any]) -> tuple[Any, int]:
    """Return the mark, as `read` understands it, and the id that a cursor holds; raise Invalid for one that we never gave."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, last = json.loads(packed)
        return read(mark), _id(last)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise errors.Invalid(
            {"cursor": [_("This is not a cursor of this list. Take `next` from the page before, or leave it out.")]}
        ) from None


def name(mark: Any) -> str:
    """Return a text of a cursor; raise ValueError for what no database holds."""
    if type(mark) is not str or "\0" in mark or mark.encode("utf-8", "ignore").decode() != mark:
        raise ValueError(mark)
    return mark


def _id(last: Any) -> int:
    if type(last) is not int or not 0 <= last <= MAX_ID:
        raise ValueError(last)
    return last


def instant(text: str) -> datetime:
    """Return an instant of a cursor; raise ValueError for one without a zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)
