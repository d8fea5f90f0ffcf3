"""Bringing announcements in: a file or an address, a check, the import; each step is the same address, which shows how far it has come."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web.audience import NOBODY, choices
from announcements.web.imports import STILL
from announcements.web.pages import Page, faults, need

BUSY = ("fetching", "reading", "importing", "undoing")
STEP_OF = {"fetching": 0, "reading": 0, "unreadable": 0, "checked": 1}
KINDS = ("problem", "new", "here")


class Bringing(Page):
    """Giving a file or an address; the imports there were."""

    template = "web/bringing.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show where to give it, and earlier imports."""
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the file that was chosen, or have the address fetched."""
        if "fetch" in request.POST:
            answer = self.api.post("announcement-imports/fetch", {"address": request.POST.get("address", "")})
        else:
            file = request.FILES.get("file")
            name, content = ((file.name or "")[:200], file.file or io.BytesIO()) if file else ("", io.BytesIO())
            answer = self.api.upload("announcement-imports", name, content, "application/octet-stream")
        if answer.ok:
            return redirect("brought", brought_id=answer.data["id"])
        return self._show(problems=faults(answer), status=answer.status, address=request.POST.get("address", ""))

    def _show(self, **more: Any) -> HttpResponse:
        query = {"before": before} if (before := self.request.GET.get("before")) else {}
        found = need(self.api.get("announcement-imports", query))
        return self.show(
            place="settings", section="announcements", steps=steps(0), imports=found["results"], next=found["next"], **more
        )  # fmt: skip


class Brought(Page):
    """One import, at the step it has come to."""

    template = "web/brought.html"

    def get(self, request: HttpRequest, brought_id: int) -> HttpResponse:
        """Show the step."""
        return self._show(brought_id)

    def post(self, request: HttpRequest, brought_id: int) -> HttpResponse:
        """Do what the button that was pressed says."""
        answer = self._do(brought_id, request.POST)
        if answer is None or answer.ok:
            return redirect("brought", brought_id=brought_id)
        return self._show(brought_id, problems=faults(answer), status=answer.status)

    def _do(self, brought_id: int, sent: QueryDict) -> Answer | None:
        if "start" in sent:
            readers = sent.get("readers", "")
            given = {"audience": _readers(readers)} if readers else {}
            return self.api.post(f"announcement-imports/{brought_id}/start", given)
        return self.api.post(f"announcement-imports/{brought_id}/undo", {}) if "undo" in sent else None

    def _show(self, brought_id: int, **more: Any) -> HttpResponse:
        found = need(self.api.get(f"announcement-imports/{brought_id}"))
        stage = found["stage"]
        context: dict[str, Any] = {
            "stage": stage,
            "busy": stage in BUSY,
            "still": timezone.now() - datetime.fromisoformat(found["moved_at"]) > STILL,
            "steps": steps(STEP_OF.get(stage, 2)),
        }
        if stage == "checked":
            offered = choices(self.api, NOBODY, self.me or {})
            context["readers"] = [one for one in offered if one["name"] in {"everyone", "group"}]
        if not context["busy"] and stage != "unreadable":
            # What keeps something out is of interest before, what came in afterwards.
            first = KINDS if stage == "checked" else ("new", "here", "problem")
            context |= self._entries(brought_id, found["counts"], first)
        return self.show(place="settings", section="announcements", one=found, **context, **more)

    def _entries(self, brought_id: int, counts: Mapping[str, int], first: Sequence[str]) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        kind = kind if kind in KINDS else next((one for one in first if counts[one]), "new")
        after = self.request.GET.get("after", "")
        query = {"kind": kind, "limit": 20} | ({"after": after} if after.isdecimal() else {})
        found = need(self.api.get(f"announcement-imports/{brought_id}/entries", query))
        names = {"problem": _("Left out"), "new": _("New"), "here": _("Here already")}
        tabs = [(one, names[one], counts[one]) for one in KINDS if counts[one]]
        return {"kind": kind, "tabs": tabs, "entries": found["results"], "next": found["next"]}


def _readers(value: str) -> dict[str, Any]:
    """Return the audience that the form names: everyone, or a group by its id."""
    if value.isdecimal():
        return {"everyone": False, "group_ids": [int(value[:18])]}
    return {"everyone": value == "on"}


def steps(now: int) -> list[dict[str, Any]]:
    """Return the three steps, each with whether it is done or the one that is shown."""
    names = (_("Choose"), _("Check"), _("Bring in"))
    return [{"number": n + 1, "name": name, "done": n < now, "current": n == now} for n, name in enumerate(names)]
