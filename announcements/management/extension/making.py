"""The files of the extension, for each browser: one script, and one page rendered from the tab's templates, its style in it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Literal

import minify
from django.conf import settings
from django.template.loader import render_to_string

from announcements.management.extension.bundling import bundled
from announcements.people import services as people

Browser = Literal["chrome", "firefox"]
SOURCE: Path = settings.ROOT / "extension"
STATIC: Path = settings.ROOT / "static"
STYLES = ("tokens", "app", "tab", "body", "extension")
FILES = (
    *(f"img/icon-{side}.png" for side in (16, 32, 48, 128)),
    "img/mark.svg",
    "img/lines.svg",
)
WORKER = 'import "./mantel.js";\nmantel("%s");\n'


def files(browser: Browser, *, override: bool = True) -> dict[str, bytes]:
    """Return every file of the extension by its name; without `override` the browser keeps its own new tab."""
    worker = "panel.js" if browser == "chrome" and not override else "worker.js"
    made = {name: (STATIC / name).read_bytes() for name in FILES}
    made["mantel.js"] = minify.string("text/javascript", bundled(("newtab.js", worker), _source)).encode()
    made["worker.js"] = (WORKER % worker).encode()
    made |= {f"fonts/{path.name}": path.read_bytes() for path in sorted((STATIC / "fonts").iterdir())}
    made["newtab.html"] = _page(beside=not override).encode()
    made["manifest.json"] = _json(manifest(browser, override=override))
    if browser == "chrome":
        made["managed_schema.json"] = (SOURCE / "managed_schema.json").read_bytes()
    return made


def manifest(browser: Browser, *, override: bool = True) -> dict[str, Any]:
    """Return the manifest for a browser, without what only the other one knows."""
    said: dict[str, Any] = json.loads((SOURCE / "manifest.json").read_text())
    policy = said["content_security_policy"]
    policy["extension_pages"] = policy["extension_pages"].replace("STYLE", f"'sha256-{_digest(_style())}'")
    if not override:
        del said["chrome_url_overrides"]
        said["action"] = {"default_title": said["name"], "default_icon": said["icons"]}
    if browser == "chrome":
        del said["browser_specific_settings"], said["background"]["scripts"]
        if not override:
            said["permissions"].append("sidePanel")
            said["side_panel"] = {"default_path": "newtab.html"}
        return said
    del said["storage"], said["minimum_chrome_version"], said["background"]["service_worker"]
    if not override:
        said["sidebar_action"] = {
            "default_title": said["name"],
            "default_panel": "newtab.html",
            "open_at_install": False,
        }
        said["browser_specific_settings"]["gecko"]["id"] = said["browser_specific_settings"]["gecko"]["id"].replace(
            "new-tab", "panel"
        )
    return said


def _style() -> str:
    """Return all style as one text. It stands in the page: a file more is a wait more before the first picture."""
    whole = "\n".join((STATIC / f"css/{name}.css").read_text() for name in STYLES)
    short: str = minify.string("text/css", whole.replace('url("../', 'url("'))
    return short


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _page(*, beside: bool) -> str:
    """Return the page. Where it stands `beside` another one, what it leads to opens in a tab and not in its place."""
    nothing: dict[str, Any] = {"owed": [], "news": [], "past": [], "done": 0, "week": 0}
    icons = sorted(people.ICONS, key=lambda icon: icon != "link")  # the first stands for what a newer hub calls
    return render_to_string("extension/newtab.html", nothing | {"icons": icons, "style": _style(), "beside": beside})


def _source(name: str) -> str:
    return ((STATIC if name.startswith("js/") else SOURCE) / name).read_text()


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
