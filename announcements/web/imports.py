"""Importing people: upload, match columns, check, import; each step is the same address, which shows how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from announcements.api.client import Answer
from announcements.web.pages import Page, faults, need
from announcements.web.zones import all_zones

STEPS = ("upload", "match", "check", "import")
STEP_OF = {"reading": 0, "unreadable": 0, "matching": 1, "checking": 2, "checked": 2}
# A step that has not moved for so long is said to stand still.
STILL = timedelta(seconds=20)
BUSY = ("reading", "checking", "importing", "undoing")
KINDS = ("new", "updated", "unchanged", "skipped", "missing")
CHOOSABLE = ("address", "no_address", "timezone", "locale", "no_name", "group")
FIELDS = {
    "": gettext_lazy("Leave out"),
    "name": gettext_lazy("Name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "email": gettext_lazy("Email"),
    "title": gettext_lazy("Job title"),
    "location": gettext_lazy("Location"),
    "timezone": gettext_lazy("Time zone"),
    "groups": gettext_lazy("Groups"),
    "locale": gettext_lazy("Language"),
    "role": gettext_lazy("Role"),
    "state": gettext_lazy("State"),
}
SAID = {
    "no_address": gettext_lazy("There is no email address."),
    "address": gettext_lazy("“%(value)s” is not an email address."),
    "twice": gettext_lazy("“%(value)s” stands on several rows, perhaps in another spelling."),
    "no_name": gettext_lazy("There is no name."),
    "long": gettext_lazy("“%(value)s” is longer than 80 characters."),
    "timezone": gettext_lazy("Time zone “%(value)s” is not one we know."),
    "group": gettext_lazy("There is no group “%(value)s” yet."),
    "ruled": gettext_lazy("“%(value)s” is filled by a rule, not by hand."),
    "role": gettext_lazy("The role “%(value)s” cannot be given here."),
    "locale": gettext_lazy("Language “%(value)s” is not one we know, such as en or pt-BR."),
    "deactivated": gettext_lazy("“%(value)s” was deactivated."),
}
USE = {
    "address": gettext_lazy("Use %(proposal)s"),
    "twice": gettext_lazy("Let the last one count, row %(proposal)s"),
    "no_name": gettext_lazy("Use %(proposal)s"),
    "long": gettext_lazy("Shorten it"),
    "group": gettext_lazy("Create the group %(proposal)s"),
    "ruled": gettext_lazy("Leave the group out"),
    "role": gettext_lazy("Leave the role as it is"),
    "locale": gettext_lazy("Leave the language out"),
    "deactivated": gettext_lazy("Let them in again"),
}
ALL = {
    "address": gettext_lazy("Addresses that are mistyped"),
    "no_address": gettext_lazy("No address"),
    "twice": gettext_lazy("An address on several rows"),
    "no_name": gettext_lazy("No name"),
    "long": gettext_lazy("Too long"),
    "timezone": gettext_lazy("Unknown time zones"),
    "group": gettext_lazy("Groups that do not exist yet"),
    "ruled": gettext_lazy("Groups filled by a rule"),
    "role": gettext_lazy("Roles that cannot be given"),
    "locale": gettext_lazy("Unknown languages"),
    "deactivated": gettext_lazy("People who were deactivated"),
}


class Imports(Page):
    """Uploading a list; the imports there were."""

    template = "web/imports.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show where to upload, and earlier imports."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Upload the file that was chosen."""
        file = request.FILES.get("file")
        answer = self.api.upload("imports", (file.name or "") if file else "", file.read() if file else b"")
        if answer.ok:
            return redirect("import", import_id=answer.data["id"])
        return self._show(problems=faults(answer), status=answer.status)

    def _show(self, **more: Any) -> HttpResponse:
        query = {"before": before} if (before := self.request.GET.get("before")) else {}
        found = need(self.api.get("imports", query))
        return self.show(place="people", steps=steps(0), imports=found["results"], next=found["next"], **more)


