"""Inviting people: one, or many by paste or file."""

from __future__ import annotations

import codecs
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from announcements.api.client import Answer
from announcements.web.pages import Page, faults, need

NAMES = ("email", "name", "title", "role")
MOST_BYTES = 400_000
ROLES = {"member": ["member"], "admin": ["member", "admin"], "owner": ["member", "admin", "owner"]}


class Invite(Page):
    """Ask somebody in, or many."""

    template = "web/invite.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show both forms."""
        need(self.api.get("invitations", {"limit": 1}))
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask them in; of many, show the answer to each."""
        return self._many() if request.POST.get("do") == "many" else self._one()

    def _one(self) -> HttpResponse:
        given = {name: self.request.POST.get(name, "") for name in NAMES}
        answer = self.api.post("invitations", given | {"group_ids": self._groups()})
        if answer.ok:
            return redirect("invitations")
        return self._show(form=given, chosen=self._groups(), problems=faults(answer), status=answer.status)

    def _many(self) -> HttpResponse:
        file, text = self.request.FILES.get("file"), self.request.POST.get("text", "")
        if isinstance(file, UploadedFile) and file.size and file.size > MOST_BYTES:
            problems = {"file": [_("This file is too large for 500 people. Use the import for more.")]}
            return self._show(text=text, problems=problems, status=422)
        if isinstance(file, UploadedFile):
            text = decoded(file.read())
        given = {"text": text, "role": self.request.POST.get("role", "member"), "group_ids": self._groups()}
        answer: Answer = self.api.post("invitations/bulk", given)
        if not answer.ok:
            problems = faults(answer)
            return self._show(text=text, chosen=self._groups(), problems=problems, status=answer.status)
        wrong = [line for line in answer.data["results"] if line["answer"] != "invited"]
        return self._show(lines=wrong, invited=answer.data["invited"], done=True)

    def _groups(self) -> list[int]:
        return [int(one) for one in self.request.POST.getlist("group") if one.isdecimal()]

    def _show(self, **more: Any) -> HttpResponse:
        groups = need(self.api.get("groups"))["results"]
        roles = ROLES[self.me["role"]] if self.me else []
        form = {"role": "member"} | more.pop("form", {})
        return self.show(place="people", section="invite", groups=groups, roles=roles, form=form, **more)


def decoded(content: bytes) -> str:
    """Return the text of a file as offices save it: UTF-8 with or without its mark, UTF-16, or Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
