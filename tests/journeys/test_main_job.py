"""The main job on real parts: the hub as `make run` starts it, a real mail server's conversation, a real browser."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import needs_chromium
from tests.journeys.hub import Hub
from tests.journeys.people import Somebody, signed_up, until
from tests.journeys.sink import Sink
from tests.pictures import picture

pytestmark = [
    pytest.mark.services,
    pytest.mark.browser,
    needs_chromium,
]
SOON = 0.001  # hours
EVERY_DAY = {"work_days": [0, 1, 2, 3, 4, 5, 6]}


@dataclass
class Company:
    """Northwind and its neighbour: Ines owns and writes; Maya is in Operations, Joao and Lourdes in Customer Care."""

    hub: Hub
    sink: Sink
    ines: Somebody
    maya: Somebody
    joao: Somebody
    lourdes: Somebody
    charlie: Somebody
    poe: Somebody


@pytest.fixture(scope="module")
def company(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with ExitStack() as stack:
        sink = stack.enter_context(Sink())
        faster = {"HUB_TICK_SECONDS": "1", "HUB_SWEEP_SECONDS": "1", "HUB_LEASE_SECONDS": "4", "HUB_OPEN": "1"}
        data = tmp_path_factory.mktemp("main-job") / "data"
        hub = stack.enter_context(Hub(data, HUB_SMTP_URL=sink.url, **faster))

        def join(name: str, email: str, timezone: str, company: str = "") -> Somebody:
            return stack.enter_context(signed_up(chromium, hub, sink, name, email, timezone, company))

        ines = join("Ines Carvalho", "ines@northwind.test", "Europe/Amsterdam", "Northwind Freight")
        ines.patch("workspace", {"join_policy": "open", "nudge_hours": [SOON]})
        maya = join("Maya Lindqvist", "maya@northwind.test", "Europe/Amsterdam")
        joao = join("Joao Matias", "joao@northwind.test", _where_it_is_before_nine())
        lourdes = join("Lourdes Santos", "lourdes@northwind.test", "Asia/Manila")
        charlie = join("Charlie Stranger", "charlie@northwind.test", "Europe/Amsterdam")
        poe = join("Poe Owner", "poe@southgate.test", "America/Chicago", "Southgate")
        _group(ines, "Operations", maya)
        _group(ines, "Customer Care", joao, lourdes)
        # Lourdes is away: nudges wait for her, so that the third is truly missing.
        away = datetime.now(UTC).date()
        lourdes.patch("me", {"away": [{"first": str(away - timedelta(2)), "last": str(away + timedelta(9))}]})
        yield Company(hub, sink, ines, maya, joao, lourdes, charlie, poe)


def _where_it_is_before_nine() -> str:
    """Return a time zone in which a working day could begin with the next minute."""
    ahead = (8 - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def _group(owner: Somebody, name: str, *members: Somebody) -> None:
    group = owner.post("groups", {"name": name, "kind": "function"})
    for member in members:
        owner.post(f"groups/{group['id']}/members", {"person_id": member.get("me")["id"]})


def _works(person: Somebody, starts: datetime) -> None:
    clock = starts.astimezone(_zone(person)).strftime("%H:%M")
    person.patch("me", EVERY_DAY | {"work_starts": clock, "work_ends": "23:59"})


def _zone(person: Somebody) -> Any:

    return ZoneInfo(person.get("me")["timezone"])


def _works_round_the_clock(person: Somebody) -> None:
    person.patch("me", EVERY_DAY | {"work_starts": "00:00", "work_ends": "23:59"})


def _publishes(ines: Somebody, title: str) -> int:
    """Write and publish on the page, for two groups, asking to confirm; return the announcement's id."""
    page = ines.page
    ines.goes("/announcements/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Summary").fill("Customs screens cargo before loading.")
    page.get_by_role("textbox", name="Text", exact=True).click()
    page.keyboard.type("## What changes\nNo load leaves without a **six-digit** code.")
    for group in ("Operations", "Customer Care"):
        page.get_by_role("combobox", name="Add to the audience").fill(group)
        page.get_by_role("option", name=group).click()
    page.get_by_label("Everybody is asked to mark it as read").check()
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_role("button", name="Publish for 3 people").click()
    page.wait_for_url(re.compile(r"/a/\d+$"))
    return int(page.url.rpartition("/")[2])


def _nudges(company: Company, to: Somebody, title: str) -> list[EmailMessage]:
    return [mail for mail in company.sink.to(to.email) if title in mail["Subject"]]


def _the_worker(company: Company) -> int:
    return until(lambda: company.hub.parts.get("worker"), what="a worker")


def _confirms_by(mail: EmailMessage, person: Somebody) -> None:
    plain = mail.get_body(("plain",))
    assert plain
    link = re.search(rf"{re.escape(person.hub.url)}(/m/\S+)", plain.get_content())
    assert link
    person.page.context.clear_cookies()  # a phone that is not signed in
    person.goes(link[1])
    expect(person.page.get_by_text("asks you to confirm")).to_be_visible()
    person.page.get_by_role("button", name="Mark as read").click()
    expect(person.page.get_by_text("You are aligned")).to_be_visible()


