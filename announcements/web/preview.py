"""What an announcement will look like before it goes out, and where the buttons of a mail like that lead."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation

from announcements.api.client import Client
from announcements.web.pages import Page, need

# A mail as a mail program shows it: no scripts, nothing from elsewhere, in a frame of our own page or alone. Its own origin
# stays, for the pictures in it are shown to who may see them.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src 'self' data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    )
)

# Links open beside it: in the frame they would lead away from the preview. And no browser looks for an icon.
HEAD = '<head><base target="_blank"><link rel="icon" href="data:,">'


# Where the head of a mail leaves light or dark to the program that shows it.
BY_ITSELF, EITHER = re.compile(r"@media \(prefers-color-scheme: ?dark\) ?\{"), 'content="light dark"'

# The reader's page and tab as they are, in a frame of ours: their own styles, but no script runs and no form is sent.
STILL = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-same-origin",
    )
)
CHANNELS = ("tab", "page", "mail")
TOGETHER = ("tab", "mail", "page")  # as they stand beside one another, the page on a phone
MOST_PEOPLE = 100


class Preview(Page):
    """A draft as somebody will see it: on their tab, by mail and on its page, together or one of them; light and dark."""

    template = "web/preview.html"

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show it in frames, as whom and where the address says."""
        item = need(self.api.get(f"announcements/{announcement_id}"))
        channel = request.GET.get("channel", "")
        chosen: dict[str, Any] = {name: request.GET.get(name, "") for name in ("width", "look")}
        chosen["channel"] = channel if channel in CHANNELS else "all"
        chosen["person"] = _number(request.GET.get("person", "")) or item["author_id"]
        # Who may not change it may not preview it: the API says so, before a frame would.
        shown = (chosen["channel"],) if chosen["channel"] in CHANNELS else TOGETHER
        asked = _asked(request, "mail" if "mail" in shown else "tab")
        found = need(self.api.get(f"announcements/{announcement_id}/preview", asked))
        seen, query = found["person"], urlencode({"person": chosen["person"], "look": chosen["look"]})
        sources = [f"{reverse(f'preview_{one}', args=[announcement_id])}?{query}" for one in shown]
        frames = [{"channel": one, "source": source} for one, source in zip(shown, sources, strict=True)]
        audience = as_given(item["audience"])
        people = self._people(item, seen, audience)
        about = {"item": item, "seen": seen, "people": people, "audience": json.dumps(audience)}
        return self.show(chosen=chosen, frames=frames, mail=found["mail"], **about)

    def _people(self, item: dict[str, Any], seen: dict[str, Any], audience: dict[str, Any]) -> list[dict[str, Any]]:
        """Return as whom one may look without searching: the first of those, and who was chosen."""
        first = {one["id"]: one for one in viewers(self.api, item, audience)}
        author = first[item["author_id"]]
        return list(({**first, seen["id"]: seen} | {author["id"]: author}).values())


def viewers(api: Client, item: dict[str, Any], audience: dict[str, Any]) -> list[dict[str, Any]]:
    """Return as whom one may look: its author, then the first of the audience."""
    author = {"id": item["author_id"], "name": item["author_name"]}
    found = api.post(f"audience/people?limit={MOST_PEOPLE}", audience)
    others = found.data["results"] if found.ok else ()
    return [author, *(one for one in others if one["id"] != author["id"])]


def as_given(audience: dict[str, Any]) -> dict[str, Any]:
    """Return an audience of an answer as a request takes it: without the words for people."""

    def part(chosen: dict[str, Any]) -> dict[str, Any]:
        named = [{"field": one["field"], "value": one["value"]} for one in chosen["attributes"]]
        return {"group_ids": chosen["group_ids"], "person_ids": chosen["person_ids"], "attributes": named}

    return part(audience) | {"everyone": audience["everyone"], "except": part(audience["except"])}


def _number(given: str) -> int | None:
    return int(given[:18]) if given.isdecimal() else None


def _asked(request: HttpRequest, channel: str = "tab") -> dict[str, str]:
    whose = {"person": request.GET["person"]} if request.GET.get("person") else {}
    return {"channel": channel} | whose


class _Still(Page):
    """The tab or the page of somebody, for the frame: on their clock, in their language."""

    channel = ""

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show it."""
        found = need(self.api.get(f"announcements/{announcement_id}/preview", _asked(request, self.channel)))
        return still(self, found, self.template, request.GET.get("look", ""))


def still(page: Page, found: dict[str, Any], template: str, look: str = "") -> HttpResponse:
    """Return what somebody would see on their tab or its page, for a frame."""
    person = found["person"]
    theme = "dark" if look == "dark" else "light"
    with timezone.override(ZoneInfo(person["timezone"])), translation.override(person["locale"]):
        shown = page.show(template=template, item=found["item"] or found["page"], person=person, me={"theme": theme})
    shown.headers["Content-Security-Policy"] = STILL
    shown.headers["X-Frame-Options"] = "SAMEORIGIN"
    return shown


class OnTab(_Still):
    """Its place on the new tab."""

    template = "web/preview_tab.html"
    channel = "tab"


class OnPage(_Still):
    """Its page."""

    template = "web/preview_page.html"
    channel = "page"


class Mail(Page):
    """The mail that somebody would get, as a document of its own."""

    def get(self, request: HttpRequest, announcement_id: int) -> HttpResponse:
        """Show its HTML; with `?person=` as they would get it."""
        found = need(self.api.get(f"announcements/{announcement_id}/preview", _asked(request, "mail")))
        return document(found, request.GET.get("look", ""))


def document(found: dict[str, Any], look: str = "") -> HttpResponse:
    """Return the mail that somebody would get, for a frame: in the colors chosen here, where a mail program chooses by itself."""
    theme, holds = ("dark", "all") if look == "dark" else ("light", "not all")
    html = found["mail"]["html"].replace("<head>", HEAD, 1)
    html = BY_ITSELF.sub(f"@media {holds} {{", html, count=1).replace(EITHER, f'content="{theme}"', 2)
    return HttpResponse(html, headers={"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"})


class TestMail(Page):
    """Where the buttons of tests and previews lead."""

    public = True
    template = "web/test_mail.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say that nothing was confirmed."""
        return self.show()
