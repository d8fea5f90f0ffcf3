"""What the pages say and do without a script."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from announcements.delivery import services as delivery
from announcements.delivery.channels import tokens
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.web.conftest import PRESSED, signed_in, text

pytestmark = pytest.mark.django_db


# -- welcome ---------------------------------------------------------------------------------------------------------


def test_an_empty_hub_opens_on_create_your_workspace() -> None:
    assert "Create your workspace" in text(Client().get("/"))
    assert "demo" not in text(Client().get("/"))


def test_while_mail_is_caught_it_offers_the_demo_company_and_signs_in_to_it(settings: Any, tmp_path: Any) -> None:
    settings.MAIL_CATCHER = str(tmp_path)
    visitor = Client()
    assert "Look around with a demo company" in text(visitor.get("/"))

    made = visitor.post("/", follow=True)

    assert "Look around Northwind Freight as Priya Raman" in text(made)


def test_a_founded_hub_asks_to_sign_in(olga: people.Person) -> None:
    assert "Join your company" in text(Client().get("/"))
    assert signed_in(olga).get("/").headers["Location"] == "/tab"


def test_pages_ask_for_a_sign_in_and_come_back(olga: people.Person) -> None:
    answer = Client().get("/announcements?state=draft")

    assert answer.headers["Location"] == "/accounts/login/?next=/announcements%3Fstate%3Ddraft"


# -- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)  # kept feeds are renewed at the commit
@pytest.mark.parametrize(
    ("hours", "said"), [(2, "1 of 1 this week, before the date asked."), (None, "1 of 1 done this week")]
)
def test_the_tab_shows_what_is_owed_and_marks_it_as_read(
    announce: Any, maya: people.Person, at: datetime, hours: int | None, said: str
) -> None:
    item = announce("New badges", deadline=at + timedelta(hours=hours) if hours else None)
    browser = signed_in(maya)
    assert "One thing is waiting for you." in text(browser.get("/tab"))

    answer = browser.post("/tab", {"announcement": item.id, "version": 1}, follow=True)

    assert "You’re aligned" in text(answer)
    assert said in text(answer)
    assert "you confirmed at" in text(answer)


@pytest.mark.django_db(transaction=True)
def test_who_confirmed_after_the_date_is_not_told_otherwise(announce: Any, maya: people.Person, at: datetime) -> None:
    item, browser = announce("New badges", deadline=at + timedelta(hours=2)), signed_in(maya)

    with time_machine.travel(at + timedelta(hours=3)):
        answer = browser.post("/tab", {"announcement": item.id, "version": 1}, follow=True)

    assert "1 of 1 done this week" in text(answer)
    assert "before the date asked" not in text(answer)


def test_an_empty_tab_says_so(maya: people.Person) -> None:
    assert "No announcements yet" in text(signed_in(maya).get("/tab"))


def test_marking_what_has_changed_meanwhile_is_refused_and_shown_again(
    announce: Any, maya: people.Person, ines: people.Person, at: datetime
) -> None:
    item = announce("New badges")
    draft = publishing.Draft(body="<p>Fetch yours at gate 2.</p>")
    publishing.correct(announcement_id=item.id, by=ines.id, draft=draft, change="material", now=at)

    answer = signed_in(maya).post(f"/a/{item.id}", {"version": 1})

    assert answer.status_code == 409
    assert "This has changed since you read it." in text(answer)
    assert "gate 2" in text(answer)


@pytest.mark.django_db(transaction=True)  # kept feeds are renewed at the commit
def test_a_confirmation_is_taken_back_on_the_announcement(announce: Any, maya: people.Person) -> None:
    item, browser = announce(), signed_in(maya)
    assert "You confirmed this on" in text(browser.post(f"/a/{item.id}", {"version": 1}, follow=True))

    browser.post(f"/a/{item.id}", {"do": "undo"})

    assert "One thing is waiting for you." in text(browser.get("/tab"))


@pytest.mark.parametrize("address", ["/a/{id}", "/a/{id}/edit", "/a/{id}/analytics"])
def test_strangers_find_nothing(announce: Any, charlie: people.Person, address: str) -> None:
    answer = signed_in(charlie).get(address.format(id=announce().id))

    assert answer.status_code == 404
    assert "There is nothing here for you" in text(answer)


@pytest.mark.parametrize("address", ["/a/{id}/edit", "/a/{id}/analytics"])
def test_readers_manage_nothing(announce: Any, maya: people.Person, address: str) -> None:
    assert signed_in(maya).get(address.format(id=announce().id)).status_code == 404


def test_who_may_address_nobody_is_told_before_writing(maya: people.Person, operations: people.Group) -> None:
    answer = signed_in(maya).get("/announcements/new")

    assert answer.status_code == 403
    assert "Ask an admin to make you a manager." in text(answer)


def test_who_sees_the_numbers_alone_is_told_who_may_edit(
    announce: Any, olga: people.Person, maya: people.Person, operations: people.Group, at: datetime
) -> None:
    people.add_member(by=olga.id, group_id=operations.id, person_id=maya.id, role="manager", now=at)

    answer = signed_in(maya).get(f"/a/{announce().id}/edit")

    assert answer.status_code == 403
    assert "Admins and owners change it, and its author while they may publish to its audience." in text(answer)


def test_of_what_was_withdrawn_readers_see_the_reason(
    announce: Any, maya: people.Person, ines: people.Person, at: datetime
) -> None:
    item = announce(body="<p>The old text.</p>")
    publishing.withdraw(announcement_id=item.id, by=ines.id, reason="The date was wrong.", now=at)

    shown = text(signed_in(maya).get(f"/a/{item.id}"))

    assert "The date was wrong." in shown
    assert "The old text." not in shown


# -- mail links ------------------------------------------------------------------------------------------------------


def link(person: people.Person, purpose: str, item: publishing.Announcement | None = None) -> str:
    claim = tokens.Claim(person.id, person.epoch, item.id if item else 0, item.version if item else 0)
    return tokens.make(claim, purpose)


def test_opening_the_link_of_a_nudge_confirms_nothing_and_its_button_does(announce: Any, maya: people.Person) -> None:
    item = announce("New badges")
    address, phone = f"/m/{link(maya, 'acknowledge', item)}", Client(enforce_csrf_checks=True)
    assert "asks you to confirm" in text(phone.get(address))
    assert delivery.facts(announcement_id=item.id)[0].acknowledged_at is None

    assert "You are aligned" in text(phone.post(address, headers=PRESSED))

    confirmed = {facts.recipient_id: facts.acknowledged_via for facts in delivery.facts(announcement_id=item.id)}
    assert confirmed[maya.id] == "mail"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_tampered_link_says_what_to_do_instead(announce: Any, maya: people.Person, method: str) -> None:
    address = f"/m/{link(maya, 'acknowledge', announce())}x"

    answer = getattr(Client(), method)(address)

    assert answer.status_code == 404
    assert "Open the announcement on your new tab instead." in text(answer)


# -- numbers, settings, errors ---------------------------------------------------------------------------------------


def test_the_numbers_name_who_is_missing_and_nudge_them(
    announce: Any, ines: people.Person, maya: people.Person, joao: people.Person, at: datetime
) -> None:
    item, browser = announce(), signed_in(ines)
    delivery.acknowledge(by=maya.id, announcement_id=item.id, version=1, now=at)
    shown = text(browser.get(f"/a/{item.id}/analytics"))
    assert "Joao Matias" in shown
    assert "Maya Lindqvist" not in shown

    browser.post(f"/a/{item.id}/nudge", {"person": joao.id, "outside": "on"})

    by_hand = next(step for step in delivery.nudge_plan(by=ines.id, announcement_id=item.id, now=at) if step.step == 0)
    assert by_hand.queued == 1


def test_stopping_leaves_nothing_to_nudge(announce: Any, ines: people.Person, at: datetime) -> None:
    item, browser = announce(), signed_in(ines)
    planned = sum(step.queued for step in delivery.nudge_plan(by=ines.id, announcement_id=item.id, now=at))

    asked = text(browser.post(f"/a/{item.id}/analytics", {"do": "stop"}, follow=True))
    assert f"{planned} planned nudges are dropped." in asked
    assert "This cannot be undone" in asked
    assert sum(step.queued for step in delivery.nudge_plan(by=ines.id, announcement_id=item.id, now=at)) == planned
    assert "Nudging was stopped" not in text(browser.get(f"/a/{item.id}/analytics"))

    browser.post(f"/a/{item.id}/nudge/stop")

    assert sum(step.queued for step in delivery.nudge_plan(by=ines.id, announcement_id=item.id, now=at)) == 0
    for address in (f"/a/{item.id}", f"/a/{item.id}/analytics"):
        assert "Nudging was stopped: " in text(browser.get(address))


def test_a_page_from_before_stops_nothing_where_it_asked_to_nudge(
    announce: Any, ines: people.Person, at: datetime
) -> None:
    item = announce()
    planned = delivery.nudge_plan(by=ines.id, announcement_id=item.id, now=at)

    answer = signed_in(ines).post(f"/a/{item.id}/analytics", {"person": "1"})

    assert answer.headers["Location"] == f"/a/{item.id}/nudge"
    assert delivery.nudge_plan(by=ines.id, announcement_id=item.id, now=at) == planned
    assert sum(step.queued for step in planned)


SETTINGS = {
    "name": "Maya Lind", "title": "Buyer", "timezone": "Asia/Manila", "work_starts": "08:00", "work_ends": "16:30",
    "theme": "dark", "work_days": [0, 1, 2], "pronouns": "she/her", "about": "Buys fuel.", "locale": "en",
    "away.first": ["2026-12-21", "", "2027-03-01"], "away.last": ["2027-01-03", "", ""],
}  # fmt: skip


def test_settings_are_kept(maya: people.Person) -> None:
    signed_in(maya).post("/settings", SETTINGS)

    saved = people.person(person_id=maya.id)
    assert (saved.name, saved.timezone, saved.working_time.days) == ("Maya Lind", "Asia/Manila", (0, 1, 2))
    assert (saved.pronouns, saved.about, saved.locale) == ("she/her", "Buys fuel.", "en")
    assert saved.working_time.away == (
        (date(2026, 12, 21), date(2027, 1, 3)),
        (date(2027, 3, 1), date(2027, 3, 1)),
    )


def test_wrong_settings_are_named_and_shown_again(maya: people.Person) -> None:
    answer = signed_in(maya).post("/settings", SETTINGS | {"timezone": "Mars/Olympus", "name": "Kept in the form"})

    assert answer.status_code == 422
    assert "Unknown time zone" in text(answer)
    assert "Kept in the form" in answer.content.decode()
    assert people.person(person_id=maya.id).timezone == "Europe/Amsterdam"


def test_a_page_from_before_a_sign_in_says_to_reload(maya: people.Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in(maya).cookies

    answer = browser.post("/settings", SETTINGS)

    assert answer.status_code == 403
    assert "This page is out of date" in text(answer)


def test_no_address_shows_a_traceback(maya: people.Person) -> None:
    browser = signed_in(maya)
    for address in ("/nothing", "/a/999999999999999999999", "/a/0", "/m/x", "/unsubscribe/x"):
        assert browser.get(address).status_code == 404, address


def test_the_tab_may_be_kept_by_one_browser_for_one_person_where_that_is_asked_for(maya: people.Person) -> None:
    mayas = signed_in(maya)
    first = mayas.get("/tab", headers={"mantel-copy": "browser"})
    here = {"mantel-copy": "browser", "mantel-files": first["Mantel-Files"]}
    asked, page = mayas.get("/tab", headers=here), mayas.get("/tab")

    assert asked["Cache-Control"].startswith("private, max-age=")
    assert "Cookie" in asked["Vary"]
    marked = re.compile(r"<html [^>]*data-kept")
    assert [bool(marked.search(one.content.decode())) for one in (asked, page)] == [True, False]
    for other in (
        page,
        first,  # what it names may not be there yet
        mayas.get("/tab", headers=here | {"mantel-files": "of a version before"}),
        mayas.get("/tab", headers=here | {"mantel-copy": "worker"}),
        Client().get("/tab", headers=here),
    ):
        assert "max-age" not in other.headers.get("Cache-Control", "")
