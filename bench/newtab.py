"""How long from opening a tab until announcements are seen, beside an empty page of an extension in the same run: `python -m bench.newtab`."""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

import django

django.setup()

from announcements.management.extension import making  # noqa: E402  after the set-up
from bench._chromium import Chromium, Gone  # noqa: E402

EMPTY = b"<!doctype html><meta charset=utf-8><title>New tab</title><p>Nothing</p>"
# Presented: of the empty page its first words, of ours the last announcement that is in view, of others their largest part.
SEEN = """kind => new Promise((done) => {
  const said = [];
  const until = Date.now() + 10000;
  const look = () => said.length || Date.now() > until ? done(performance.timeOrigin + Math.max(...said)) : setTimeout(look, 50);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (kind === "paint" ? entry.name === "first-contentful-paint" : kind !== "element" || entry.intersectionRect.height) said.push(entry.renderTime || entry.startTime);
  }).observe({ type: kind, buffered: true });
  setTimeout(look, 50);
})"""
# Looks on as ours says that its picture is complete, before anything more is done.
GRAB = b"performance.mark = () => (globalThis.picture = document.documentElement.outerHTML);"
ROWS = 14  # of the first picture, as in static/js/tab/view.js
SETTLES = 0.4  # seconds that a tab is left alone before it is asked what was seen when


@dataclass(slots=True)
class Variant:
    """An extension to open, and what was measured."""

    name: str
    folder: Path | None
    kind: str
    first: str = ""  # is run once in its first tab
    url: str = "chrome://newtab/"
    warm: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)


def item(number: int, now: datetime) -> dict[str, Any]:
    """Return an announcement of a feed: every tenth is owed."""
    return {
        "announcement_id": number, "title": f"Announcement {number}: what changes in the warehouse from Monday on",
        "summary": "A summary of the usual length, so that it is as much to lay out as a real one is. It has two sentences.",
        "kind": "update", "author_id": number % 9 + 1, "author_name": "Ines Carvalho", "author_title": "Operations",
        "published_at": (now - timedelta(hours=number)).isoformat(), "minutes": 2, "required": number % 10 == 1, "pinned": False,
        "deadline": None, "version": 1, "displayed_at": now.isoformat(), "opened_at": None, "read_at": None, "acknowledged_at": None,
        "dismissed_at": None, "confirmed": 12, "recipients": 52, "groups": ["Operations"],
    }  # fmt: skip


