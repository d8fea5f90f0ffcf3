"""What one sets for oneself: name, clock, theme, mail."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from announcements.web.pages import Page, faults, need

NAMES = ("name", "title", "timezone", "work_starts", "work_ends", "theme")


class Settings(Page):
    """My profile, my working time, my mail."""

    template = "web/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is set."""
        return self._show(self.me or {}, need(self.api.get("preferences"))["digest"])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save; with a problem, show the form as it was sent."""
        given: dict[str, Any] = {name: request.POST.get(name, "") for name in NAMES}
        given["work_days"] = [int(day) for day in request.POST.getlist("work_days") if day.isdecimal()]
        saved = self.api.patch("me", given)
        wanted = request.POST.get("digest", "")
        mail = self.api.patch("preferences", {"digest": wanted})
        if saved.ok and mail.ok:
            return redirect("settings")
        problems = {**({} if saved.ok else faults(saved)), **({} if mail.ok else faults(mail))}
        return self._show((self.me or {}) | given, wanted, problems=problems, status=422)

    def _show(self, form: dict[str, Any], digest: str, **more: Any) -> HttpResponse:
        zones = sorted(
            zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
        )
        return self.show(
            place="settings", section="profile", form=form, digest=digest, zones=zones, week=range(7), **more
        )
