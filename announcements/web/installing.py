"""The tab as something that is installed: what it is called, its worker, and the page for when there is no network."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _

from announcements.web.pages import Page
from announcements.web.tab_settings import DRAWN

SIDES = (192, 512)
COLOR, CANVAS = "#20654b", "#faf9f6"


def manifest(request: HttpRequest) -> JsonResponse:
    """Answer what the installed tab is called and looks like. It is the same for whoever asks."""
    icons = [
        {"src": static(f"img/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": "any"}
        for side in SIDES
    ]
    said = {
        "id": "/tab", "name": "Mantel", "short_name": "Mantel", "start_url": "/tab", "scope": "/", "display": "standalone",
        "description": _("What your company announces to you."), "theme_color": COLOR, "background_color": CANVAS, "icons": icons,
    }  # fmt: skip
    return JsonResponse(
        said, content_type="application/manifest+json", headers={"Cache-Control": "public, max-age=3600"}
    )


def worker(request: HttpRequest) -> HttpResponse:
    """Answer the tab's worker. It has an address of its own that lasts, and may stand before the tab alone."""
    code = Path(str(finders.find("js/tab-worker.js"))).read_bytes()
    headers = {"Service-Worker-Allowed": "/tab", "Cache-Control": "no-cache"}
    return HttpResponse(code, content_type="text/javascript", headers=headers)


class Offline(Page):
    """The tab without a network. It says nothing about anybody: what is kept on the computer is put in there."""

    public = True
    template = "web/tab_offline.html"
    me = workspace = None  # whoever asks: it is kept, and shown to whoever comes

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it, empty."""
        return self.show(owed=[], news=[], past=[], done=0, week=0, icons=DRAWN)