def test_from_publishing_to_knowing_who_is_missing(company: Company) -> None:
    title, ines, maya, joao = "No load leaves without a code", company.ines, company.maya, company.joao
    morning = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if morning - datetime.now(UTC) < timedelta(seconds=15):
        morning += timedelta(minutes=1)
    _works(joao, morning)
    maya.goes("/tab")

    published = time.monotonic()
    id = _publishes(ines, title)

    # Maya sees it on the tab that is open, and marks it as read there.
    item = maya.page.locator(f'[data-id="{id}"]')
    expect(item).to_be_visible(timeout=5_000 + 1000 * (time.monotonic() - published))
    item.get_by_role("button", name="Mark as read").click()
    expect(maya.page.get_by_text("1 of 3 have confirmed.")).to_be_visible()

    # It is nobody else's.
    for stranger in (company.charlie, company.poe):
        stranger.page.expected = ["404"]  # type: ignore[attr-defined]
        assert stranger.goes(f"/a/{id}") == 404
        assert stranger.page.request.get(f"{company.hub.url}/api/v1/announcements/{id}").status == 404

    # Joao does nothing. His nudge comes when his working morning has begun, not before.
    until(lambda: _nudges(company, joao, title), seconds=100, what="a nudge to Joao")
    assert datetime.now(UTC) >= morning
    (nudge,) = _nudges(company, joao, title)
    html = nudge.get_body(("html",))
    assert html
    assert "six-digit" in html.get_content()
    assert nudge["List-Unsubscribe"] is None or nudge["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    _confirms_by(nudge, joao)

    # The numbers say two of three, and name the third.
    ines.goes(f"/a/{id}/analytics")
    assert ines.page.locator('[data-slot="acknowledged"]').inner_text() == "2"
    assert ines.page.locator('[data-slot="recipients"]').inner_text() == "3"
    missing = ines.page.get_by_role("region", name="Table of who is missing").locator("tbody strong")
    assert missing.all_inner_texts() == ["Lourdes Santos"]


def test_a_worker_killed_between_publishing_and_fan_out_loses_nothing(company: Company) -> None:
    worker = _the_worker(company)
    os.kill(worker, signal.SIGSTOP)
    id = _publishes(company.ines, "Killed before fan-out")
    assert company.ines.get(f"announcements/{id}/reach")["recipients"] == 0

    os.kill(worker, signal.SIGKILL)

    company.maya.goes("/tab")
    expect(company.maya.page.locator(f'[data-id="{id}"]')).to_be_visible(timeout=30_000)
    reach = until(lambda: (r := company.ines.get(f"announcements/{id}/reach"))["recipients"] == 3 and r)
    assert reach["progress"]["done"] == reach["progress"]["total"] == 3
    assert _the_worker(company) != worker


def test_a_worker_killed_between_claim_and_submission_nudges_exactly_once(company: Company) -> None:
    title, sink, maya = "Killed before submission", company.sink, company.maya
    _works_round_the_clock(maya)
    worker = _the_worker(company)
    sink.hold()
    _publishes(company.ines, title)
    assert sink.waiting.wait(30), "no worker began to submit"

    os.kill(worker, signal.SIGKILL)
    sink.release()

    until(lambda: _nudges(company, maya, title), seconds=40, what="a nudge to Maya")
    time.sleep(6)  # longer than a lease: a second one would have come by now
    assert len(_nudges(company, maya, title)) == 1


def test_a_picture_is_made_by_the_worker_and_shown_to_its_audience_alone(company: Company) -> None:
    ines, hub = company.ines, company.hub
    file = {"name": "dock.jpg", "mimeType": "image/jpeg", "buffer": picture((2400, 1600), "JPEG")}
    sent = ines.page.request.post(f"{hub.url}/api/v1/images", multipart={"file": file}, headers=ines._csrf()).json()
    until(lambda: ines.get(f"images/{sent['id']}")["state"] == "ready", what="the picture")
    shown = f'<p>Look.</p><img src="{sent["src"]}" width="2400" height="1600" alt="Dock 4 from above">'
    audience = {"person_ids": [company.maya.get("me")["id"]]}
    draft = ines.post("announcements", {"title": "How dock 4 looks now", "body": shown, "audience": audience})
    ines.post(f"announcements/{draft['id']}/publish", {})

    until(lambda: company.maya.goes(f"/a/{draft['id']}") == 200, what="reaching Maya")

    seen = company.maya.page.get_by_alt_text("Dock 4 from above")
    until(lambda: seen.evaluate("image => image.complete && image.naturalWidth"), what="loading")
    for other in (company.charlie, company.poe):
        assert other.page.request.get(hub.url + sent["src"]).status == 404
