"""What the pages of people need to show them."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

register = template.Library()
DAYS_OF_YEAR = 365


@register.filter
def clock(zone: str) -> str:
    """Return the time it is now in an IANA time zone."""
    return timezone.localtime(timezone.now(), ZoneInfo(zone)).strftime("%H:%M")


@register.filter
def on_day(value: str | None) -> str:
    """Return a day (ISO 8601) as one would say it: today, yesterday, 3 Nov, 3 Nov 2025; never."""
    if not value:
        return gettext("never")
    there = date.fromisoformat(value)
    ago = (timezone.localdate() - there).days
    if ago <= 1:
        return gettext("yesterday") if ago == 1 else gettext("today")
    return date_format(there, "j M" if ago < DAYS_OF_YEAR else "j M Y")


@register.filter
def chosen(group: dict[str, Any], asked: dict[str, str]) -> bool:
    """Tell whether this is the group that the list is of."""
    return str(group["id"]) == asked.get("group_id", "")


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """Return what a mapping holds for a key; None when it holds nothing."""
    return mapping.get(key)
