"""The first run: five steps from an empty workspace to the first announcement. Left at any time, it goes on where it stopped."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from announcements.web import mail_server, tab_settings
from announcements.web.pages import Page, faults, need
from announcements.web.zones import zones

STEPS = ("organization", "mail", "people", "tab", "announcement")


class Setup(Page):
    """The way in: on to the first step that is open."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go on where it stopped; with everything answered, show the first step again."""
        found = need(self.api.get("setup"))
        return redirect("setup_step", step=found["current"] or STEPS[0])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open it again, from settings."""
        need(self.api.patch("setup", {"closed": False}))
        return redirect("setup_step", step=STEPS[0])


class Step(Page):
    """One step. Each has a method that saves what it asks and returns what to show when it could not."""

    template = "web/setup.html"

    def get(self, request: HttpRequest, step: str) -> HttpResponse:
        """Show the step."""
        return self._show(step, self._asked(step))

    def post(self, request: HttpRequest, step: str) -> HttpResponse:
        """Skip it, close the whole, or save and go on."""
        if step not in STEPS:
            raise Http404
        match request.POST.get("do"):
            case "close":
                need(self.api.patch("setup", {"closed": True}))
                return redirect("tab")
            case "skip":
                return self._on(step, "skipped")
        shown: dict[str, Any] | HttpResponse | None = getattr(self, f"_save_{step}")(request)
        if isinstance(shown, HttpResponse):
            return shown
        return self._on(step, "done") if shown is None else self._show(step, shown)

    def _on(self, step: str, state: str) -> HttpResponse:
        need(self.api.patch("setup", {"step": step, "state": state}))
        later = STEPS[STEPS.index(step) + 1 :]
        return redirect("setup_step", step=later[0]) if later else redirect("tab")

    def _show(self, step: str, context: dict[str, Any]) -> HttpResponse:
        found = need(self.api.get("setup"))
        states = {one["name"]: one["state"] for one in found["steps"]}
        place = STEPS.index(step)
        more = {"setup": found, "step": step, "number": place + 1, "before": STEPS[place - 1] if place else None}
        more |= {"tab_address": self.request.build_absolute_uri("/tab")}
        more |= {"steps": [{"name": name, "state": states[name], "number": n} for n, name in enumerate(STEPS, 1)]}
        more |= {"later": states["mail"] == "done"}
        answers = {"mail": mail_server.shown(self.api), "people": need(self.api.get("people", {"limit": 100}))}
        return self.show(status=422 if context.get("problems") else 200, answers=answers, **more | context)

    def _asked(self, step: str) -> dict[str, Any]:
        workspace = self.workspace or {}
        match step:
            case "organization":
                return {"form": workspace, "zones": zones()}
            case "mail":
                return mail_server.shown(self.api)
            case "people":
                return {"pasted": ""}
            case "tab":
                return tab_settings.choices() | {"rows": tab_settings.shown(workspace)}
            case "announcement":
                return {"draft": self._words()}
        raise Http404

    # -- what each step saves ----------------------------------------------------------------------------------------

    def _save_organization(self, request: HttpRequest) -> dict[str, Any] | None:
        given = {name: request.POST.get(name, "") for name in ("name", "timezone", "work_starts", "work_ends")}
        answer = self.api.patch("workspace", given)
        if answer.ok:
            return None
        return {"form": (self.workspace or {}) | given, "zones": zones(), "problems": faults(answer)}

    def _save_mail(self, request: HttpRequest) -> dict[str, Any] | None:
        context = mail_server.save(self.api, request.POST)
        stays = context["problems"] or "try" in request.POST.get("do", "")
        return context if stays else None

    def _save_people(self, request: HttpRequest) -> dict[str, Any] | None:
        """Invite each address; show again those that could not be, and why."""
        pasted = request.POST.get("pasted", "")
        if not pasted.strip():
            return None
        answer = self.api.post("invitations/bulk", {"text": pasted})
        if not answer.ok:
            return {"pasted": pasted, "problems": {"pasted": [one for said in faults(answer).values() for one in said]}}
        refused = [line for line in answer.data["results"] if line["answer"] == "problem"]
        if not refused:
            return None
        said = [
            _("Not invited: %(email)s: %(why)s") % {"email": one["email"], "why": one["problem"]} for one in refused
        ]
        again = "\n".join(one["email"] for one in refused)
        return {"pasted": again, "invited": answer.data["invited"], "problems": {"pasted": said}}

    def _save_tab(self, request: HttpRequest) -> dict[str, Any] | None:
        rows = tab_settings.as_rows(request.POST)
        if tab_settings.arrange(rows, request.POST.get("do", "")):
            return tab_settings.choices() | {"rows": rows, "unsaved": True}
        rows = tab_settings.compact(rows)
        answer = self.api.patch("workspace", rows)
        if answer.ok:
            return None
        shown, problems = tab_settings.refused(rows, answer)
        return tab_settings.choices() | {"rows": shown, "problems": problems}

    def _save_announcement(self, request: HttpRequest) -> dict[str, Any] | HttpResponse:
        """Open the draft in the editor; begun once, it is the same whenever it is opened."""
        begun = need(self.api.get("setup"))["draft_id"]
        if begun is None or not self.api.get(f"announcements/{begun}").ok:
            answer = self.api.post(
                "announcements", self._words() | {"audience": {"everyone": True}, "ask_acknowledge": True}
            )
            if not answer.ok:
                return {"draft": self._words(), "problems": faults(answer)}
            begun = answer.data["id"]
        need(self.api.patch("setup", {"step": "announcement", "state": "done", "draft_id": begun}))
        return redirect("edit", announcement_id=begun)

    def _words(self) -> dict[str, str]:
        """Return the first announcement as it is suggested: its first line is the title, its second the summary."""
        context = {"workspace": self.workspace, "me": self.me}
        title, summary, body = render_to_string("web/_first_announcement.txt", context).strip().split("\n", 2)
        return {"title": title[:120], "summary": summary[:280], "body_markdown": body.strip()}
