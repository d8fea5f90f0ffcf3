"""The people of the company: the list with its filters and sorts, many changed at once, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web.groups import by_kind
from announcements.web.pages import Page, faults, need
from announcements.web.security import again

ASKED = ("search", "role", "state", "group_id", "timezone", "location", "not_seen_since", "sort", "order")
FILTERS = ("role", "state", "timezone", "location", "not_seen_since")
SIZE = 50
# What each column is sorted by, and which way first.
SORTS = {"name": "asc", "role": "asc", "joined": "desc", "last_seen_on": "desc"}


class People(Page):
    """Everybody, or those asked for."""

    template = "web/people.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do with those chosen what the button that was pressed says; deactivation is asked about first."""
        do = request.POST.get("do", "")
        ids = _ids(request.POST.getlist("person"))
        if do == "ask_deactivate" and ids:
            return self._show(asking=ids)
        given = self._given(do, ids)
        if given is None:
            return redirect(request.get_full_path())
        managers = _ids(request.POST.getlist("manager"))
        if managers:
            # What is undone gives those who managed the group their role back.
            again = {**given, "person_ids": managers, "group_role": "manager"}
            answer = self.api.post("people/bulk", again)
        if ids or not managers:
            answer = self.api.post("people/bulk", given)
        if not answer.ok:
            return self._show(problems=faults(answer), status=answer.status)
        return self._show(result=_result(given, answer))

    def _given(self, do: str, ids: list[int]) -> dict[str, Any] | None:
        """Return what the button asks of the API; None when it was none of ours."""
        chosen = self.request.POST.get("group", "")
        group = {"group_id": int(chosen)} if chosen.isdecimal() else {}
        more: dict[str, dict[str, Any]] = {
            "add_to_group": group,
            "remove_from_group": group,
            "change_role": {"role": self.request.POST.get("role", "")},
            "deactivate": {},
            "reactivate": {},
        }
        return {"person_ids": ids, "action": do} | more[do] if do in more else None

    def _show(self, **more: Any) -> HttpResponse:
        asked = {name: value for name in ASKED if (value := self.request.GET.get(name, "").strip())}
        found = self._list(asked)
        if not found.ok:
            asked, more = {}, {"problems": faults(found), "status": found.status} | more
            found = self.api.get("people", {"limit": SIZE})
        page = need(found)
        groups = need(self.api.get("groups"))["results"]
        counts = need(self.api.get("people/counts"))
        return self.show(
            place="people",
            section="people",
            found=page,
            counts=counts,
            heads={one["id"]: one["people"] for one in counts["groups"]},
            kinds=by_kind(groups),
            group=next((one for one in groups if str(one["id"]) == asked.get("group_id")), None),
            staffed=_staffed(groups),
            admin=self.me is not None and self.me["role"] != "member",
            asked=asked,
            filtered=sum(name in asked for name in FILTERS),
            columns=_columns(asked),
            **_pages(asked, page, self.request.GET.get("from", "")),
            **more,
        )

    def _list(self, asked: Mapping[str, str]) -> Answer:
        query = {**asked, "limit": SIZE} | ({"sub_groups": "true"} if "group_id" in asked else {})
        if cursor := self.request.GET.get("cursor"):
            query["cursor"] = cursor
        return self.api.get("people", query)


class Person(Page):
    """One of them, and what may be changed about them."""

    template = "web/person.html"

    def get(self, request: HttpRequest, person_id: int) -> HttpResponse:
        """Show them."""
        return self._show(person_id)

    def post(self, request: HttpRequest, person_id: int) -> HttpResponse:
        """Change what the button that was pressed says."""
        do = request.POST.get("do", "")
        answer = self._change(do, person_id)
        if answer is None or answer.ok:
            if do == "factor":
                messages.success(request, _("Their second factor is taken away, and they are signed out everywhere."))
            return redirect("person", person_id=person_id)
        need_found(answer)
        if answer.data["code"] == "sign_in_not_fresh":
            return redirect(again(self.api, request.path))
        return self._show(person_id, problems=faults(answer), status=answer.status)

    def _change(self, do: str, person_id: int) -> Answer | None:
        sent = self.request.POST
        group = sent.get("group", "")
        if do == "edit":
            fields = {name: sent.get(name, "") for name in ("name", "title", "location", "timezone")}
            return self.api.patch(f"people/{person_id}", fields)
        if do == "role":
            return self.api.post(f"people/{person_id}/role", {"role": sent.get("role", "")})
        if do == "add" and group.isdecimal():
            return self.api.post(f"groups/{int(group)}/members", {"person_id": person_id})
        if do == "leave" and group.isdecimal():
            return self.api.delete(f"groups/{int(group)}/members/{person_id}")
        if do == "deactivate":
            return self.api.post(f"people/{person_id}/deactivate", {})
        if do == "reactivate":
            return self.api.post(f"people/{person_id}/reactivate", {})
        if do == "factor":
            return self.api.delete(f"people/{person_id}/second-factors")
        return None

    def _show(self, person_id: int, **more: Any) -> HttpResponse:
        person = need(self.api.get(f"people/{person_id}"))
        groups = need(self.api.get("groups"))["results"]
        staffed = _staffed(groups)
        theirs = {one["id"] for one in person["groups"]}
        return self.show(
            place="people",
            person=person,
            staffed=[one for one in staffed if one["id"] not in theirs],
            mine={one["id"]: True for one in staffed},
            admin=self.me is not None and self.me["role"] != "member",
            **more,
        )


def need_found(answer: Answer) -> None:
    """Raise what shows that there is nobody, or nothing, of this id."""
    if answer.status == 404:
        need(answer)


def _ids(sent: list[str]) -> list[int]:
    return [int(id) for id in sent if id.isdecimal()]


def _staffed(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the groups whose members the reader may choose by hand."""
    return [group for group in groups if group["manages"] and not group["rule"]]


def _result(given: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    """Return what was done, to whom it was refused and why, and what undoes it."""
    done = [one for one in answer.data["results"] if one["done"]]
    undo = {"add_to_group": "remove_from_group", "remove_from_group": "add_to_group"}.get(given["action"])
    return {
        "action": given["action"],
        "done": len(done),
        "refused": [one["why"] for one in answer.data["results"] if not one["done"]],
        "undo": undo if done else None,
        "group_id": given.get("group_id"),
        "people": [one["person_id"] for one in done if one["was"] != "manager"],
        "managers": [one["person_id"] for one in done if one["was"] == "manager"],
    }


def _columns(asked: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return, for each sort, where its heading leads and how the list is sorted by it now."""
    rest = {name: value for name, value in asked.items() if name not in {"sort", "order"}}
    by, way = asked.get("sort", "name"), asked.get("order", "asc")
    found = {}
    for sort, first in SORTS.items():
        turned = "desc" if way == "asc" else "asc"
        leads = urlencode(rest | {"sort": sort, "order": turned if sort == by else first})
        found[sort] = {"leads": leads, "aria": ("descending" if way == "desc" else "ascending") if sort == by else ""}
    return found


def _pages(asked: Mapping[str, str], page: Mapping[str, Any], given: str) -> dict[str, Any]:
    """Return which part of the list this is, and where the parts beside it are."""
    many = len(page["results"])
    first = max(1, int(given)) if given.isdecimal() and page["previous"] else 1
    beside = {"next": first + many, "previous": max(1, first - SIZE)}
    links = {
        f"{way}_page": urlencode({**asked, "cursor": page[way], "from": start}) if page[way] else ""
        for way, start in beside.items()
    }
    return {"first": min(first, many and first), "last": min(first + many - 1, page["total"]), **links}
