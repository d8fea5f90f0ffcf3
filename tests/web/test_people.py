"""The page of people, without a script and in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.browser import accessible, looked, needs_chromium
from tests.conftest import join
from tests.security.signing import with_app
from tests.web.conftest import signed_in, text
from tests.web.test_browser import SCHEMES

pytestmark = pytest.mark.django_db
BROWSER = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
PLACES = [
    ("Rotterdam", "Europe/Amsterdam"),
    ("Chicago", "America/Chicago"),
    ("Manila", "Asia/Manila"),
    ("Porto", "Europe/Lisbon"),
]
NAMES = ["Aisha Bello", "Ben Kowalczyk", "Dario Fuentes", "Ethan Brooks", "Grace Villanueva", "Hanneke de Vries"]


def in_browser(test: Any) -> Any:
    for mark in BROWSER:
        test = mark(test)
    return test


def names(page: Any) -> list[str]:
    return re.findall(r'data-person="\d+">([^<]+)<', page.content.decode())


@pytest.fixture
def company(
    olga: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> dict[str, people.Person]:
    """Return ten people by first name, in groups of several kinds, one invited, one deactivated."""
    found = {}
    freight = people.create_group(by=olga.id, name="Freight", kind="division", now=now)
    people.update_group(by=olga.id, group_id=operations.id, changes=people.GroupChanges(parent_id=freight.id), now=now)
    for number, name in enumerate(NAMES):
        location, zone = PLACES[number % 4]
        person = join(olga, name, zone, now)
        changes = people.PersonChanges(title="Customs broker", location=location)
        people.update_person(by=olga.id, person_id=person.id, changes=changes, now=now)
        people.add_member(by=olga.id, group_id=operations.id, person_id=person.id, now=now)
        people.seen(person_id=person.id, on=now.date().replace(day=1 + number))
        found[name.split()[0]] = person
    people.invite(by=olga.id, email="nadia@northwind.test", name="Nadia Okafor", now=now)
    people.deactivate(by=olga.id, person_id=found["Ethan"].id, now=now)
    about = people.About(rule=people.Rule((people.Condition("location", "is", "Porto"),)))
    people.create_group(by=olga.id, name="Porto", kind="location", about=about, now=now)
    return found | {"Joao": joao}


def test_the_list_is_filtered_sorted_and_counted(company: Any, olga: people.Person, operations: people.Group) -> None:
    browser = signed_in(olga)
    page = browser.get("/people")

    assert len(names(page)) == 11
    assert "11 people, 9 active, 1 invited, 1 deactivated." in text(page)
    assert "1 to 11 of 11" in text(page)
    assert names(browser.get("/people?sort=last_seen_on&order=desc"))[:2] == ["Olga Berg", "Hanneke de Vries"]
    assert names(browser.get("/people?search=kow")) == ["Ben Kowalczyk"]
    assert names(browser.get("/people?state=deactivated")) == ["Ethan Brooks"]
    assert len(names(browser.get(f"/people?group_id={operations.id}"))) == 9
    assert "Nobody matches" in text(browser.get("/people?search=zzz"))
    tampered = browser.get("/people?cursor=tampered")
    assert tampered.status_code == 422
    assert len(names(tampered)) == 11


def test_pages_lead_on_and_back(olga: people.Person, now: datetime) -> None:
    for number in range(60):
        people.invite(by=olga.id, email=f"p{number:02}@northwind.test", name=f"Person {number:02}", now=now)
    browser = signed_in(olga)
    first = browser.get("/people")
    [onward] = re.findall(r'href="(\?[^"]*)">Next', first.content.decode())
    second = browser.get("/people" + onward.replace("&amp;", "&"))
    [back] = re.findall(r'href="(\?[^"]*)">Previous', second.content.decode())

    assert "1 to 50 of 61" in text(first)
    assert "51 to 61 of 61" in text(second)
    assert len({*names(first), *names(second)}) == 61
    again = browser.get("/people" + back.replace("&amp;", "&"))
    assert names(again) == names(first)
    assert "1 to 50 of 61" in text(again)


def test_members_read_and_choose_nothing(company: Any, maya: people.Person, joao: people.Person) -> None:
    page = signed_in(maya).get("/people")

    assert len(names(page)) == 11
    for absent in ('name="person"', "Last seen", 'name="do"', "Add person"):
        assert absent not in page.content.decode().partition("<dialog")[0]
    one = signed_in(maya).get(f"/people/{joao.id}")
    assert "Operations" in text(one)
    assert "Change role" not in text(one)
    assert signed_in(maya).post(f"/people/{joao.id}", {"do": "role", "role": "owner"}).status_code == 403


def test_many_are_added_and_that_is_undone_without_a_script(
    company: dict[str, people.Person], olga: people.Person, now: datetime
) -> None:
    sales = people.create_group(by=olga.id, name="Sales", now=now)
    browser = signed_in(olga)
    ids = [company["Aisha"].id, company["Ben"].id]

    page = browser.post("/people", {"person": ids, "group": sales.id, "do": "add_to_group"})
    assert "2 people are added to the group." in text(page)
    undo = {"person": re.findall(r'<input type="hidden" name="person" value="(\d+)">', page.content.decode()),
            "group": sales.id, "do": "remove_from_group"}  # fmt: skip
    assert undo["person"] == [str(id) for id in ids]
    assert "2 people are removed from the group." in text(browser.post("/people", undo))


def test_a_manager_taken_out_by_mistake_manages_again(
    company: Any, olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    browser = signed_in(olga)
    chosen = {"person": [ines.id, maya.id], "group": operations.id, "do": "remove_from_group"}
    page = browser.post("/people", chosen).content.decode()
    undo = {name: re.findall(rf'type="hidden" name="{name}" value="(\d+)"', page) for name in ("person", "manager")}
    assert undo == {"person": [str(maya.id)], "manager": [str(ines.id)]}

    browser.post("/people", undo | {"group": operations.id, "do": "add_to_group"})

    pairs = people.members(by=olga.id, group_id=operations.id)
    roles = {person.id: membership.role for person, membership in pairs}
    assert (roles[ines.id], roles[maya.id]) == ("manager", "member")


def test_deactivating_many_asks_first_and_says_who_was_left(
    company: dict[str, people.Person], olga: people.Person
) -> None:
    browser = signed_in(olga)
    chosen = {"person": [company["Ben"].id, olga.id]}

    asked = browser.post("/people", chosen | {"do": "ask_deactivate"})
    assert "Deactivate 2 people?" in text(asked)
    assert people.person(person_id=company["Ben"].id).state == "active"
    done = browser.post("/people", chosen | {"do": "deactivate"})
    assert "One person is deactivated." in text(done)
    assert "This is you." in text(done)
    assert people.person(person_id=company["Ben"].id).state == "deactivated"


def test_one_person_is_changed_on_their_page(
    company: dict[str, people.Person], olga: people.Person, operations: people.Group
) -> None:
    ben = company["Ben"]
    browser, path = signed_in(olga), f"/people/{company['Ben'].id}"
    fields = {"name": "Ben K", "title": "Lead", "location": "Oslo", "timezone": "Europe/Oslo"}

    assert browser.post(path, fields | {"do": "edit"}).status_code == 302
    assert browser.post(path, {"do": "role", "role": "admin"}).status_code == 302
    choice = f'<option value="{operations.id}">'
    assert choice not in browser.get(path).content.decode(), "they are in it already"
    assert browser.post(path, {"do": "leave", "group": operations.id}).status_code == 302
    assert choice in browser.get(path).content.decode()
    found = people.person(person_id=ben.id)
    assert (found.name, found.location, found.role) == ("Ben K", "Oslo", "admin")
    assert "In no group." in text(browser.get(path))
    assert browser.post(path, {"do": "deactivate"}).status_code == 302
    assert people.person(person_id=ben.id).state == "deactivated"
    refused = browser.post(path, fields | {"do": "edit", "timezone": "Mars"})
    assert refused.status_code == 422
    assert "Unknown time zone" in text(refused)
    assert "This is you." in text(browser.get(f"/people/{olga.id}"))


def test_alone_one_is_shown_how_to_invite(olga: people.Person) -> None:
    assert "Only you are here yet" in text(signed_in(olga).get("/people"))


@in_browser
def test_the_pages_are_accessible_and_fit(
    browse: Callable[..., Page], company: Any, olga: people.Person, maya: people.Person
) -> None:
    for way in SCHEMES:
        scheme = "phone" if "viewport" in way else way["color_scheme"]
        for person in (olga, maya):
            page = browse(person, **way)
            page.expected = ["Failed to load"]  # type: ignore[attr-defined]
            page.goto("/people")
            page.evaluate("document.fonts.ready")
            if person is olga:
                page.get_by_label("Choose Grace Villanueva").check()
                page.get_by_label("Choose Ben Kowalczyk").check()
                expect(page.get_by_text("2 selected")).to_be_visible()
            looked(page, f"-list-{person.name.split()[0]}-{scheme}")
            accessible(page)
            page.get_by_role("link", name="Aisha Bello").click()
            expect(page.get_by_role("heading", name="Aisha Bello")).to_be_visible()
            looked(page, f"-drawer-{person.name.split()[0]}-{scheme}")
            accessible(page)
            page.goto(f"/people/{company['Aisha'].id}")
            accessible(page)
            page.goto("about:blank")


@in_browser
def test_people_are_met_by_keyboard_alone(browse: Callable[..., Page], company: Any, olga: people.Person) -> None:
    page = browse(olga)
    page.goto("/people")
    for key in ("j", "j", "k", "j", "x"):
        page.keyboard.press(key)
    expect(page.get_by_label("Choose Ben Kowalczyk")).to_be_checked()
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ben Kowalczyk")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Ben Kowalczyk")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("grace")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 to 1 of 1")).to_be_visible()


@in_browser
def test_the_drawer_changes_a_person_and_takes_it_back(
    browse: Callable[..., Page], company: dict[str, people.Person], olga: people.Person, operations: people.Group
) -> None:
    with_app(company["Ben"])
    page = browse(olga)
    page.expected = ["422"]  # type: ignore[attr-defined]
    page.goto("/people")
    page.get_by_role("link", name="Joao Matias").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Deactivate", exact=True)).to_be_visible()
    expect(drawer.get_by_text("Lost second factor")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Ben Kowalczyk").click()
    expect(drawer.get_by_text("Lost second factor")).to_be_visible()
    expect(drawer.get_by_text("Lost second factor")).to_be_visible()
    choice = drawer.get_by_label("Group to add to").get_by_role("option", name="Operations")
    expect(choice).to_have_count(0)
    drawer.get_by_role("button", name="Remove : Operations").click()
    expect(choice).to_have_count(1)
    expect(drawer.get_by_text("In no group.")).to_be_visible()
    drawer.get_by_role("button", name="Undo").click()
    expect(drawer.get_by_role("link", name="Operations")).to_be_visible()

    drawer.get_by_text("Edit", exact=True).click()
    drawer.get_by_label("Time zone").fill("Mars")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_role("alert")).to_contain_text("Unknown time zone")
    drawer.get_by_label("Time zone").fill("Europe/Oslo")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_text("Europe/Oslo, now")).to_be_visible()

    drawer.get_by_text("Deactivate", exact=True).click()
    drawer.get_by_role("button", name="Deactivate this person").click()
    expect(drawer.get_by_role("button", name="Reactivate")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", name=re.compile("Ben Kowalczyk"))).to_contain_text("Deactivated")
    assert people.person(person_id=company["Ben"].id).state == "deactivated"


@in_browser
def test_many_chosen_on_the_page_are_added_and_undone(
    browse: Callable[..., Page], company: Any, olga: people.Person, now: datetime
) -> None:
    sales = people.create_group(by=olga.id, name="Sales", now=now)
    page = browse(olga)
    page.goto("/people")
    page.get_by_label("Choose all on this page").check()
    expect(page.get_by_text("11 selected")).to_be_visible()
    page.get_by_label("Choose Ethan Brooks").uncheck()
    page.get_by_role("group", name="With those chosen").get_by_text("Groups").click()
    page.get_by_label("Group", exact=True).select_option("Sales")
    page.get_by_role("button", name="Add to group").click()
    expect(page.get_by_text("10 people are added to the group.")).to_be_visible()
    looked(page, "-added")
    accessible(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("10 people are removed from the group.")).to_be_visible()
    assert people.members(by=olga.id, group_id=sales.id) == []
