"""What templates need to show the API's answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

register = template.Library()
TINTS = 6
DAYS_OF_WEEK = 7


@register.filter
def instant(value: str | None) -> datetime | None:
    """Return an instant of the API (ISO 8601) as a time that `date` shows on the reader's clock."""
    return datetime.fromisoformat(value) if value else None


@register.filter
def as_day(value: str) -> date:
    """Return a day of the API (ISO 8601)."""
    return date.fromisoformat(value)


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


@register.filter
def many(number: float | None) -> str:
    """Return a number as one reads it, its thousands apart: 1,234; nothing where there is none."""
    return "" if number is None else number_format(number, force_grouping=True)


@register.filter
def on_date(value: str) -> str:
    """Return a day of the API (ISO 8601) in full: Monday 16 November."""
    return date_format(date.fromisoformat(value), "l j F")


@register.filter
def day(value: str) -> str:
    """Return the day something happened as one would say it: today, yesterday, Monday, 3 Nov."""
    ago = (timezone.localdate() - timezone.localdate(datetime.fromisoformat(value))).days
    if ago <= 1:
        return gettext("yesterday") if ago == 1 else gettext("today")
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "l" if ago < DAYS_OF_WEEK else "j M")


@register.filter
def due(value: str) -> str:
    """Return when something is due, as one would say it: today, 17:00; Thursday, 17:00; 27 Nov, 17:00."""
    at = timezone.localtime(datetime.fromisoformat(value))
    ahead = (at.date() - timezone.localdate()).days
    name = gettext("today") if ahead == 0 else date_format(at, "l" if 0 < ahead < DAYS_OF_WEEK else "j M")
    return f"{name}, {date_format(at, 'H:i')}"


@register.filter
def confirmed(value: str) -> str:
    """Return that its reader confirmed it and when, with the day where that is another one."""
    at = timezone.localtime(datetime.fromisoformat(value))
    said = {"day": day(value), "time": date_format(at, "H:i")}
    if at.date() == timezone.localdate():
        return gettext("you confirmed at %(time)s") % said
    return gettext("you confirmed %(day)s at %(time)s") % said


@register.filter
def after(value: str, other: str | None) -> bool:
    """Tell whether an instant comes after another; none comes after one that there is not."""
    return bool(other) and datetime.fromisoformat(value) > datetime.fromisoformat(other or "")


@register.filter
def overdue(value: str) -> bool:
    """Tell whether an instant has passed."""
    return datetime.fromisoformat(value) < timezone.now()


@register.filter
def first_name(name: str) -> str:
    """Return what one is called by: the first word of a name."""
    return name.split()[0] if name.split() else ""


@register.filter
def minutes_ago(value: str) -> float:
    """Return how many minutes ago an instant was."""
    return (timezone.now() - datetime.fromisoformat(value)).total_seconds() / 60


@register.filter
def minus(whole: int, part: int) -> int:
    """Return what is left."""
    return whole - part


@register.filter
def city(timezone_name: str) -> str:
    """Return the city an IANA time zone is named after."""
    return timezone_name.rpartition("/")[2].replace("_", " ")


@register.filter
def there(timezone_name: str) -> datetime:
    """Return the time now in a zone."""
    return timezone.now().astimezone(ZoneInfo(timezone_name))


@register.filter
def state_there(clock: dict[str, Any]) -> str:
    """Return whether a place is at work, and until when that holds, on its own clock."""
    zone = ZoneInfo(clock["timezone"])
    change = datetime.fromisoformat(clock["changes_at"]).astimezone(zone)
    time = f"{change:%H:%M}"
    if clock["working"]:
        return gettext("at work until %(time)s") % {"time": time}
    if change.date() == timezone.now().astimezone(zone).date():
        return gettext("starts at %(time)s") % {"time": time}
    return gettext("starts %(day)s at %(time)s") % {"day": WEEKDAYS[change.weekday()], "time": time}


@register.filter
def minutes_of(clock: str | datetime) -> int:
    """Return the minutes since midnight of a time of day, for the drawing of a day."""
    time = clock if isinstance(clock, datetime) else datetime.strptime(clock, "%H:%M")  # noqa: DTZ007  a time of day
    return time.hour * 60 + time.minute


@register.filter
def unlocal(number: float) -> str:
    """Return a number as drawings want it, whatever the language."""
    return f"{number:g}"


@register.filter
def weekday(number: int) -> str:
    """Return the short name of a day of the week, 0 being Monday."""
    return str(WEEKDAYS_ABBR[number])


@register.filter
def weekdays(numbers: list[int]) -> str:
    """Return the short names of some days of the week."""
    return ", ".join(weekday(number) for number in numbers)


@register.filter
def hours(steps: list[float]) -> str:
    """Return numbers of hours as one would say them: 24, 48, 72."""
    return ", ".join(f"{step:g}" for step in steps)


@register.filter
def said(problems: dict[str, list[str]], fields: str) -> list[str]:
    """Return what is wrong with any of some fields, named with spaces between."""
    return [one for field in fields.split() for one in problems.get(field, [])]
