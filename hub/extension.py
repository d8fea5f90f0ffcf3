"""The browser extension, handed out by the hub itself to browsers whose policy asks for it: the folder HUB_EXTENSION, as built and signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

KINDS = {"mantel.crx": "application/x-chrome-extension", "mantel.xpi": "application/x-xpinstall"}
UPDATE = """<?xml version='1.0' encoding='UTF-8'?>
<gupdate xmlns='http://www.google.com/update2/response' protocol='2.0'>
  <app appid={id}><updatecheck codebase={codebase} version={version}/></app>
</gupdate>
"""


def update(request: HttpRequest) -> HttpResponse:
    """Answer which version there is and where, as Chromium's updates ask for it."""
    said: dict[str, Any] = json.loads(_file("mantel.json").read_text())
    codebase = f"{settings.BASE_URL}/extension/mantel.crx"
    told = {"id": said["id"], "version": said["version"], "codebase": codebase}
    quoted = {name: quoteattr(value) for name, value in told.items()}
    return HttpResponse(UPDATE.format(**quoted), content_type="text/xml", headers={"Cache-Control": "no-cache"})


def file(request: HttpRequest, file_name: str) -> HttpResponseBase:
    """Answer the signed extension."""
    if file_name not in KINDS:
        raise Http404
    return FileResponse(
        _file(file_name).open("rb"), content_type=KINDS[file_name], headers={"Cache-Control": "no-cache"}
    )


def _file(name: str) -> Path:
    found = Path(settings.EXTENSION) / name
    if not settings.EXTENSION or not found.is_file():
        raise Http404
    return found


urlpatterns = [path("update.xml", update), path("<str:file_name>", file)]