def keeping(items: int) -> str:
    """Return the code by which ours keeps what it is to paint, as a device does whose hub is away: painting is what is measured."""
    now = datetime.now(UTC)
    hours = {"work_starts": "09:00", "work_ends": "17:00"}
    around = {
        "me": {"id": 1, "name": "Maya Lindqvist", "timezone": "Europe/Amsterdam", "theme": "system"} | hours,
        "company": {"name": "Northwind", "brand_hue": 165} | hours,
        "clocks": [], "links": [], "at": time.time() * 1000,
    }  # fmt: skip
    found = [item(number, now) for number in range(1, items + 1)]
    owed, news = ([one for one in found if one["required"] is required] for required in (True, False))
    sums = {"all": items, "asked": True, "owed": len(owed), "news": len(news), "done": 0, "minutes": 2 * len(owed)}
    kept = {
        "hub": {"url": "http://127.0.0.1:9", "token": "x", "feedKey": "x", "me": 1},
        "copy": {"items": found, "etag": "x", "freshAt": now.isoformat()},
        "view": {
            "items": owed[: ROWS // 2] + news[: max(0, ROWS - 2 * len(owed))],
            "sums": sums,
            "freshAt": now.isoformat(),
        },
        "around": around,
    }
    return f"void chrome.storage.local.set({json.dumps(kept)})"


def unpack(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def still(folder: Path, ours: dict[str, bytes]) -> dict[str, bytes]:
    """Return ours as a page without script that is the same first picture: what it costs to draw it, and no more."""
    looking = ours["newtab.html"].replace(b"<script", b'<script src="grab.js"></script><script', 1)
    place = unpack(folder / "grab", ours | {"newtab.html": looking, "grab.js": GRAB})
    browser = Chromium(folder / "profile-grab", place)
    time.sleep(2)
    begin(browser, keeping(50))
    with browser.tab("chrome://newtab/") as tab:
        time.sleep(3)
        page: str = tab.run("globalThis.picture")
    browser.close()
    page = "<!doctype html>" + re.sub(r"<script.*?</script>", "", page)
    # What our script said to an element about its style stands in the page here, where no digest covers it.
    manifest = re.sub(rb"style-src [^;]*", b"style-src 'unsafe-inline'", ours["manifest.json"])
    return ours | {"newtab.html": page.encode(), "manifest.json": manifest}


def variants(folder: Path, peers: list[str]) -> list[Variant]:
    """Return the floor, ours with a usual and a huge feed and as a still, and new tabs of others: folders that hold them unpacked."""
    ours = making.files("chrome")
    # Chromium says when a text was presented only where its block asks for it.
    ours["newtab.html"] = ours["newtab.html"].replace(b'class="item-title"', b'class="item-title" elementtiming="item"')
    manifest = {
        "manifest_version": 3,
        "name": "Empty",
        "version": "1",
        "chrome_url_overrides": {"newtab": "newtab.html"},
    }
    worker = {"background": {"service_worker": "worker.js"}, "permissions": ["storage"]}
    empty = {"manifest.json": json.dumps(manifest | worker).encode(), "newtab.html": EMPTY, "worker.js": b""}
    return [
        Variant("empty page of an extension", unpack(folder / "empty", empty), "paint"),
        Variant("Mantel, feed of 50", unpack(folder / "ours-50", ours), "element", keeping(50)),
        Variant("Mantel, feed of 500", unpack(folder / "ours-500", ours), "element", keeping(500)),
        Variant("its picture without script", unpack(folder / "still", still(folder, ours)), "element"),
        *(
            Variant(Path(place).name, Path(place), "largest-contentful-paint", first)
            for place, _, first in (peer.partition("=") for peer in peers)
        ),
    ]


def begin(browser: Chromium, first: str) -> None:
    """Open the first tab there ever was, and bring it to what it shows from then on."""
    with browser.tab("chrome://newtab/") as tab:
        time.sleep(3)
        if first:
            tab.run(first)
            time.sleep(2)  # it begins anew as somebody's


def sign_in(browser: Chromium, url: str, who: str) -> None:
    """Sign in at a hub that runs, and look at its tab until the tab's worker keeps it. `who` is an address and a password."""
    email, _, password = who.partition(":")
    with browser.tab(f"{url}/accounts/login/") as tab:
        time.sleep(3)
        fill = f"[form.login.value, form.password.value] = {json.dumps([email, password])}"
        tab.run(
            f"void ((form) => {{ {fill}; form.requestSubmit(); }})(document.querySelector('form:has([name=password])'))"
        )
        time.sleep(3)
    for _visit in range(3):
        with browser.tab(f"{url}/tab"):
            time.sleep(3)


def opened(browser: Chromium, variant: Variant) -> float:
    """Open one tab; return the milliseconds until it is seen. Nothing listens to it before it is."""
    browser.sleep()
    idle()
    from_ = time.time() * 1000
    with browser.tab(variant.url) as tab:
        time.sleep(SETTLES)
        while True:
            try:
                seen: float = tab.run(f"({SEEN})({json.dumps(variant.kind)})")
                return seen - from_
            except Gone:  # a machine this busy has not come to the page yet
                time.sleep(SETTLES)


def idle() -> None:
    """Wait, some seconds at most, until the machine has room: others work on it."""
    for _try in range(20):
        before = Path("/proc/stat").read_text().split()[1:9]
        time.sleep(0.1)
        after = Path("/proc/stat").read_text().split()[1:9]
        spent = [int(b) - int(a) for a, b in zip(before, after, strict=True)]
        if sum(spent) and (spent[3] + spent[4]) / sum(spent) > 0.6:
            return


def percentile(found: list[float], share: float) -> float:
    return sorted(found)[min(len(found) - 1, int(len(found) * share))]


def report(found: list[Variant]) -> None:
    """Print medians and p95, as ratios to the empty page."""
    floor = found[0]
    for how in ("warm", "cold"):
        for one in found:
            times, base = getattr(one, how), getattr(floor, how)
            if times:
                middle, late = statistics.median(times), percentile(times, 0.95)
                ratios = f"{middle / statistics.median(base):.2f} x floor, p95 {late / percentile(base, 0.95):.2f} x"
                print(f"{how:5} {one.name:28} n={len(times):3}  median {middle:6.0f} ms  p95 {late:6.0f} ms  {ratios}")
    own = sum(len(content) for name, content in making.files("chrome").items() if name.endswith(".js"))
    print(f"script: {own / 1024:.1f} KB in all")


def ready(found: list[Variant], place: Path, options: argparse.Namespace) -> list[Chromium]:
    """Start a browser for each, with what it is to show."""
    browsers = [Chromium(place / f"profile-{number}", one.folder) for number, one in enumerate(found)]
    time.sleep(2)
    for one, browser in zip(found, browsers, strict=True):
        if one.folder is None:
            sign_in(browser, one.url.removesuffix("/tab"), options.who)
        else:
            begin(browser, one.first)
        opened(browser, one)
    return browsers


def measure(found: list[Variant], place: Path, options: argparse.Namespace) -> None:
    """Open tabs in turn, in browsers that run and in such as were just started."""
    browsers = ready(found, place, options)
    for _round in range(options.opens):
        for one, browser in random.sample(list(zip(found, browsers, strict=True)), len(found)):
            one.warm.append(opened(browser, one))
    for browser in browsers:
        browser.close()
    for _round in range(options.cold):
        for number, one in random.sample(list(enumerate(found)), len(found)):
            browser = Chromium(place / f"profile-{number}", one.folder)
            time.sleep(2)
            one.cold.append(opened(browser, one))
            browser.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opens", type=int, default=30)
    parser.add_argument("--cold", type=int, default=5, help="opens in a browser that was just started")
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        help="a folder with the unpacked new tab of others; FOLDER=CODE runs code in its first tab",
    )
    parser.add_argument(
        "--hub",
        action="append",
        default=[],
        help="the address of a hub that runs, to measure its /tab as well; several",
    )
    parser.add_argument("--who", default="", help="whose tab that is: address:password")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        found = variants(Path(place), options.peer)
        for hub in options.hub:
            found.append(Variant(f"/tab of {hub}", None, "largest-contentful-paint", url=f"{hub}/tab"))
        measure(found, Path(place), options)
        report(found)


if __name__ == "__main__":
    main()
