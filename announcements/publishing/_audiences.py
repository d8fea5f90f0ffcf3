"""Audiences as they are stored: JSON of ids and values, each once, in order. What older rows do not say is empty."""

from __future__ import annotations

from typing import Any

from announcements.people import services as people


def as_stored(audience: people.Audience) -> dict[str, Any]:
    """Return an audience as it is stored."""
    return {"everyone": audience.everyone} | _parts(audience) | {"except": _parts(audience.except_)}


def as_audience(stored: dict[str, Any]) -> people.Audience:
    """Return an audience as it was stored."""
    left_out = people.Except(**_read(stored.get("except") or {}))
    return people.Audience(everyone=bool(stored.get("everyone")), **_read(stored), except_=left_out)


def stored_audience(*, audience: people.Audience) -> dict[str, Any]:
    """Return an audience as JSON, for a capability that keeps one."""
    return as_stored(audience)


def audience_of(*, stored: dict[str, Any]) -> people.Audience:
    """Return an audience that was kept as JSON."""
    return as_audience(stored)


def _parts(chosen: people.Audience | people.Except) -> dict[str, Any]:
    attributes = sorted({(one.field, one.value) for one in chosen.attributes})
    return {
        "group_ids": sorted(set(chosen.group_ids)),
        "person_ids": sorted(set(chosen.person_ids)),
        "attributes": [{"field": field, "value": value} for field, value in attributes],
    }


def _read(stored: dict[str, Any]) -> dict[str, Any]:
    return {
        "group_ids": tuple(stored.get("group_ids") or ()),
        "person_ids": tuple(stored.get("person_ids") or ()),
        "attributes": tuple(people.Attribute(**one) for one in stored.get("attributes") or ()),
    }
