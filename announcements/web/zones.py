"""The time zones that pages offer."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def all_zones() -> list[str]:
    """Return all time zones, by name."""
    # Pages know no kernel, so this asks the machine once more, once.
    return sorted(available_timezones())


@cache
def zones() -> list[str]:
    """Return the zones that are named after places, by name."""
    return [zone for zone in all_zones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))]
