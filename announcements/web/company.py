"""What a company sets for all its people: name, look, hours, privacy, nudges."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web import calendars
from announcements.web.pages import Page, by_field, faults
from announcements.web.zones import zones

NAMES = ("name", "timezone", "work_starts", "work_ends", "privacy")
NUMBERS = ("brand_hue", "retention_days")
STEPS = 3


class CompanyPage(Page):
    """A page of settings for admins and owners."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell members who may do this, before anything is asked."""
        if request.user.is_authenticated and self.me and self.me["role"] == "member":
            raise PermissionDenied(_("Only admins and owners set up the workspace. Ask one of them."))
        return super().dispatch(request, *args, **kwargs)

    @property
    def owns(self) -> bool:
        """Tell whether an owner looks."""
        return bool(self.me and self.me["role"] == "owner")


class Company(CompanyPage):
    """The workspace's settings, and its logo."""

    template = "web/company.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is set."""
        return self._show(self.workspace or {})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save; with a problem, show the form as it was sent."""
        given = self._given(request)
        answer = self._logo(request) or self.api.patch("workspace", given)
        if answer.ok:
            return redirect("company")
        shown = self.workspace or {}
        if "logo" not in request.POST.get("do", ""):
            shown = shown | given
        return self._show(shown, problems=by_field(faults(answer)), status=answer.status)

    def _logo(self, request: HttpRequest) -> Answer | None:
        match request.POST.get("do"):
            case "remove_logo":
                return self.api.delete("workspace/logo")
            case "logo":
                file = request.FILES.get("logo")
                content = file.read() if file else b""
                return self.api.put_file("workspace/logo", content, "application/octet-stream")
        return None

    def _given(self, request: HttpRequest) -> dict[str, Any]:
        sent = request.POST
        given: dict[str, Any] = {name: sent.get(name, "") for name in NAMES}
        given["work_days"] = [int(day) for day in sent.getlist("work_days") if day.isdecimal()]
        given["nudge_hours"] = [_number(step) for step in sent.getlist("nudge_hours") if step.strip()]
        given["calendar"] = calendars.chosen(sent)
        given["sign_in_to_acknowledge"] = "sign_in_to_acknowledge" in sent
        return given | {name: _number(sent.get(name, "")) for name in NUMBERS}

    def _show(self, form: dict[str, Any], **more: Any) -> HttpResponse:
        hours = [f"{step:g}" if isinstance(step, float | int) else step for step in form.get("nudge_hours", [])]
        steps = [*hours, *[""] * STEPS][:STEPS]
        return self.show(
            place="settings",
            section="company",
            form=form,
            steps=steps,
            zones=zones(),
            week=range(7),
            owns=self.owns,
            holidays=calendars.shown(self.api, form.get("calendar", "")),
            **more,
        )


def brand(request: HttpRequest, hue: int) -> HttpResponse:
    """Answer the two lines that give a page its company's hue. It is the same for whoever asks, for ever."""
    if hue not in range(360):
        return HttpResponse(status=404)
    lines = f"@layer tokens {{\n:root {{ --brand-h: {hue}; }} }}\n"
    return HttpResponse(
        lines, content_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def _number(sent: str) -> Any:
    """Return a sent number; what is none goes on as it is, to be refused."""
    try:
        number = float(sent)
    except ValueError:
        return sent
    return int(number) if number.is_integer() else number
