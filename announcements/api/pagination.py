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
    packed = json.dumps([mark.isoformat() if isinstance(mark, datetime) else mark, last])
    return shown, base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def after_name(cursor: str | None) -> tuple[str, int] | None:
    """Return where a list by name goes on; raise Invalid for a cursor that we never gave."""
    return None if cursor is None else _unpack(cursor, _name)


def before_time(cursor: str | None) -> tuple[datetime, int] | None:
    """Return where a list by time goes on; raise Invalid for a cursor that we never gave."""
    return None if cursor is None else _unpack(cursor, _instant)


def _unpack(cursor: str, read: Callable[[Any], Any]) -> tuple[Any, int]:
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mark, last = json.loads(packed)
        return read(mark), _id(last)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise errors.Invalid(
            {"cursor": [_("This is not a cursor of this list. Take `next` from the page before, or leave it out.")]}
        ) from None


def _name(mark: Any) -> str:
    if type(mark) is not str or "\0" in mark or mark.encode("utf-8", "ignore").decode() != mark:
        raise ValueError(mark)
    return mark


def _id(last: Any) -> int:
    if type(last) is not int or not 0 <= last <= MAX_ID:
        raise ValueError(last)
    return last


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)
