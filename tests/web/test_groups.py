"""The pages of groups, without a script and in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from announcements.people import services as people
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.conftest import join
from tests.web.conftest import signed_in, text

pytestmark = pytest.mark.django_db
BROWSER = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
WAYS: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
RULE = {"filled": "rule", "match": "all", "field": ["location"], "test": ["is"], "value": ["porto"]}


def in_browser(test: Any) -> Any:
    for mark in BROWSER:
        test = mark(test)
    return test


def members(group: people.Group, by: people.Person, at: datetime) -> set[str]:
    found = people.members(by=by.id, group_id=group.id, at=at)
    return {f"{person.name.split()[0]} {membership.role}" for person, membership in found}


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(minutes=1)


@pytest.fixture
def company(
    olga: people.Person, joao: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> dict[str, people.Group]:
    """Return groups of every kind: nested, described, ruled, one of them closed."""
    where = {joao.id: ("Porto", "Dispatcher"), maya.id: ("Rotterdam", "Key account manager")}
    for id, (location, title) in where.items():
        changes = people.PersonChanges(location=location, title=title)
        people.update_person(by=olga.id, person_id=id, changes=changes, now=now)
    for name in ("Aisha Bello", "Dario Fuentes", "Hanneke de Vries"):
        person = join(olga, name, "Europe/Amsterdam", now)
        people.add_member(by=olga.id, group_id=operations.id, person_id=person.id, now=now)
    rule = people.Rule((people.Condition("location", "is", "Porto"),))
    about = people.About(description="Docks, lanes and customs: everybody who moves freight.")
    freight = people.create_group(by=olga.id, name="Freight", kind="division", about=about, now=now)
    moved = people.GroupChanges(parent_id=freight.id)
    people.update_group(by=olga.id, group_id=operations.id, changes=moved, now=now)
    made = {
        "Freight": freight,
        "Operations": operations,
        "Customs": people.create_group(by=olga.id, name="Customs", kind="function", parent_id=operations.id, now=now),
        "Porto": people.create_group(by=olga.id, name="Porto", kind="location", about=people.About(rule=rule), now=now),
        "On call": people.create_group(by=olga.id, name="On call this week", now=now),
        "Old": people.create_group(by=olga.id, name="Summer fair", kind="project", now=now),
    }
    people.close_group(by=olga.id, group_id=made["Old"].id, now=now)
    return made


# -- without a script ------------------------------------------------------------------------------------------------


def test_no_groups_say_what_to_do(olga: people.Person, maya: people.Person) -> None:
    for person, said in ((olga, "Begin with the functions"), (maya, "Admins and owners make groups")):
        shown = text(signed_in(person).get("/groups"))
        assert "No groups yet" in shown
        assert said in shown


def test_groups_show_as_they_nest_with_managers_and_counts(maya: people.Person, company: Any) -> None:
    shown = text(signed_in(maya).get("/groups"))

    assert "5 groups, one filled by a rule." in shown
    assert re.search(r"Divisions Freight .*?6 people Operations .*?Ines Carvalho 6 people Customs", shown)
    assert "Locations Porto filled by a rule" in shown
    assert "Projects" not in shown
    assert "One closed group Summer fair closed" in shown
    assert "New group" not in shown
    found = text(signed_in(maya).get("/groups?search=CUST"))
    assert ("Customs" in found, "Freight" in found) == (True, False)
    assert "No group is called" in text(signed_in(maya).get("/groups?search=nothing"))


def test_a_group_with_a_rule_is_made_after_a_look_at_whom_it_matches(
    olga: people.Person, joao: people.Person, company: Any, later: datetime
) -> None:
    browser = signed_in(olga)
    form = {"name": "Lisbon time", "kind": "other", "description": "Up late", **RULE, "parent_id": ""}

    seen = text(browser.post("/groups/new", form | {"do": "preview"}))
    more = browser.post("/groups/new", form | {"do": "more"}).content.decode()
    assert "One person matches: Joao Matias." in seen
    assert more.count('name="value"') == 3
    assert not any(group.name == "Lisbon time" for group in people.groups(by=olga.id))

    shown = text(browser.post("/groups/new", form | {"do": "save"}, follow=True))
    assert "everybody whose location is porto . Managers are chosen by hand." in shown
    assert "Joao Matias" in shown


def test_what_cannot_be_saved_comes_back_as_it_was_sent(olga: people.Person, company: Any) -> None:
    form = {"name": "CUSTOMS", "kind": "function", "description": "Again", "filled": "hand", "parent_id": ""}

    answer = signed_in(olga).post("/groups/new", form)

    assert answer.status_code == 422
    assert "There is a group of this name already." in text(answer)
    assert 'value="CUSTOMS"' in answer.content.decode()
    empty = signed_in(olga).post("/groups/new", form | {"name": "New", "filled": "rule"})
    assert (empty.status_code, empty.content.decode().count('name="filled" value="rule" checked')) == (422, 1)


def test_somebody_is_found_added_made_manager_and_removed(
    ines: people.Person, olga: people.Person, operations: people.Group, at: datetime
) -> None:
    browser, address = signed_in(ines), f"/groups/{operations.id}"
    assert "Olga Berg" in text(browser.get(f"{address}?find=olg"))
    assert "Maya Lindqvist Maya" not in text(browser.get(f"{address}?find=olg"))

    browser.post(address, {"member": olga.id, "from": ""})
    assert "Olga member" in members(operations, ines, at + timedelta(minutes=1))
    browser.post(address, {"manager": olga.id})
    assert "Olga manager" in members(operations, ines, at + timedelta(minutes=1))
    browser.post(address, {"end": olga.id})
    assert not any("Olga" in one for one in members(operations, ines, at + timedelta(minutes=1)))
    assert "Olga Berg" in text(browser.get(f"{address}?when=past"))
    assert browser.post(address, {"do": "nothing"}).status_code == 302


def test_a_change_may_hold_from_a_day_on(
    ines: people.Person, maya: people.Person, olga: people.Person, operations: people.Group, at: datetime
) -> None:
    browser, address = signed_in(ines), f"/groups/{operations.id}"
    day = (at + timedelta(days=9)).strftime("%Y-%m-%d")

    browser.post(address, {"end": maya.id, "from": day})
    browser.post(address, {"member": olga.id, "from": day})

    assert "Olga Berg" in text(browser.get(f"{address}?when=planned"))
    assert members(operations, ines, at + timedelta(days=1)) == {"Ines manager", "Maya member", "Joao member"}
    assert members(operations, ines, at + timedelta(days=10)) == {"Ines manager", "Olga member", "Joao member"}
    refused = browser.post(address, {"end": maya.id, "from": "2020-01-01"})
    assert (refused.status_code, "This has passed." in text(refused)) == (422, True)
    assert browser.post(address, {"end": maya.id, "from": "soon"}).status_code == 422


def test_members_by_rule_have_no_buttons_and_are_refused(
    olga: people.Person, joao: people.Person, maya: people.Person, company: Any
) -> None:
    browser, address = signed_in(olga), f"/groups/{company['Porto'].id}"
    shown = browser.get(f"{address}?find=maya").content.decode()

    assert f'name="end" value="{joao.id}"' not in shown
    assert f'name="member" value="{maya.id}"' not in shown
    assert f'name="manager" value="{maya.id}"' in shown
    refused = browser.post(address, {"member": maya.id})
    assert (refused.status_code, "is filled by a rule" in text(refused)) == (409, True)


def test_a_group_is_moved_and_closed(olga: people.Person, company: Any, at: datetime) -> None:
    browser, soon = signed_in(olga), at + timedelta(minutes=1)
    customs, freight = company["Customs"], company["Freight"]
    browser.post(f"/groups/{customs.id}/edit", {"do": "move", "parent_id": freight.id, "move_at": ""})
    assert people.group(by=olga.id, group_id=customs.id, at=soon).parent_id == freight.id
    refused = browser.post(f"/groups/{freight.id}/edit", {"do": "move", "parent_id": customs.id})
    assert (refused.status_code, "cannot be part of itself" in text(refused)) == (422, True)

    day = (at + timedelta(days=9)).strftime("%Y-%m-%d")
    assert "closes" in text(browser.post(f"/groups/{customs.id}/edit", {"do": "close", "close_at": day}, follow=True))
    assert "Keep the group open" in text(browser.get(f"/groups/{customs.id}/edit"))
    assert "closes" not in text(browser.post(f"/groups/{customs.id}/edit", {"do": "keep"}, follow=True))

    closed = browser.post(f"/groups/{customs.id}/edit", {"do": "close", "close_at": ""}, follow=True)

    assert "This group is closed." in text(closed)
    assert "Find somebody" not in text(closed)
    assert "It can be read, not changed." in text(browser.get(f"/groups/{customs.id}/edit"))
    assert "still has sub-groups" in text(browser.get(f"/groups/{freight.id}/edit"))
    assert "Customs" not in text(browser.get("/announcements/new"))


def test_a_group_is_renamed_and_filled_by_hand_again(olga: people.Person, company: Any, later: datetime) -> None:
    porto = company["Porto"]
    form = {"name": "Porto office", "kind": "location", "description": "By the river", "filled": "hand"}

    shown = text(signed_in(olga).post(f"/groups/{porto.id}/edit", form | {"do": "save"}, follow=True))

    assert "Porto office" in shown
    assert "By the river" in shown
    assert people.group(by=olga.id, group_id=porto.id, at=later).rule is None
    assert members(porto, olga, later) == {"Joao member"}


def test_members_look_and_do_not_touch(
    maya: people.Person, charlie: people.Person, operations: people.Group, company: Any
) -> None:
    shown = text(signed_in(maya).get(f"/groups/{operations.id}"))
    assert "Its managers, admins and owners choose who is in it." in shown
    assert "Find somebody" not in shown
    assert "Change the group" not in shown
    for address in ("/groups/new", f"/groups/{operations.id}/edit"):
        assert signed_in(maya).get(address).status_code == 403
    for address in (f"/groups/{operations.id}", f"/groups/{operations.id}/edit"):
        assert signed_in(charlie).get(address).status_code == 404


# -- in a browser ----------------------------------------------------------------------------------------------------


@in_browser
def test_every_page_of_groups_is_accessible_and_fits(
    browse: Callable[..., Page], olga: people.Person, company: Any, at: datetime
) -> None:
    porto, operations = company["Porto"].id, company["Operations"].id
    addresses = [
        "/groups", "/groups?search=o", f"/groups/{operations}?find=o", f"/groups/{operations}?when=planned", f"/groups/{porto}",
        f"/groups/{company['Old'].id}", "/groups/new", f"/groups/{porto}/edit", f"/groups/{operations}/edit",
    ]  # fmt: skip
    for way in WAYS:
        page = browse(olga, **way)
        for address in addresses:
            page.goto(address)
            page.evaluate("document.fonts.ready")
            looked(page, f"{address}-{'phone' if 'viewport' in way else way['color_scheme']}")
            accessible(page)
        page.goto("about:blank")


@in_browser
def test_a_rule_says_whom_it_matches_while_it_is_written_by_keyboard(
    browse: Callable[..., Page], olga: people.Person, company: Any, at: datetime
) -> None:
    page = browse(olga)
    page.goto("/groups/new")
    page.get_by_label("Name").fill("Porto desk")
    expect(page.get_by_label("With what")).to_be_hidden()
    page.get_by_label("People chosen by hand").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("With what").fill("PORTO")
    expect(page.get_by_text("One person matches: Joao Matias.")).to_be_visible()

    page.get_by_role("button", name="Add a condition").click()
    expect(page.get_by_label("What about the person").nth(1)).to_be_focused()
    page.get_by_label("What about the person").nth(1).select_option("title")
    page.get_by_label("With what").nth(1).fill("astronaut")
    expect(page.get_by_text("Nobody matches.")).to_be_visible()
    page.get_by_label("A person is in it when").select_option("any")
    expect(page.get_by_text("One person matches: Joao Matias.")).to_be_visible()
    looked(page, "-preview")
    accessible(page)
    page.get_by_role("button", name="Create the group").click()

    expect(page.get_by_role("heading", name="Porto desk")).to_be_visible()
    expect(page.get_by_text("location is PORTO or title is astronaut")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Joao Matias"))).to_be_visible()


@in_browser
def test_somebody_is_added_by_keyboard(
    browse: Callable[..., Page], ines: people.Person, olga: people.Person, operations: people.Group
) -> None:
    page = browse(ines)
    page.goto(f"/groups/{operations.id}")
    page.get_by_label("Find somebody to add").fill("berg")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add Olga Berg").press("Enter")

    expect(page.get_by_role("row", name=re.compile("Olga Berg"))).to_be_visible()
    # Enter in the field of the day changes nobody.
    page.get_by_label("Changes hold from").press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("row")).to_have_count(5)


@in_browser
def test_a_manager_reaches_every_button_on_a_phone(
    browse: Callable[..., Page], ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    page = browse(ines, viewport=PHONE)
    page.goto(f"/groups/{operations.id}")

    for does in ("Make manager", "Remove"):
        place = page.get_by_role("button", name=re.compile(f"{does}.*{maya.name}")).bounding_box()
        assert place
        assert place["x"] + place["width"] <= PHONE["width"]
    accessible(page)
