"""Choosing an audience: what a form says of it, and what it has to choose from before any script runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from announcements.api.client import Client
from announcements.web.pages import need

_NONE: dict[str, Any] = {"group_ids": [], "person_ids": [], "attributes": []}
NOBODY: dict[str, Any] = {"everyone": False, **_NONE, "except": _NONE}
Choice = dict[str, Any]
MOST_SEARCHED = 120


def as_audience(sent: QueryDict) -> dict[str, Any]:
    """Return what a form says of an audience, in the API's words."""
    return {"everyone": sent.get("everyone") == "on", **_part(sent, ""), "except": _part(sent, "except_")}


def _part(sent: QueryDict, start: str) -> dict[str, Any]:
    packed = [value.partition(":") for value in sent.getlist(f"{start}attribute")]
    return {
        "group_ids": [int(id[:18]) for id in sent.getlist(f"{start}group") if id.isdecimal()],
        "person_ids": [int(id[:18]) for id in sent.getlist(f"{start}person") if id.isdecimal()],
        "attributes": [{"field": field, "value": value} for field, _colon, value in packed],
    }


def choices(api: Client, audience: dict[str, Any], me: dict[str, Any]) -> list[Choice]:
    """Return what the form offers as boxes to tick: everyone, groups, the most common attributes, and whoever is chosen already.

    Each may be left out; `choosable` is what may be chosen too.
    """
    admin = me.get("role") != "member"
    offered = api.get("audience/options", {"excepting": "true", "limit": 50})
    found = [*_groups(api), *_attributes(api, offered.data["results"] if offered.ok else [], audience, admin)]
    found += _people(api, audience)
    for one in found:
        one["chosen"] = one["value"] in _values(audience, one["name"])
        one["excepted"] = one["value"] in _values(audience["except"], one["name"])
        one["choosable"] = one["choosable"] or one["chosen"]
    everyone = {"name": "everyone", "value": "on", "label": _("Everyone"), "people": None, "choosable": True}
    return [everyone | {"chosen": audience["everyone"]}, *found] if admin or audience["everyone"] else found


def _values(part: dict[str, Any], name: str) -> set[str]:
    if name == "attribute":
        return {_packed(one) for one in part["attributes"]}
    return {str(id) for id in part[f"{name}_ids"]}


def _packed(one: dict[str, Any]) -> str:
    return f"{one['field']}:{one['value']}"


def _groups(api: Client) -> Iterator[Choice]:
    for group in need(api.get("groups"))["results"]:
        told = {"label": group["name"], "people": group["people"], "choosable": group["manages"]}
        yield {"name": "group", "value": str(group["id"])} | told


def _attributes(api: Client, offered: list[dict[str, Any]], audience: dict[str, Any], admin: bool) -> Iterator[Choice]:
    common = {_packed(one): one for one in offered if one["type"] == "attribute"}
    chosen = {_packed(one): one for one in [*audience["attributes"], *audience["except"]["attributes"]]}
    rare = {value: _found(api, one) for value, one in chosen.items() if value not in common}
    for value in dict.fromkeys([*chosen, *common]):
        one = (common | rare)[value]
        told = {"label": one["label"], "people": one["people"], "choosable": admin}
        yield {"name": "attribute", "value": value} | told


def _found(api: Client, chosen: dict[str, Any]) -> dict[str, Any]:
    """Return what is chosen as the API offers it; where it has that for nobody any more, for no people."""
    answer = api.get("audience/options", {"search": chosen["value"][:MOST_SEARCHED], "excepting": "true", "limit": 50})
    for one in answer.data["results"] if answer.ok else ():
        if one["field"] == chosen["field"] and one["value"].casefold() == chosen["value"].casefold():
            return dict(one)
    return {"label": chosen.get("label", chosen["value"]), "people": 0 if answer.ok else None}


def _people(api: Client, audience: dict[str, Any]) -> Iterator[Choice]:
    for id in dict.fromkeys([*audience["person_ids"], *audience["except"]["person_ids"]]):
        name = need(api.get(f"people/{id}"))["name"]
        yield {"name": "person", "value": str(id), "label": name, "people": None, "choosable": False}
