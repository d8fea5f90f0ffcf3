"""Settings of the company and the first run without a script."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from announcements.joining import services as joining
from announcements.people import services as people
from announcements.publishing import services as publishing
from announcements.web.tab_settings import ICONS
from tests.mail_servers import Temper, listening
from tests.pictures import picture
from tests.web.conftest import signed_in, text

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Fjord", "timezone": "Europe/Oslo", "work_starts": "08:00", "work_ends": "16:00", "work_days": ["0", "1"],
    "brand_hue": "30", "nudge_hours": ["12", "", "36.5"], "privacy": "works_council", "retention_days": "30",
}  # fmt: skip


@pytest.fixture
def ada(olga: people.Person, maya: people.Person, now: datetime) -> people.Person:
    """Return Maya as an admin."""
    return people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)


def kept(person: people.Person) -> people.Workspace:
    return people.workspace(workspace_id=person.workspace_id)


def test_an_owner_sets_the_workspace(olga: people.Person) -> None:
    answer = signed_in(olga).post("/settings/workspace", FORM, follow=True)

    saved = kept(olga)
    assert (saved.name, saved.timezone, saved.work_days, saved.brand_hue) == ("Fjord", "Europe/Oslo", (0, 1), 30)
    assert (saved.nudge_hours, saved.privacy, saved.retention_days) == ((12, 36.5), "works_council", 30)
    assert 'href="/brand/30.css"' in answer.content.decode()


def test_an_admin_sets_it_like_an_owner(olga: people.Person, ada: people.Person) -> None:
    signed_in(ada).post("/settings/workspace", FORM)

    assert (kept(olga).name, kept(olga).privacy, kept(olga).retention_days) == ("Fjord", "works_council", 30)


@pytest.mark.parametrize("address", ["/settings/workspace", "/settings/mail", "/settings/tab"])
def test_members_are_told_who_may(maya: people.Person, address: str) -> None:
    answer = signed_in(maya).get(address)

    assert answer.status_code == 403
    assert "Only admins and owners set up the workspace." in text(answer)
    assert address not in signed_in(maya).get("/settings").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nudge_hours", ["48", "24"]),
        ("brand_hue", "red"),
        ("retention_days", "1"),
        ("name", ""),
        ("work_ends", "08:00"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_the_form_as_it_was_sent(
    olga: people.Person, field: str, value: Any
) -> None:
    answer = signed_in(olga).post("/settings/workspace", FORM | {field: value})

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert 'value="08:00"' in answer.content.decode()
    assert kept(olga).timezone == "Europe/Amsterdam"


def test_the_logo_is_uploaded_shown_and_removed(olga: people.Person, maya: people.Person) -> None:
    browser = signed_in(olga)
    file = SimpleUploadedFile("logo.png", picture(), "image/png")
    answer = browser.post("/settings/workspace", {"do": "logo", "logo": file}, follow=True)
    (address,) = re.findall(r'class="brand-mark logo" src="([^"]+)"', answer.content.decode())
    assert signed_in(maya).get(address).headers["Content-Type"] == "image/png"

    svg = SimpleUploadedFile("logo.png", b"<svg/>", "image/png")
    refused = browser.post("/settings/workspace", {"do": "logo", "logo": svg})
    assert (refused.status_code, "SVG and HTML can carry code" in text(refused)) == (422, True)

    browser.post("/settings/workspace", {"do": "remove_logo"})
    assert kept(olga).logo == ""


def test_the_brand_is_two_lines_for_whoever_asks(client: Any) -> None:
    answer = client.get("/brand/285.css")

    assert answer.content.decode() == "@layer tokens {\n:root { --brand-h: 285; } }\n"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/brand/360.css").status_code == 404


# -- the new tab -----------------------------------------------------------------------------------------------------

ROWS = {
    "clocks.label": ["", "Manila", ""], "clocks.timezone": ["Europe/Lisbon", "Asia/Manila", ""],
    "links.label": ["Handbook", ""], "links.url": ["https://handbook.test/", ""], "links.icon": ["book-open", "link"],
}  # fmt: skip


def test_rows_left_empty_are_left_out_and_a_clock_is_named_after_its_city(olga: people.Person) -> None:
    signed_in(olga).post("/settings/tab", ROWS)

    assert [(clock.label, clock.timezone) for clock in kept(olga).clocks] == [
        ("Lisbon", "Europe/Lisbon"),
        ("Manila", "Asia/Manila"),
    ]
    assert [link.url for link in kept(olga).links] == ["https://handbook.test/"]


@pytest.mark.parametrize(
    ("do", "zones"),
    [
        ("down-clocks-0", ["Asia/Manila", "Europe/Lisbon", ""]),
        ("up-clocks-1", ["Asia/Manila", "Europe/Lisbon", ""]),
        ("up-clocks-0", ["Europe/Lisbon", "Asia/Manila", ""]),
        ("remove-clocks-0", ["Asia/Manila", ""]),
        ("add-clocks", ["Europe/Lisbon", "Asia/Manila", "", ""]),
        ("up-clocks-99", ["Europe/Lisbon", "Asia/Manila", ""]),
    ],
)
def test_without_a_script_rows_move_on_the_page_and_are_saved_later(
    olga: people.Person, do: str, zones: list[str]
) -> None:
    answer = signed_in(olga).post("/settings/tab", ROWS | {"do": do})

    shown = answer.content.decode().partition("<template")[0]
    lists = re.findall(r'<select name="clocks.timezone".*?</select>', shown, re.S)
    assert [(re.findall(r"<option selected>(.+?)<", one) or [""])[0] for one in lists] == zones
    assert "Not saved yet." in text(answer)
    assert kept(olga).clocks == ()


def test_a_bad_address_is_told_in_its_row(olga: people.Person) -> None:
    answer = signed_in(olga).post("/settings/tab", ROWS | {"links.url": ["http://handbook.test/", ""]})

    assert answer.status_code == 422
    assert 'href="#id_links.0.url"' in answer.content.decode()
    assert text(answer).count("begins with https://.") >= 2


def test_the_icons_of_the_page_are_those_of_the_door() -> None:
    assert tuple(ICONS) == people.ICONS


# -- mail ------------------------------------------------------------------------------------------------------------


def test_mail_is_set_tried_and_given_up_without_ever_showing_the_password(
    olga: people.Person, ada: people.Person
) -> None:
    browser = signed_in(olga)
    with listening(Temper()) as port:
        sent = {
            "own": "yes",
            "host": "127.0.0.1",
            "port": str(port),
            "tls": "none",
            "user": "hub",
            "password": "right",
            "sender": "hub@northwind.test",
        }
        answer = browser.post("/settings/mail", sent | {"do": "save-try"})
        assert "The server took the test mail" in text(answer)
        browser.post("/settings/mail", sent | {"password": "", "sender": "news@northwind.test", "do": "save"})
    shown = browser.get("/settings/mail").content.decode() + signed_in(ada).get("/settings/mail").content.decode()
    assert "news@northwind.test" in shown and "kept; type to replace it" in shown
    assert "right" not in re.sub(r"copyright|arrow-right", "", answer.content.decode() + shown).replace("to right", "")
    assert "Save and send" not in signed_in(ada).get("/settings/mail").content.decode()

    browser.post("/settings/mail", {"own": "no", "do": "save"})

    assert people.mail_settings(by=olga.id) is None


def test_a_wrong_server_is_refused_at_its_field(olga: people.Person) -> None:
    sent = {
        "own": "yes",
        "host": "smtp server",
        "port": "x",
        "tls": "starttls",
        "user": "",
        "sender": "hub@northwind.test",
    }
    answer = signed_in(olga).post("/settings/mail", sent | {"do": "save"})

    assert answer.status_code == 422
    assert 'href="#id_host"' in answer.content.decode() or 'href="#id_port"' in answer.content.decode()
    assert 'value="smtp server"' in answer.content.decode()


# -- the first run ---------------------------------------------------------------------------------------------------


def test_the_set_up_is_left_and_gone_on_with_and_then_gone(olga: people.Person) -> None:
    browser = signed_in(olga)
    assert browser.get("/setup").headers["Location"] == "/setup/mail"
    assert browser.post("/setup/mail", {"do": "skip"}).headers["Location"] == "/setup/people"
    assert "is not set up yet" in text(browser.get("/tab"))
    assert browser.get("/setup").headers["Location"] == "/setup/people"

    assert browser.post("/setup/people", {"do": "close"}).headers["Location"] == "/tab"

    assert "is not set up yet" not in text(browser.get("/tab"))
    assert browser.post("/setup").headers["Location"] == "/setup/organization"
    assert "is not set up yet" in text(browser.get("/tab"))


def test_gone_through_again_it_leads_from_step_to_step(olga: people.Person) -> None:
    browser = signed_in(olga)
    for step in ("mail", "people", "tab", "announcement"):
        browser.post(f"/setup/{step}", {"do": "skip"})
    browser.post("/setup")

    assert browser.post("/setup/people", {"do": "save"}).headers["Location"] == "/setup/tab"
    assert browser.post("/setup/announcement", {"do": "skip"}).headers["Location"] == "/tab"


def test_the_set_up_is_for_owners(olga: people.Person, ada: people.Person) -> None:
    assert "is not set up yet" not in text(signed_in(ada).get("/tab"))
    for answer in (
        signed_in(ada).get("/setup"),
        signed_in(ada).get("/setup/mail"),
        signed_in(ada).post("/setup/mail", {"do": "skip"}),
    ):
        assert answer.status_code == 403
    assert people.setup(by=olga.id).current == "mail"


def test_steps_that_do_not_exist_are_not_found(olga: people.Person) -> None:
    assert signed_in(olga).get("/setup/lunch").status_code == 404
    assert signed_in(olga).post("/setup/lunch", {"do": "skip"}).status_code == 404


def test_pasted_people_are_invited_and_who_could_not_be_is_said(olga: people.Person, at: datetime) -> None:
    browser = signed_in(olga)
    pasted = "Maya Lindqvist <maya@northwind.test>\njoao.matias@northwind.test; nobody\nolga@northwind.test"
    answer = browser.post("/setup/people", {"pasted": pasted})

    assert answer.status_code == 422
    assert "2 invitations are on their way." in text(answer)
    assert re.search("nobody: .*email", text(answer))
    assert ">nobody</textarea>" in answer.content.decode()  # whoever is here or invited needs no second look
    waiting = joining.invitations(by=olga.id, now=at)
    assert {(one.name, one.email) for one in waiting} == {
        ("Maya Lindqvist", "maya@northwind.test"),
        ("Joao Matias", "joao.matias@northwind.test"),
    }
    assert people.setup(by=olga.id).current == "mail"
    assert browser.post("/setup/people", {"pasted": "maya@northwind.test"}).headers["Location"] == "/setup/tab"
    assert len(joining.invitations(by=olga.id, now=at)) == 2


def test_nobody_pasted_invites_nobody(olga: people.Person, at: datetime) -> None:
    assert signed_in(olga).post("/setup/people", {"pasted": " \n"}).headers["Location"] == "/setup/tab"
    assert joining.invitations(by=olga.id, now=at) == []


def test_the_first_announcement_is_begun_once(olga: people.Person, at: datetime) -> None:
    browser = signed_in(olga)
    first = browser.post("/setup/announcement", {"do": "save"}).headers["Location"]
    again = browser.post("/setup/announcement", {"do": "save"}).headers["Location"]

    (draft,) = publishing.mine(by=olga.id, now=at)
    assert first == again == f"/a/{draft.id}/edit"
    assert (draft.title, draft.audience.everyone, draft.ask_acknowledge) == (
        "Welcome to Northwind on Mantel",
        True,
        True,
    )
    assert "<h2>What you will see</h2>" in draft.body and "&amp;" not in draft.title
    publishing.discard(announcement_id=draft.id, by=olga.id, now=at)
    assert browser.post("/setup/announcement", {"do": "save"}).headers["Location"] != first
