"""Choosing a calendar of public holidays: a country, then a region of it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from announcements.api.client import Client
from announcements.web.pages import need

NEXT = 4


def chosen(sent: QueryDict) -> str:
    """Return the code that a form chose; a region counts for the country beside it only."""
    country, region = sent.get("country", ""), sent.get("region", "")
    return region if country and region.startswith(f"{country}-") else country


def shown(api: Client, calendar: str) -> dict[str, Any]:
    """Return what the fields show: all countries, the regions of the one that is chosen, and its next days."""
    countries = need(api.get("calendars"))["results"]
    country = calendar.partition("-")[0]
    ahead = api.get(f"calendars/{calendar}") if calendar else None
    return {
        "countries": countries,
        "country": country,
        "regions": next((one["regions"] for one in countries if one["code"] == country), []),
        "ahead": ahead.data["results"][:NEXT] if ahead and ahead.ok else [],
    }
