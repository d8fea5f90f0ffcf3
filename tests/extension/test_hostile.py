"""Who means harm: words in announcements and names, a page in another tab, a hub that sends elsewhere. Nothing runs, nothing leaks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.browser import needs_chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_chromium]

WORDS = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "\"><svg onload=window.ran=1>",
    "'-window.ran=1-'",
    "{{constructor.constructor('window.ran=1')()}}",
    "${window.ran=1}",
    "<iframe srcdoc='<script>top.ran=1</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=window.ran=1&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror=window.ran=1>\">",
    "</title></textarea></template><script>window.ran=1</script>",
]  # fmt: skip
BODIES = [
    *WORDS,
    "<a href='javascript:window.ran=1'>go</a>",
    "<a href=' jav\tascript:window.ran=1'>go</a>",
    "<a href='data:text/html,<script>opener.ran=1</script>'>go</a>",
    "<form action='https://evil.test/'><input name=q><button formaction='javascript:window.ran=1'>go</button></form>",
    "<p style='background:url(https://evil.test/seen)' onclick='window.ran=1'>text</p>",
    "<img src='https://evil.test/seen.png' alt='x'><link rel=stylesheet href='https://evil.test/a.css'>",
    "<base href='https://evil.test/'><meta http-equiv=refresh content='0;url=https://evil.test/'>",
    "<p id=reader>clobber</p><form id=words name=body><input name=dataset></form>",
]


def test_hostile_words_in_every_place_run_nothing_and_ask_nobody(
    connected: Any, announce: Any, ines: people.Person, olga: people.Person, maya: people.Person, at: datetime
) -> None:
    people.update_profile(by=ines.id, changes=people.ProfileChanges(name=WORDS[1], title=WORDS[2]), now=at)
    clocks, links = (people.Clock(WORDS[1], "Asia/Manila"),), (people.Link(WORDS[1], "https://fine.test/"),)
    changes = people.WorkspaceChanges(name=WORDS[0], clocks=clocks, links=links)
    people.update_workspace(by=olga.id, changes=changes, now=at)
    people.choose_own_tab(by=maya.id, own=people.OwnTab(links=(people.Link(WORDS[1], "https://mine.test/"),)))
    for number, body in enumerate(BODIES):
        announce(WORDS[number % len(WORDS)][:100], body=f"<p>Number {number}.</p>{body}")
    mayas, abroad = connected(maya), list[str]()
    mayas.context.on("request", lambda asked: abroad.append(asked.url) if ".test" in asked.url else None)
    page = mayas.new_tab()
    items = page.locator("[data-list=required] [data-id]")
    expect(items).to_have_count(len(BODIES))
    expect(page.locator(".tab-links a")).to_have_count(2)

    for number in range(len(BODIES)):
        items.nth(number).get_by_role("link").first.click()
        expect(page.locator("#reader").get_by_text("Number")).to_be_visible()
        assert page.locator("#reader .prose a[href^='javascript' i], #reader .prose a[href^='data' i]").count() == 0
        page.keyboard.press("Escape")
        expect(items.nth(number).get_by_role("link").first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("<img")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    items.first.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("status").get_by_text("Marked as read.")).to_be_visible()

    assert page.evaluate("window.ran") is None
    assert len(mayas.context.pages) == 2  # the browser's first, and this one: nothing was opened
    assert abroad == []
    assert (
        page.evaluate(
            "document.querySelectorAll('body script, iframe, base, meta[http-equiv], [onerror], [onload]').length"
        )
        == 0
    )


def test_a_page_in_another_tab_reaches_nothing(connected: Any, announce: Any, maya: people.Person) -> None:
    announce("New badges")
    mayas = connected(maya)
    tab = mayas.new_tab()
    expect(tab.get_by_text("New badges")).to_be_visible()
    extension = tab.url.rpartition("/")[0]
    mayas.context.route(
        "https://evil.test/**", lambda route: route.fulfill(body="<p>Hello</p>", content_type="text/html")
    )
    page = mayas.context.new_page()
    page.goto("https://evil.test/")

    for name in ("newtab.html", "manifest.json", "mantel.js", "img/icon-48.png"):
        asked = page.evaluate("url => fetch(url).then(() => 'read', () => 'refused')", f"{extension}/{name}")
        assert asked == "refused", name
    assert (
        page.evaluate(
            "url => new Promise((done) => { const it = new Image(); it.onload = () => done('read'); it.onerror = () => done('refused'); it.src = url; })",
            f"{extension}/img/icon-48.png",
        )
        == "refused"
    )
    assert page.evaluate("typeof chrome === 'undefined' || typeof chrome.runtime === 'undefined'")
    page.evaluate(
        "url => { const it = document.createElement('iframe'); it.src = url; document.body.append(it); }", tab.url
    )
    page.wait_for_timeout(500)
    assert "New badges" not in "".join(frame.content() for frame in page.frames)
    with mayas.context.expect_page() as opened:
        page.evaluate("url => { window.other = open(url); }", tab.url)
    opened.value.wait_for_timeout(500)
    assert "New badges" not in opened.value.content()
    page.evaluate("other => window.other && window.other.postMessage({hub: {url: 'https://evil.test'}}, '*')")
    assert mayas.kept("hub")["hub"]["url"].startswith("http://127.0.0.1")
    mayas.wrong.clear()  # what Chromium says of each refusal


class Elsewhere(BaseHTTPRequestHandler):
    """Sends whoever asks to another host, and lets everybody read that it does; that host notes what came."""

    def _answer(self) -> None:
        server: Any = self.server
        server.came.append((self.command, self.path, self.headers.get("Authorization")))
        self.send_response(204 if self.command == "OPTIONS" else server.status)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*, Authorization")
        self.send_header("Access-Control-Allow-Methods", "*")
        if server.to:
            self.send_header("Location", server.to + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815  the names that http.server looks for

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(status: int, to: str = "") -> Iterator[tuple[str, list[Any]]]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.status, server.to, server.came = status, to, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.came
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_hub_that_sends_elsewhere_is_not_followed(
    connected: Any, wire: Any, announce: Any, maya: people.Person, status: int
) -> None:
    item = announce("New badges")
    mayas = connected(maya)
    page = mayas.new_tab()
    expect(page.get_by_text("New badges")).to_be_visible()
    hub = mayas.kept("hub")["hub"]
    with serving(200) as (elsewhere, came), serving(status, elsewhere) as (hostile, asked):
        mayas.keep(hub=hub | {"url": hostile})
        page.reload()
        page.locator(f'[data-id="{item.id}"]').get_by_role("button", name="Mark as read").click()
        expect(page.get_by_text("Kept here")).to_be_visible()

        assert asked
        assert came == []
    kept = mayas.kept()
    assert [one for name, one in kept.items() if name.startswith("ob:") and one["fact"] == "acknowledged"]
    assert kept["copy"]["items"][0]["title"] == "New badges"


AROUND: dict[str, Any] = {
    "a link that runs": {"links": [{"label": "x", "url": "javascript:window.ran=1", "icon": "link"}]},
    "an own link that runs": {"own": {"off": [], "links": [{"label": "x", "url": "data:text/html,x", "icon": "link"}]}},
    "an icon that is a selector": {"links": [{"label": "x", "url": "https://x.test/", "icon": '"],body,[x="'}]},
    "no person": {"me": None},
    "a zone that is none": {"clocks": [{"label": "x", "timezone": "../x", "working": True, "changes_at": "x"}]},
    "a hue that is a style": {"company": {"name": "x", "brand_hue": "1; background: url(https://evil.test)"}},
}


@pytest.mark.parametrize("wrong", AROUND.values(), ids=AROUND.keys())
def test_what_stands_around_is_kept_only_where_all_of_it_is_sound(
    connected: Any, announce: Any, maya: people.Person, wrong: dict[str, Any]
) -> None:
    announce("New badges")
    mayas = connected(maya)
    page = mayas.new_tab()
    wait_until(page, lambda: "around" in mayas.kept("around"))
    before = mayas.kept("around")["around"] | {"at": 0}
    mayas.keep(around=before)
    told = json.dumps({name: value for name, value in before.items() if name != "at"} | wrong)
    mayas.context.route("**/api/v1/tab", lambda route: route.fulfill(body=told, content_type="application/json"))

    with page.expect_response("**/api/v1/tab"):
        page.reload()
    page.wait_for_timeout(300)

    assert mayas.kept("around")["around"] == before
    assert page.evaluate("window.ran") is None


def wait_until(page: Page, holds: Any) -> None:
    for _try in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came")
