"""Making a group, and changing what it is: name, place, rule, end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from announcements.api.client import Answer
from announcements.web import calendars
from announcements.web.groups import KINDS, below, instant, is_closed
from announcements.web.pages import Page, faults, need

FIELDS = ("location", "title", "timezone", "locale", "role")
TESTS = ("is", "contains", "starts_with")
MOST_CONDITIONS = 10
BLANK = {"field": "location", "test": "is", "value": ""}
EMPTY: dict[str, Any] = {
    "name": "", "kind": "function", "description": "", "parent_id": None, "rule": None, "calendar": "",
}  # fmt: skip


class _Form(Page):
    """What new and edit share."""

    template = "web/group_form.html"

    def _show(self, form: dict[str, Any], **more: Any) -> HttpResponse:
        groups = need(self.api.get("groups", {"closed": "true"}))["results"]
        if self.me and self.me["role"] == "member":
            need(
                self.api.post("groups/preview", {"rule": {"conditions": [BLANK | {"value": "-"}]}})
            )  # refuses, in the API's words
        group = more.get("group")
        inside = below(group["id"], groups) if group else set()
        now = timezone.now().isoformat()
        rule = form["rule"]
        rows = [*(rule["conditions"] if rule else []), *[BLANK] * more.pop("blank", 1)]
        return self.show(
            place="groups",
            form=form,
            rows=rows[:MOST_CONDITIONS],
            parents=[one for one in groups if one["id"] not in inside and not one["ended_at"]],
            has_below=bool(inside - {group["id"]}) if group else False,
            closed=is_closed(group, now) if group else False,
            kinds=KINDS,
            fields=FIELDS,
            tests=TESTS,
            holidays=calendars.shown(self.api, form["calendar"]),
            **more,
        )

    def _preview(self, form: dict[str, Any], **more: Any) -> HttpResponse:
        """Show the form as it was sent, with whom the rule would match, or with one more line for a condition."""
        if self.request.POST.get("do") == "more":
            return self._show(form, blank=2, **more)
        answer = self.api.post(
            "groups/preview", {"rule": form["rule"], "group_id": (more.get("group") or {}).get("id")}
        )
        if answer.ok:
            return self._show(form, preview=answer.data, **more)
        return self._show(form, problems=faults(answer), status=answer.status, **more)


class New(_Form):
    """A new group."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return self._show(EMPTY)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the group, or show what its rule would do."""
        form = as_given(request.POST)
        if request.POST.get("do") in ("more", "preview"):
            return self._preview(form)
        answer = self.api.post("groups", form)
        if answer.ok:
            return redirect("group", group_id=answer.data["id"])
        return self._show(form, problems=faults(answer), status=answer.status)


class Edit(_Form):
    """What a group is, where it hangs, and its end."""

    def get(self, request: HttpRequest, group_id: int) -> HttpResponse:
        """Show the form filled in."""
        group = need(self.api.get(f"groups/{group_id}"))
        return self._show(group, group=group)

    def post(self, request: HttpRequest, group_id: int) -> HttpResponse:
        """Save, move, close or keep the group, or show what its rule would do."""
        group = need(self.api.get(f"groups/{group_id}"))
        do = request.POST.get("do")
        form = as_given(request.POST) if do not in ("move", "close", "keep") else dict(group)
        if do in ("more", "preview"):
            return self._preview(form, group=group)
        answer = self._save(group_id, form, request.POST)
        if answer.ok:
            return redirect("group", group_id=group_id)
        return self._show(form, group=group, problems=_flat(faults(answer)), status=answer.status, sent=request.POST)

    def _save(self, group_id: int, form: dict[str, Any], sent: QueryDict) -> Answer:
        match sent.get("do"):
            case "move":
                change = {"do": "move", "group_id": group_id, "parent_id": _id(sent.get("parent_id", ""))}
                return self.api.post("groups/reorganize", {"changes": [change], "at": instant(sent.get("move_at", ""))})
            case "keep":
                return self.api.delete(f"groups/{group_id}/close")
            case "close":
                return self.api.post(f"groups/{group_id}/close", {"at": instant(sent.get("close_at", ""))})
        return self.api.patch(
            f"groups/{group_id}", {name: value for name, value in form.items() if name != "parent_id"}
        )


def as_given(sent: QueryDict) -> dict[str, Any]:
    """Return a sent form in the API's words; lines of the rule without a value are left out."""
    lines = zip(sent.getlist("field"), sent.getlist("test"), sent.getlist("value"), strict=False)
    conditions = [{"field": f, "test": t, "value": v.strip()} for f, t, v in lines if v.strip()]
    by_rule = sent.get("filled") == "rule"
    return {
        "name": sent.get("name", ""),
        "kind": sent.get("kind", ""),
        "description": sent.get("description", ""),
        "calendar": calendars.chosen(sent),
        "parent_id": _id(sent.get("parent_id", "")),
        "rule": {"match": sent.get("match", "all"), "conditions": conditions} if by_rule else None,
    }


def _id(sent: str) -> int | None:
    return int(sent) if sent.isdecimal() else None


def _flat(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the problems of a single change under the names of the form's fields."""
    return {name.removeprefix("changes.0."): said for name, said in problems.items()}
