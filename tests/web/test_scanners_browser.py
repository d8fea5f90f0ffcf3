"""A mail scanner follows every link of a nudge and a digest, with and without scripts: nothing is confirmed, nobody unsubscribed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.browser import needs_chromium
from tests.delivery.postbox import Postbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
# Documentation addresses (RFC 5737): a cloud, an office, somebody's phone.
FROM = ("192.0.2.10", "198.51.100.20", "203.0.113.30")
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"

# What a script on the page does is nobody's gesture; what Playwright evaluates would count as one.
SENDS = """addEventListener("load", () => {
  const number = new URLSearchParams(location.search).get("form");
  if (number === null || window.name === location.href) return;
  window.name = location.href;
  document.querySelectorAll("main form")[number].submit();
});"""


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    with Postbox() as server:
        settings.SMTP = {"host": "127.0.0.1", "port": server.port, "user": "", "password": "", "tls": ""}
        yield server


@pytest.fixture
def links(
    announce: Callable[..., publishing.Announcement],
    maya: people.Person,
    postbox: Postbox,
    settings: Any,
    live_server: Any,
    at: datetime,
) -> list[str]:
    """Return all links of the nudge and the digest that Maya got."""
    settings.BASE_URL = live_server.url
    announce("Please confirm this", nudge_hours=(1.0,))
    announce("News", ask=False)
    for hours in range(0, 8 * 24, 3):
        _tick(at + timedelta(hours=hours))
    mails = postbox.to(maya.email)
    assert {mail["Precedence"] for mail in mails} == {None, "bulk"}, "a nudge and a digest"
    return sorted({link for mail in mails for link in in_mail(mail)})


def _tick(now: datetime) -> None:
    delivery.tick(now=now, clock=lambda: now)


def in_mail(mail: EmailMessage) -> list[str]:
    parts = [str(body.get_content()) for kind in ("plain", "html") if (body := mail.get_body((kind,)))]
    found = [link for part in parts for link in re.findall(r"https?://[^\s\"'<>)]+", part)]
    return [*found, *re.findall(r"<(http[^>]+)>", mail["List-Unsubscribe"])]


def untouched(person: people.Person) -> bool:
    """Tell whether nothing is known of somebody but that they were reached, and their digest comes as before."""
    kept = delivery.stored(by=person.id)
    known = [fact for row in kept.deliveries for fact in row.facts]
    return not known and kept.preference.digest == "weekly"


def test_asking_for_every_link_changes_nothing(links: list[str], maya: people.Person, live_server: Any) -> None:
    assert {"m", "unsubscribe", "a"} <= {link.removeprefix(live_server.url).split("/")[1] for link in links}
    for address in FROM:
        for link in links:
            scanner: Any = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=AGENT)
            for method in ("head", "get", "options"):
                answer = getattr(scanner, method)(link.removeprefix(live_server.url))
                assert answer.status_code < 500, (method, link)

    assert untouched(maya)


def test_a_scanner_that_runs_scripts_changes_nothing(
    links: list[str], maya: people.Person, browse: Callable[..., Page], live_server: Any
) -> None:
    page = browse(user_agent=AGENT)
    for link in links:
        if not link.startswith(live_server.url):
            continue
        page.goto(link, wait_until="networkidle")
        page.mouse.wheel(0, 5000)
        page.wait_for_timeout(300)

    assert untouched(maya)


def test_a_scanner_that_sends_every_form_it_meets_changes_nothing(
    links: list[str], maya: people.Person, browse: Callable[..., Page]
) -> None:
    page, sent = browse(user_agent=AGENT), 0
    page.context.add_init_script(SENDS)
    for link in links:
        if re.search(r"/(m|unsubscribe)/", link):
            page.goto(link)
            for number in range(page.locator("main form").count()):
                tab = page.context.new_page()
                with tab.expect_response(lambda answer: answer.request.method == "POST") as answered:
                    tab.goto(f"{link}?form={number}", wait_until="commit")
                answered.value.finished()
                tab.close()
                sent += 1

    assert sent >= 3, "the button of a nudge, and both forms of the page to leave by"
    assert untouched(maya)
