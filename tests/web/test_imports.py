"""The pages of importing people, without a script and in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from announcements.people import services as people
from announcements.roster import services as roster
from tests.browser import PHONE, accessible, looked, needs_chromium
from tests.web.conftest import signed_in, text

pytestmark = pytest.mark.django_db
BROWSER = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    needs_chromium,
]
WAYS: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": PHONE}]
LIST = (
    "Full name;E-mail;Job title;Place;Time zone;Team\n"
    "Maya Lindqvist;maya@northwind.test;Planner;Porto;;Operations\n"
    "Oluwaseun Adeyemi;oluwaseun@northwind.test;Dispatcher;Rotterdam;Europe/Amsterdam;Operations\n"
    "Beatriz Nunes;beatriz@northwind.test;Driver;Porto;Europe/Lisbon;Operations\n"
    "Ben Kowalczyk;ben@northwind.test;Cook;Chicago;CST6;Operations\n"
    "Eve Brooks;eve@northwind.test;Cook;Chicago;CST6;Customer Care\n"
    "Joao Matias;joao@northwind.test;;;;\n"
)


def in_browser(test: Any) -> Any:
    for mark in BROWSER:
        test = mark(test)
    return test


def work(import_id: int) -> None:
    while roster.work(import_id=import_id, now=datetime.now(UTC)):
        pass


def upload(browser: Any, content: str = LIST) -> str:
    answer = browser.post("/people/import", {"file": SimpleUploadedFile("november.csv", content.encode())})
    address = str(answer.headers["Location"])
    work(int(address.rpartition("/")[2]))
    return address


def test_after_seven_days_the_page_shows_counts_and_says_that_the_rest_is_gone(
    olga: people.Person, maya: people.Person, operations: people.Group
) -> None:
    browser = signed_in(olga)
    address = upload(browser)
    import_id = int(address.rpartition("/")[2])
    browser.post(address, {"match": "1", "columns": ["name", "email", "title", "location", "timezone", "groups"]})
    work(import_id)
    browser.post(address, {"start": "1"})
    work(import_id)
    week = datetime.now(UTC) + timedelta(days=7)
    while roster.forget(import_id=import_id, now=week):
        pass

    page = text(browser.get(address))

    assert "What the list said of each person was let go" in page
    assert "updated 1" in page
    assert "Undo the import" not in page
    assert "Oluwaseun" not in page


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Ben;ben@northwind.test;CST6", "every row that would change something needs a decision"),
        ("Maya Lindqvist;maya@northwind.test;", "This file changes nothing."),
    ],
)
def test_a_list_that_changes_nothing_yet_is_not_used_up(
    olga: people.Person, maya: people.Person, joao: people.Person, row: str, said: str
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=datetime.now(UTC))
    admin, owner = signed_in(maya), signed_in(olga)
    address = upload(admin, f"Full name;E-mail;Time zone\n{row}\n")
    admin.post(address, {"match": "1", "columns": ["name", "email", "timezone"]})
    work(int(address.rpartition("/")[2]))

    assert said in text(admin.get(address))
    assert 'name="start"' not in admin.get(address).content.decode()
    assert "Only deactivate who is missing" in text(owner.get(address))


def test_who_may_be_named_by_a_row_without_an_address_is_counted_apart(
    olga: people.Person, maya: people.Person, joao: people.Person
) -> None:
    browser = signed_in(olga)
    address = upload(browser, "name,email\nMaya Lindqvist,\nSomebody Else,\nBen K,ben@northwind.test\n")
    import_id = int(address.rpartition("/")[2])
    browser.post(address, {"match": "1", "columns": ["name", "email"]})
    work(import_id)

    page = text(browser.get(address))
    refused = browser.post(address, {"start": "1", "deactivate_missing": "1"})

    assert "Deactivate the one person missing from the file" in page
    assert "One more person stays: a row without a usable address may be theirs." in page
    assert "First correct or skip the row without a usable address: nothing tells whom it names." in page
    assert (refused.status_code, "nothing tells whom they name" in text(refused)) == (409, True)


def test_a_row_whose_person_was_changed_since_the_check_is_said_to_be_left_out(
    olga: people.Person, maya: people.Person
) -> None:
    browser = signed_in(olga)
    address = upload(browser, "name,email,title\nMaya Lindqvist,maya@northwind.test,Planner\n")
    import_id = int(address.rpartition("/")[2])
    browser.post(address, {"match": "1", "columns": ["name", "email", "title"]})
    work(import_id)
    changes = people.PersonChanges(title="Chief")
    people.update_person(by=olga.id, person_id=maya.id, changes=changes, now=datetime.now(UTC))
    browser.post(address, {"start": "1"})
    work(import_id)

    page = text(browser.get(address))

    assert "One row was not imported: somebody took its address, or changed its person, since the check." in page
    assert "Maya Lindqvist not imported: changed since the check" in page


def test_an_owner_imports_a_list_and_undoes_it(
    olga: people.Person, maya: people.Person, operations: people.Group
) -> None:
    browser = signed_in(olga)
    address = upload(browser)
    import_id = int(address.rpartition("/")[2])
    shown = browser.get(address)
    assert "Match the columns" in text(shown)
    columns = re.findall(r'value="(\w*)" selected', shown.content.decode())
    assert columns == ["name", "email", "title", "location", "timezone", "groups"]

    assert "Checking the rows" in text(browser.post(address, {"match": "1", "columns": columns}, follow=True))
    work(import_id)
    shown = text(browser.get(address))
    assert "november.csv, 6 rows. Nothing has been changed yet." in shown
    assert "Time zone “CST6” is not one we know." in shown
    assert "Use the proposal for all 2" in shown
    assert "Import 3 changes" in shown
    refused = browser.post(address, {"decide": "choose", "problem": "timezone", "row": "5", "value": "Mars"})
    assert (refused.status_code, "This cannot be used here." in text(refused)) == (422, True)
    for given in ({"problem": "timezone", "decide": "use"}, {"problem": "group", "decide": "skip", "row": "6"}):
        browser.post(address, given)
        work(import_id)
    shown = text(browser.get(f"{address}?kind=updated"))
    assert "Job title: – Planner" in shown
    assert "Deactivate the one person missing from the file" in shown
    assert "Import 4 changes" in shown

    assert "Send the 3 new people an invitation" in shown
    assert "Importing" in text(browser.post(address, {"start": "1", "invite_new": "on"}, follow=True))
    work(import_id)
    shown = text(browser.get(address))
    assert "Undo the import" in shown
    assert "Undoing takes back those that were not accepted." in shown
    assert "Beatriz Nunes" in text(browser.get("/people/invitations"))
    assert people.find(by=olga.id, person_id=maya.id).title == "Planner"
    browser.post(address, {"undo": "1"})
    work(import_id)
    assert "Everything is as it was before the import." in text(browser.get(address))
    assert people.find(by=olga.id, person_id=maya.id).title == ""
    assert "november.csv" in text(browser.get("/people/import"))


def test_a_file_that_cannot_be_read_says_why(olga: people.Person) -> None:
    browser = signed_in(olga)

    assert "Line 2: a quotation mark" in text(browser.get(upload(browser, 'name,email\n"Ben" K,b@northwind.test\n')))
    for content, said in ((b"PK\x03\x04", "This is a workbook"), (b"", "The file is empty")):
        refused = browser.post("/people/import", {"file": SimpleUploadedFile("x.xlsx", content)})
        assert (refused.status_code, said in text(refused)) == (422, True)


def test_an_import_that_stands_still_says_so(olga: people.Person) -> None:
    shown = {}
    for ago in (0, 60):
        at = datetime.now(UTC) - timedelta(seconds=ago)
        one = roster.upload(by=olga.id, file_name="november.csv", content=LIST.encode(), now=at)
        shown[ago] = signed_in(olga).get(f"/people/import/{one.id}").content.decode()

    assert ["data-still hidden" in shown[ago] for ago in (0, 60)] == [True, False]
    assert "nothing is done twice" in shown[60]


def test_members_and_strangers_are_kept_out(olga: people.Person, maya: people.Person, charlie: people.Person) -> None:
    address = upload(signed_in(olga))

    assert [signed_in(maya).get(one).status_code for one in ("/people/import", address)] == [403, 403]
    assert "Import people" not in text(signed_in(maya).get("/groups"))
    assert signed_in(charlie).get(address).status_code == 404


@in_browser
def test_every_step_is_accessible_and_fits(
    browse: Callable[..., Page], olga: people.Person, maya: people.Person, operations: people.Group
) -> None:
    browser = signed_in(olga)
    addresses = ["/people/import"]
    for steps in range(5):
        address = upload(browser)
        import_id = int(address.rpartition("/")[2])
        columns = ["name", "email", "title", "location", "timezone", "groups"]
        for given in [{"match": "1", "columns": columns}, {}, {"start": "1"}, {"undo": "1"}][:steps]:
            browser.post(address, given)
            if steps != 1:
                work(import_id)
        addresses.append(address)
    addresses.append(upload(browser, "name,email\n"))
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    lost = roster.upload(by=olga.id, file_name="november.csv", content=LIST.encode(), now=long_ago)
    addresses.append(f"/people/import/{lost.id}")
    for way in WAYS:
        page = browse(olga, **way)
        for n, address in enumerate(addresses):
            page.goto(address)
            page.evaluate("document.fonts.ready")
            looked(page, f"-{n}-{'phone' if 'viewport' in way else way['color_scheme']}")
            accessible(page)
        page.goto("about:blank")


@in_browser
def test_progress_is_shown_and_a_value_is_chosen_by_keyboard(
    browse: Callable[..., Page], olga: people.Person, maya: people.Person, operations: people.Group
) -> None:
    page = browse(olga)
    page.goto("/people/import")
    page.get_by_label("A list of people as CSV").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    )
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="Reading the file")).to_be_visible()
    import_id = int(page.url.rpartition("/")[2])
    work(import_id)
    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_role("heading", name="Checking the rows")).to_be_visible()
    work(import_id)
    expect(page.get_by_role("heading", name="Check before importing")).to_be_visible()
    page.get_by_text("Choose…").first.press("Enter")
    page.get_by_label("Value for row 5").fill("America/Chicago")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Checking the rows")).to_be_visible()
    work(import_id)
    page.get_by_role("button", name="Import 4 changes").click()
    expect(page.get_by_role("heading", name="Importing")).to_be_visible()
    work(import_id)
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible()
