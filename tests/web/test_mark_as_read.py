"""The page behind the link of a nudge: who it is for, who may press its button, and where one signs in first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from announcements.delivery import services as delivery
from announcements.delivery.channels import tokens
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.web.conftest import PRESSED, signed_in


@pytest.fixture
def item(announce: Callable[..., publishing.Announcement]) -> publishing.Announcement:
    return announce("New badges")


@pytest.fixture
def address(maya: people.Person, item: publishing.Announcement) -> str:
    key = tokens.Claim(maya.id, maya.epoch, item.id, item.version)
    return "/m/" + tokens.make(key, "acknowledge")


@pytest.fixture
def strict(olga: people.Person, at: datetime) -> None:
    people.update_workspace(by=olga.id, changes=people.WorkspaceChanges(sign_in_to_acknowledge=True), now=at)


def confirmed(item: publishing.Announcement) -> list[int]:
    return [facts.recipient_id for facts in delivery.facts(announcement_id=item.id) if facts.acknowledged_at]


def seen(page: Any) -> str:
    """Return what the form of a page says of when it was shown."""
    [since] = re.findall(r'name="shown" value="([^"]+)"', said(page))
    return str(since)


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_its_reader_confirms_signed_in_or_not(maya: people.Person, item: publishing.Announcement, address: str) -> None:
    for browser in (signed_in(maya), Client(enforce_csrf_checks=True)):
        assert "You are aligned" in said(browser.post(address, headers=PRESSED))
    assert confirmed(item) == [maya.id]


@pytest.mark.parametrize("agent", ["Chrome/126.0 Safari/537.36", "Gecko/20100101 Firefox/128.0"])
def test_a_script_that_sends_the_form_is_nobody(item: publishing.Announcement, address: str, agent: str) -> None:
    told = {"User-Agent": f"Mozilla/5.0 {agent}", "Sec-Fetch-Mode": "navigate"}
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        form = {"shown": seen(Client().get(address))}
        clock.shift(60)
        again = said(Client().post(address, form, headers=told))

    assert "press the button again" in again and "asks you to confirm" in again
    assert confirmed(item) == []


def test_where_the_browser_does_not_say_who_sent_it_a_person_takes_a_look_first(
    maya: people.Person, joao: people.Person, item: publishing.Announcement, address: str
) -> None:
    told = {"User-Agent": "Mozilla/5.0 (iPhone) AppleWebKit/605.1 Safari/604.1", "Sec-Fetch-Mode": "navigate"}
    another = "/m/" + tokens.make(tokens.Claim(joao.id, joao.epoch, item.id, item.version), "acknowledge")
    phone = Client(enforce_csrf_checks=True)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        form = {"shown": seen(phone.get(address))}
        for early in (form, {}, {"shown": "1"}, {"shown": f"{form['shown']}x"}):
            assert "press the button again" in said(phone.post(address, early, headers=told))
        clock.shift(2)
        assert "press the button again" in said(phone.post(another, form, headers=told))
        assert confirmed(item) == []
        assert "You are aligned" in said(phone.post(address, form, headers=told))
    assert confirmed(item) == [maya.id]


def test_who_is_signed_in_as_somebody_else_is_told_so(
    ines: people.Person, item: publishing.Announcement, address: str
) -> None:
    browser = signed_in(ines)
    shown, refused = said(browser.get(address)), said(browser.post(address, headers=PRESSED))

    for page in (shown, refused):
        assert "This mail was sent to somebody else" in page
        assert "Only Maya Lindqvist can confirm" in page
        assert 'method="post"' not in page.partition("<main")[2]
    assert "somebody else" in refused
    assert confirmed(item) == []


@pytest.mark.usefixtures("strict")
def test_where_the_company_asks_for_it_one_signs_in_first(
    maya: people.Person, item: publishing.Announcement, address: str
) -> None:
    anybody = Client()
    shown, refused = said(anybody.get(address)), said(anybody.post(address, headers=PRESSED))

    assert f"/accounts/login/?next={address}" in shown
    assert "sign in before you confirm" in refused
    assert confirmed(item) == []
    assert "You are aligned" in said(signed_in(maya).post(address, headers=PRESSED))
    assert confirmed(item) == [maya.id]


def test_an_admin_sets_whether_one_signs_in_first(olga: people.Person) -> None:
    browser = signed_in(olga)
    form = {
        "name": "Northwind", "timezone": "Europe/Lisbon", "work_starts": "09:00", "work_ends": "18:00",
        "work_days": ["0"], "brand_hue": "165", "nudge_hours": ["24"], "privacy": "standard", "retention_days": "90",
    }  # fmt: skip
    for sent, kept in ((form | {"sign_in_to_acknowledge": "1"}, True), (form, False)):
        assert browser.post("/settings/workspace", sent).status_code == 302
        assert people.workspace(workspace_id=olga.workspace_id).sign_in_to_acknowledge is kept
        assert ('name="sign_in_to_acknowledge" value="1" checked' in said(browser.get("/settings/workspace"))) is kept
