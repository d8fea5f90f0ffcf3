"""Groups: all of them as they nest, and one with who is in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date

from announcements.api.client import Answer
from announcements.web.pages import Page, faults, need

KINDS = ("function", "division", "location", "project", "other")
WHEN = ("now", "planned", "past")
FOUND = 8


class Groups(Page):
    """All groups, those at the top by kind, with what is part of them."""

    template = "web/groups.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them all, or those whose name contains what is searched for."""
        groups = need(self.api.get("groups", {"closed": "true"}))["results"]
        search = request.GET.get("search", "")[:80]
        now = timezone.now().isoformat()
        closed = [group for group in groups if is_closed(group, now)]
        open_ = [group for group in groups if not is_closed(group, now)]
        found = [group for group in open_ if search.casefold() in group["name"].casefold()]
        return self.show(
            place="groups",
            count=len(open_),
            ruled=sum(group["rule"] is not None for group in open_),
            kinds=[] if search else by_kind(open_),
            found=found,
            search=search,
            closed=closed,
        )


class Group(Page):
    """One group: what it is, who is in it, was or will be; choosing its members."""

    template = "web/group.html"

    def get(self, request: HttpRequest, group_id: int) -> HttpResponse:
        """Show the group with its members of now, or those planned or past."""
        return self._show(group_id)

    def post(self, request: HttpRequest, group_id: int) -> HttpResponse:
        """Add somebody, change their role or end their membership, now or from a day on."""
        answer = self._change(group_id, request.POST)
        if answer is None or answer.ok:
            return redirect("group", group_id=group_id)
        return self._show(group_id, problems=faults(answer), status=answer.status)

    def _change(self, group_id: int, sent: QueryDict) -> Answer | None:
        """Do what the button that was pressed says; None when it was none."""
        at = instant(sent.get("from", ""))
        for name, role in (("member", "member"), ("manager", "manager")):
            if (person_id := sent.get(name, "")).isdecimal():
                given = {"person_id": int(person_id), "role": role, "started_at": at}
                return self.api.post(f"groups/{group_id}/members", given)
        if (person_id := sent.get("end", "")).isdecimal():
            change = {"do": "end", "group_id": group_id, "person_id": int(person_id)}
            return self.api.post("groups/reorganize", {"changes": [change], "at": at})
        return None

    def _show(self, group_id: int, **more: Any) -> HttpResponse:
        group = need(self.api.get(f"groups/{group_id}"))
        groups = need(self.api.get("groups", {"closed": "true"}))["results"]
        now = timezone.now().isoformat()
        closed = is_closed(group, now)
        when = self.request.GET.get("when", "")
        when = when if when in WHEN else "past" if closed else "now"
        query = {"when": when} | ({"cursor": cursor} if (cursor := self.request.GET.get("cursor")) else {})
        members = need(self.api.get(f"groups/{group_id}/members", query))
        return self.show(
            place="groups",
            group=group,
            closed=closed,
            above=above(group, groups),
            below=[one for one in groups if one["parent_id"] == group_id and not is_closed(one, now)],
            placements=_named(group["placements"], groups),
            whens=WHEN,
            when=when,
            members=members,
            sent_from=self.request.POST.get("from", ""),
            **self._found(group, members if when == "now" else None),
            **more,
        )

    def _found(self, group: Mapping[str, Any], members: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return whom a search found to be added, and what each is in the group already."""
        search = self.request.GET.get("find", "").strip()[:120]
        if not search or not group["manages"]:
            return {"find": "", "people": []}
        people = need(self.api.get("people", {"search": search, "limit": FOUND}))["results"]
        there = {one["person"]["id"]: one["role"] for one in members["results"]} if members else {}
        chosen = [person | {"here": there.get(person["id"])} for person in people if person["state"] != "deactivated"]
        return {"find": search, "people": chosen}


def is_closed(group: Mapping[str, Any], now: str) -> bool:
    """Tell whether a group of the API is closed by now (both instants in UTC)."""
    return bool(group["ended_at"]) and datetime.fromisoformat(group["ended_at"]) <= datetime.fromisoformat(now)


def by_kind(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the kinds that there are, each with its groups at the top, each of those with `children` and so on."""
    children: dict[int | None, list[dict[str, Any]]] = {}
    for group in groups:
        children.setdefault(group["parent_id"], []).append(group)
    for group in groups:
        group["children"] = children.get(group["id"], [])
    return [
        {"name": kind, "groups": tops}
        for kind in KINDS
        if (tops := [group for group in children.get(None, []) if group["kind"] == kind])
    ]


def above(group: Mapping[str, Any], groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what a group is part of, the topmost first."""
    known = {one["id"]: one for one in groups}
    chain: list[dict[str, Any]] = []
    here = known.get(group["parent_id"])
    while here and here not in chain:
        chain.append(here)
        here = known.get(here["parent_id"])
    return chain[::-1]


def below(group_id: int, groups: list[dict[str, Any]]) -> set[int]:
    """Return the ids of a group and of all that is part of it."""
    found = {group_id}
    while more := {one["id"] for one in groups if one["parent_id"] in found} - found:
        found |= more
    return found


def instant(day: str) -> str | None:
    """Return the beginning of a day on the reader's clock; None, which is now, for today or none. What is no day goes on as it is."""
    try:
        parsed = parse_date(day)
    except ValueError:
        parsed = None
    if parsed is None:
        return day or None
    if parsed == timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(parsed, time())).isoformat()


def _named(placements: list[dict[str, Any]], groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {group["id"]: group["name"] for group in groups}
    return [one | {"name": names.get(one["parent_id"], "")} for one in placements]