class Import(Page):
    """One import, at the step it has come to."""

    template = "web/import.html"

    def get(self, request: HttpRequest, import_id: int) -> HttpResponse:
        """Show the step."""
        return self._show(import_id)

    def post(self, request: HttpRequest, import_id: int) -> HttpResponse:
        """Do what the button that was pressed says."""
        answer = self._do(import_id, request.POST)
        if answer is None or answer.ok:
            return redirect("import", import_id=import_id)
        return self._show(import_id, problems=faults(answer), status=answer.status)

    def _do(self, import_id: int, sent: QueryDict) -> Answer | None:
        if "match" in sent:
            return self.api.patch(f"imports/{import_id}", {"columns": sent.getlist("columns")})
        if "decide" in sent:
            row = sent.get("row", "")
            given = {"problem": sent.get("problem", ""), "do": sent["decide"], "value": sent.get("value", "")}
            return self.api.post(
                f"imports/{import_id}/decisions", given | {"row": int(row) if row.isdecimal() else None}
            )
        if "start" in sent:
            chosen = {name: name in sent for name in ("deactivate_missing", "invite_new")}
            return self.api.post(f"imports/{import_id}/start", chosen)
        return self.api.post(f"imports/{import_id}/undo", {}) if "undo" in sent else None

    def _show(self, import_id: int, **more: Any) -> HttpResponse:
        found = need(self.api.get(f"imports/{import_id}"))
        stage, counts = found["stage"], found["counts"]
        matching = stage == "matching" or (stage == "checked" and "columns" in self.request.GET)
        step = 1 if matching else STEP_OF.get(stage, 3)
        context: dict[str, Any] = {
            "stage": "matching" if matching else stage,
            "busy": stage in BUSY,
            "still": timezone.now() - datetime.fromisoformat(found["moved_at"]) > STILL,
            "steps": steps(step),
        }
        if matching:
            context |= {"columns": _columns(found), "fields": [(n, w) for n, w in FIELDS.items() if n != "state"]}
        elif (stage == "checked" or step == 3) and not found["forgotten_at"]:
            context |= self._rows(import_id, counts) | self._problems(found)
        changes = counts["new"] + counts["updated"]
        return self.show(place="people", one=found, changes=changes, **context, **more)

    def _rows(self, import_id: int, counts: Mapping[str, int]) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        kind = kind if kind in KINDS else next((one for one in KINDS if counts[one]), "new")
        after = self.request.GET.get("after", "")
        query = {"kind": kind, "limit": 20} | ({"after": after} if after.lstrip("-").isdecimal() else {})
        found = need(self.api.get(f"imports/{import_id}/rows", query))
        for row in found["results"]:
            row["differs"] = [(FIELDS[name], before, now) for name, (before, now) in row["changes"].items()]
        tabs = [(one, _label(one), counts[one]) for one in KINDS if counts[one]]
        return {"kind": kind, "tabs": tabs, "rows": found["results"], "next": found["next"]}

    def _problems(self, found: Mapping[str, Any]) -> dict[str, Any]:
        if found["stage"] != "checked" or not found["counts"]["problem"]:
            return {}
        import_id = found["id"]
        rows = need(self.api.get(f"imports/{import_id}/rows", {"kind": "problem", "limit": 20}))["results"]
        for row in rows:
            for problem in row["problems"]:
                problem |= {"said": SAID[problem["kind"]] % problem, "use": _use(problem)}
                problem["choose"] = problem["kind"] in CHOOSABLE
        several = [one | {"words": ALL[one["kind"]]} for one in found["problems"] if one["rows"] > 1]
        return {"wrong": rows, "several": several, "zones": all_zones()}


def steps(now: int) -> list[dict[str, Any]]:
    """Return the four steps, each with whether it is done or the one that is shown."""
    names = (_("Upload"), _("Match columns"), _("Check"), _("Import"))
    return [
        {"number": n + 1, "name": name, "done": n < now, "current": n == now} for n, name in enumerate(names)
    ]  # fmt: skip


def _columns(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "field": field, "samples": [cells[n] for cells in found["samples"] if cells[n]]}
        for n, (name, field) in enumerate(zip(found["header"], found["columns"], strict=True))
    ]


def _use(problem: Mapping[str, Any]) -> str:
    """Return what the button of a proposal says; nothing without one."""
    if problem["proposal"] is None:
        return ""
    if problem["kind"] == "timezone":
        if not problem["others"]:
            return _("Use %(proposal)s, the workspace's") % problem
        said = ngettext("Use %(proposal)s, like one other there", "Use %(proposal)s, like %(others)d others there", problem["others"])  # fmt: skip
        return said % problem
    return str(USE[problem["kind"]] % problem)


def _label(kind: str) -> str:
    names = {"new": _("New"), "updated": _("Updated"), "unchanged": _("Unchanged"), "skipped": _("Skipped")}
    return names.get(kind, _("Missing"))
