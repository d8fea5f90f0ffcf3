"""What one says of oneself: picture, name, language, working time, days away, colors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web.pages import Page, by_field, faults, need
from announcements.web.zones import zones

NAMES = (
    "name", "title", "pronouns", "about", "locale", "timezone", "work_starts", "work_ends", "theme",
)  # fmt: skip


class Settings(Page):
    """My profile."""

    template = "web/settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what is set."""
        return self._show(self.me or {})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save all of it, or nothing; or add or take away a row, which is not saved yet."""
        do = request.POST.get("do", "")
        if do in {"picture", "remove_picture"}:
            return self._picture(do)
        form = as_form(request.POST)
        if arrange(form["away"], do):
            return self._show((self.me or {}) | form, unsaved=True)
        answer = self.api.patch("me", form | {"away": whole(form["away"])})
        if answer.ok:
            messages.success(request, _("Saved."))
            return redirect("settings")
        return self._show((self.me or {}) | form, problems=by_field(faults(answer)), status=answer.status)

    def _picture(self, do: str) -> HttpResponse:
        answer = self._changed_picture(do)
        if answer.ok:
            return redirect("settings")
        return self._show(self.me or {}, problems=faults(answer), status=answer.status)

    def _changed_picture(self, do: str) -> Answer:
        if do == "remove_picture":
            return self.api.delete("me/picture")
        file = self.request.FILES.get("picture")
        return self.api.put_file("me/picture", file.read() if file else b"", "application/octet-stream")

    def _show(self, form: dict[str, Any], **more: Any) -> HttpResponse:
        languages = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
        return self.show(
            place="settings",
            section="profile",
            form=form,
            zones=zones(),
            week=range(7),
            languages=languages,
            known=form.get("locale") in dict(languages),
            **more,
        )


class Channels(Page):
    """How announcements reach me, and what I choose of it."""

    template = "web/channels.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self._show(need(self.api.get("preferences"))["digest"])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Choose how often the digest comes."""
        wanted = request.POST.get("digest", "")
        answer = self.api.patch("preferences", {"digest": wanted})
        if answer.ok:
            messages.success(request, _("Saved."))
            return redirect("channels")
        return self._show(wanted, problems=faults(answer), status=answer.status)

    def _show(self, digest: str, **more: Any) -> HttpResponse:
        return self.show(place="settings", section="channels", digest=digest, **more)


def as_form(sent: QueryDict) -> dict[str, Any]:
    """Return the form as it was sent."""
    form: dict[str, Any] = {name: sent[name] for name in NAMES if name in sent}
    form["work_days"] = [int(day) for day in sent.getlist("work_days") if day.isdecimal()]
    spans = zip(sent.getlist("away.first"), sent.getlist("away.last"), strict=False)
    form["away"] = [{"first": first, "last": last} for first, last in spans]
    return form


def arrange(away: list[dict[str, str]], do: str) -> bool:
    """Do what a button of the rows asks ("remove-away-2"); return whether it was one."""
    if do == "add-away":
        away.append({"first": "", "last": ""})
        return True
    verb, _dash, place = do.rpartition("-")
    if verb != "remove-away" or not place.isdecimal():
        return False
    del away[int(place) : int(place) + 1]
    return True


def whole(away: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows that say something; one day is its own end."""
    return [{"first": one["first"], "last": one["last"] or one["first"]} for one in away if one["first"] or one["last"]]
