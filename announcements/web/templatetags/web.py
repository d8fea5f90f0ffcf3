"""What templates need to show the API's answers."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.dateparse import parse_datetime

register = template.Library()
TINTS = 6


@register.filter
def instant(value: str | None) -> datetime | None:
    """Return an instant of the API (ISO 8601) as a time that `date` shows on the reader's clock."""
    return parse_datetime(value) if value else None


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def tint(person_id: int) -> int:
    """Return which of the six colors of initials is a person's."""
    return person_id % TINTS + 1


@register.filter
def percent(part: int, whole: int) -> int:
    """Return a share in whole percent, rounded down so that 100 means all."""
    return part * 100 // whole if whole else 0
