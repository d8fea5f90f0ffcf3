"""The trail, as its owners meet it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from django.template.defaultfilters import date

from announcements.audit import services as audit
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.web import trail_words
from tests.delivery.mailing import reach
from tests.web.conftest import signed_in, text


def test_owners_see_who_did_what_and_can_filter_it(olga: people.Person, maya: people.Person, at: datetime) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=at)
    browser = signed_in(olga)

    page = browser.get("/settings/audit").content.decode()
    other = browser.get("/settings/audit", {"verb": "deactivated"}).content.decode()
    wrong = browser.get("/settings/audit", {"since": "yesterday"})

    assert "changed the role of" in page and "was member · now admin" in page
    assert "Nothing of this kind has happened" in other
    assert wrong.status_code == 422 and "Datetime has wrong format" in wrong.content.decode()
    assert signed_in(maya).get("/settings/audit").status_code == 403


def test_every_entry_is_told_in_words_with_the_people_and_groups_it_is_about(
    olga: people.Person, maya: people.Person, operations: people.Group, at: datetime
) -> None:
    docks = people.create_group(by=olga.id, name="Docks", kind="project", now=at)
    people.update_group(by=olga.id, group_id=docks.id, changes=people.GroupChanges(parent_id=operations.id), now=at)
    people.add_member(by=olga.id, group_id=docks.id, person_id=maya.id, role="manager", now=at)
    people.update_person(
        by=olga.id, person_id=maya.id, changes=people.PersonChanges(location="Porto", work_days=(1, 2)), now=at
    )
    people.issue_token(by=olga.id, name="Report", scopes=["people:read"], now=at)

    page = text(signed_in(olga).get("/settings/audit"))

    day = date(at, "j M Y")
    for said in (
        f"put Maya Lindqvist into Docks as manager · from {day}",
        f"moved the group Docks below Operations · from {day}",
        "changed Maya Lindqvist location, working days",
        "made a token Report · may: See people and groups",
        "created the group Docks",
    ):
        assert said in page
    assert not re.search(r"\w_\w|None|\[|\d{4}-\d\d-\d\d", page.partition("Details")[2])


def test_a_look_at_the_names_of_some_says_of_how_many(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, at: datetime
) -> None:
    said = reach(ines, operations, at)
    delivery.nudge_preview(by=ines.id, announcement_id=said.id, person_ids=[maya.id, ines.id], now=at)

    assert "looked at who is missing Dock 4 closes · 2 people" in text(signed_in(olga).get("/settings/audit"))


def test_what_came_by_an_import_or_a_rule_says_so_under_each_name(
    olga: people.Person, maya: people.Person, operations: people.Group, at: datetime
) -> None:
    rule = people.Rule((people.Condition("title", "is", "Driver"),))
    people.create_group(by=olga.id, name="Drivers", kind="function", about=people.About(rule=rule), now=at)
    changes = {maya.id: {"title": ("", "Driver"), "role": ("member", "admin")}}
    people.update_many(by=olga.id, changes=changes, through="import:1", now=at)
    ben = people.Newcomer(email="ben@northwind.test", name="Ben K")
    added = people.enter_many(by=olga.id, newcomers=[ben], through="import:1", now=at)
    people.join_many(by=olga.id, joins={operations.id: added.values()}, through="import:1", now=at)
    people.withdraw_many(by=olga.id, person_ids=added.values(), through="import_undone:1", now=at)

    page = text(signed_in(olga).get("/settings/audit"))

    for said in (
        "changed the role of Maya Lindqvist was member · now admin · by an import",
        "changed Maya Lindqvist job title · by an import",
        f"put Maya Lindqvist into Drivers as member · from {date(at, 'j M Y')} · by its rule",
        "added somebody who is gone ben@northwind.test · as member · by an import",
        f"put somebody who is gone into Operations as member · from {date(at, 'j M Y')} · by an import",
        "removed somebody who is gone Ben K · ben@northwind.test · by undoing an import",
    ):
        assert said in page


def test_a_verb_or_a_detail_without_words_is_shown_and_not_hidden(olga: people.Person, at: datetime) -> None:
    audit.note(workspace_id=olga.workspace_id, by=olga.id, verb="moon_landed", details={"crew_size": 3}, at=at)

    page = text(signed_in(olga).get("/settings/audit"))

    assert "moon landed" in page
    assert "crew size: 3" in page


def test_every_verb_there_is_has_words() -> None:
    written = "".join(path.read_text() for path in Path("announcements").rglob("*.py"))
    one_by_one = r'verb="(\w+)"|_?note\(\w+, (?:by, )?"(\w+)"|_tell\(\w+, (?:by, )?"(\w+)"'
    many_at_once = r'(?:\(|yield )"(\w+)", (?:f"\w+:|subject)'
    verbs = set(re.findall(f"{one_by_one}|{many_at_once}", written))
    named = {name for found in verbs for name in found if name}

    assert len(named) > 30
    assert named - set(trail_words.SENTENCES) == set()
