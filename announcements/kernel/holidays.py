"""Public holidays: the calendars there are, by country and region, and the days of one in a year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a country with days of its own: DE-BY."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A country's public holidays: DE; `regions` have more."""

    code: str
    name: str
    regions: tuple[Region, ...]


@cache
def _library() -> Any:
    # Most processes never ask, and it is slow to load.
    import holidays

    return holidays


@cache
def calendars() -> tuple[Calendar, ...]:
    """Return the calendars there are, by name."""
    from holidays.registry import COUNTRIES

    found = [_calendar(*names[:2]) for names in COUNTRIES.values()]
    return tuple(sorted(found, key=lambda calendar: calendar.name))


def _calendar(name: str, code: str) -> Calendar:
    kind = getattr(_library(), name)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    named = {region: alias for alias, region in reversed(getattr(kind, "subdivisions_aliases", {}).items())}
    regions = [Region(f"{code}-{region}", named.get(region, region)) for region in kind.subdivisions]
    return Calendar(code, words, tuple(sorted(regions, key=lambda region: region.name)))


def known(code: str) -> bool:
    """Tell whether there is a calendar of this code."""
    country, _dash, region = code.partition("-")
    if not re.fullmatch(r"[A-Z]{2}", country):
        return False
    regions: Mapping[str, Any] = _library().list_supported_countries(include_aliases=False)
    return country in regions and (code == country or region in regions[country])


@lru_cache(maxsize=1024)
def days(code: str, year: int) -> Mapping[date, str]:
    """Return the days of a calendar in a year with what they are called."""
    country, _dash, region = code.partition("-")
    found = _library().country_holidays(country, subdiv=region or None, years=year, language="en_US")
    return dict(found.items())
