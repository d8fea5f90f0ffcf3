"""Who manages an announcement sees it; everybody else is told that there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join

DAY = timedelta(days=1)
Sees = Callable[[people.Person, publishing.Announcement], bool]


@pytest.fixture
def sees(now: datetime) -> Sees:
    def look(person: people.Person, it: publishing.Announcement, at: datetime = now) -> bool:
        try:
            return publishing.find(by=person.id, announcement_id=it.id, now=at).id == it.id
        except errors.NotFound:
            return False

    return look


@pytest.fixture
def everybody(
    ines: people.Person,
    hugo: people.Person,
    adam: people.Person,
    olga: people.Person,
    maya: people.Person,
    charlie: people.Person,
) -> dict[str, people.Person]:
    return {
        "author": ines,
        "manager": hugo,
        "admin": adam,
        "owner": olga,
        "member": maya,
        "stranger": charlie,
    }


def seen_by(everybody: dict[str, people.Person], it: publishing.Announcement, sees: Sees) -> set[str]:
    return {role for role, person in everybody.items() if sees(person, it)}


def test_a_draft_is_its_authors_and_the_admins(
    everybody: dict[str, people.Person], draft: publishing.Announcement, sees: Sees
) -> None:
    assert seen_by(everybody, draft, sees) == {"author", "admin", "owner"}


def test_what_is_out_is_the_groups_managers_too(
    everybody: dict[str, people.Person], notice: publishing.Announcement, sees: Sees
) -> None:
    assert seen_by(everybody, notice, sees) == {"author", "manager", "admin", "owner"}


def test_who_manages_the_group_no_longer_sees_it_no_longer(
    olga: people.Person, hugo: people.Person, operations: people.Group, notice: publishing.Announcement, now: datetime
) -> None:
    people.end_membership(by=olga.id, group_id=operations.id, person_id=hugo.id, now=now + DAY)

    with pytest.raises(errors.NotFound):
        publishing.find(by=hugo.id, announcement_id=notice.id, now=now + DAY)
    with pytest.raises(errors.NotFound):
        publishing.versions(by=hugo.id, announcement_id=notice.id, now=now + DAY)


def test_who_came_to_manage_the_group_sees_what_was_said_before(
    olga: people.Person, operations: people.Group, notice: publishing.Announcement, now: datetime
) -> None:
    nils = join(olga, "Nils Aune", "Europe/Oslo", now + DAY)
    people.add_member(by=olga.id, group_id=operations.id, person_id=nils.id, role="manager", now=now + DAY)

    assert len(publishing.versions(by=nils.id, announcement_id=notice.id, now=now + DAY)) == 1


def test_somebody_deactivated_sees_nothing_and_does_nothing(
    olga: people.Person, ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    people.deactivate(by=olga.id, person_id=ines.id, now=now)

    for attempt in (
        lambda: publishing.find(by=ines.id, announcement_id=draft.id, now=now),
        lambda: publishing.mine(by=ines.id, now=now),
        lambda: publishing.create(by=ines.id, draft=publishing.Draft(), now=now),
        lambda: publishing.publish(announcement_id=draft.id, by=ines.id, now=now),
        lambda: publishing.count_audience(by=ines.id, audience=draft.audience, now=now),
    ):
        with pytest.raises(errors.NotFound):
            attempt()


def test_a_manager_who_is_not_the_author_reads_its_words_and_leaves_them(
    hugo: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    for attempt in (
        lambda: publishing.correct(
            announcement_id=notice.id, by=hugo.id, draft=publishing.Draft(title="x"), change="typo", now=now
        ),
        lambda: publishing.withdraw(announcement_id=notice.id, by=hugo.id, reason="Wrong dock.", now=now),
        lambda: publishing.discard(announcement_id=notice.id, by=hugo.id, now=now),
        lambda: publishing.publish(announcement_id=notice.id, by=hugo.id, now=now),
    ):
        with pytest.raises(publishing.NotAuthor):
            attempt()

    assert publishing.get(announcement_id=notice.id) == notice


def test_members_and_strangers_change_nothing_and_learn_nothing(
    maya: people.Person, charlie: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    for person in (maya, charlie):
        for attempt in (
            lambda by: publishing.revise(announcement_id=draft.id, by=by, draft=publishing.Draft(title="x"), now=now),
            lambda by: publishing.publish(announcement_id=draft.id, by=by, now=now),
            lambda by: publishing.discard(announcement_id=draft.id, by=by, now=now),
            lambda by: publishing.versions(by=by, announcement_id=draft.id, now=now),
        ):
            with pytest.raises(errors.NotFound):
                attempt(person.id)

    assert publishing.get(announcement_id=draft.id) == draft


def test_a_list_holds_ones_own_and_what_is_out_for_who_manages_it(
    everybody: dict[str, people.Person], draft: publishing.Announcement, now: datetime
) -> None:
    said = publishing.Draft(title="Out", audience=draft.audience)
    out = publishing.create(by=everybody["author"].id, draft=said, now=now + DAY)
    publishing.publish(announcement_id=out.id, by=everybody["author"].id, now=now + DAY)

    titles = {
        role: [item.title for item in publishing.mine(by=person.id, now=now + DAY)]
        for role, person in everybody.items()
    }

    assert titles["author"] == ["Out", "Dock 4 closes"]
    assert titles["admin"] == titles["owner"] == titles["manager"] == ["Out"]
    assert titles["member"] == titles["stranger"] == []


def test_a_list_is_searched_and_read_in_pages(ines: people.Person, operations: people.Group, now: datetime) -> None:
    for n in range(5):
        said = publishing.Draft(title=f"Dock {n}", summary="Even." if n % 2 == 0 else "Odd.")
        publishing.create(by=ines.id, draft=said, now=now + (n // 2) * DAY)

    first = publishing.mine(by=ines.id, now=now, limit=2)
    second = publishing.mine(by=ines.id, now=now, before=(first[-1].created_at, first[-1].id), limit=2)
    third = publishing.mine(by=ines.id, now=now, before=(second[-1].created_at, second[-1].id), limit=2)

    assert [item.title for item in [*first, *second, *third]] == [f"Dock {n}" for n in (4, 3, 2, 1, 0)]
    assert [item.title for item in publishing.mine(by=ines.id, search="odd", now=now)] == ["Dock 3", "Dock 1"]
    assert [item.title for item in publishing.mine(by=ines.id, search="dock 2", now=now)] == ["Dock 2"]


def test_an_audience_is_counted_once_each_by_time_zone(
    olga: people.Person, ines: people.Person, maya: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,), person_ids=(maya.id,))

    counted = publishing.count_audience(by=olga.id, audience=audience, now=now)

    assert (counted.people, counted.timezones) == (3, {"Europe/Amsterdam": 2, "Europe/Lisbon": 1})
    assert [face.name for face in counted.faces] == ["Ines Carvalho", "Joao Matias"]  # one of each zone
    assert counted.text == "Operations; 1 person"
    assert list(counted.timezones) == ["Europe/Amsterdam", "Europe/Lisbon"]


def test_counting_refuses_what_publishing_would(
    ines: people.Person, maya: people.Person, charlie: people.Person, operations: people.Group, now: datetime
) -> None:
    with pytest.raises(people.AudienceNotYours):
        publishing.count_audience(by=ines.id, audience=people.Audience(everyone=True), now=now)
    with pytest.raises(people.AudienceNotYours):
        publishing.count_audience(by=maya.id, audience=people.Audience(group_ids=(operations.id,)), now=now)
    with pytest.raises(errors.Invalid) as refusal:
        publishing.count_audience(by=charlie.id, audience=people.Audience(group_ids=(operations.id,)), now=now)
    assert list(refusal.value.fields) == ["audience"]


def test_ids_that_are_not_there_are_left_out_or_not_found(notice: publishing.Announcement) -> None:
    assert publishing.get_many(ids=[notice.id, 99_999]) == {notice.id: notice}
    with pytest.raises(errors.NotFound):
        publishing.get(announcement_id=99_999)
    with pytest.raises(errors.NotFound):
        publishing.version_get(announcement_id=notice.id, number=2)
