"""What the list of announcements needs to show times."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

register = template.Library()
SOON = 2


def _ahead(value: str) -> int:
    return (timezone.localdate(datetime.fromisoformat(value)) - timezone.localdate()).days


@register.filter
def day_ahead(value: str) -> str:
    """Return the day of an instant as one would say it: today, tomorrow, Fri 27 Nov."""
    ahead = _ahead(value)
    if 0 <= ahead < SOON:
        return gettext("tomorrow") if ahead else gettext("today")
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "D j M")


@register.filter
def day_of_date(value: str) -> str:
    """Return a day of the calendar: Fri 27 Nov."""
    return date_format(date.fromisoformat(value), "D j M")


@register.filter
def soon(value: str) -> bool:
    """Tell whether an instant is today, tomorrow or the day after."""
    return _ahead(value) <= SOON


@register.filter
def seconds_until(value: str) -> int:
    """Return how many seconds there are until an instant; never less than none."""
    return max(0, round((datetime.fromisoformat(value) - timezone.now()).total_seconds()))
