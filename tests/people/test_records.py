"""What admins write about others."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from announcements.kernel import errors
from announcements.people import events
from announcements.people import services as people


def test_an_admin_writes_where_somebody_is_and_when_they_work(
    olga: people.Person, maya: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    changes = people.PersonChanges(
        name=" Olga  B. ",
        title="Chair",
        location="Porto ",
        timezone="Europe/Lisbon",
        work_days=(4, 0),
        work_ends=time(16),
    )

    changed = people.update_person(by=maya.id, person_id=olga.id, changes=changes, now=now)

    assert (changed.name, changed.title, changed.location) == ("Olga B.", "Chair", "Porto")
    assert (changed.working_time.days, changed.working_time.ends) == ((0, 4), time(16))
    assert people.person(person_id=olga.id) == changed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (people.PersonChanges(name=" "), "name"),
        (people.PersonChanges(location="x" * 81), "location"),
        (people.PersonChanges(timezone="Mars"), "timezone"),
        (people.PersonChanges(work_days=(7,)), "work_days"),
        (people.PersonChanges(work_starts=time(18), work_ends=time(18)), "work_ends"),
        (people.PersonChanges(work_starts=time(18)), "work_starts"),  # as it ends already
    ],
)
def test_what_cannot_be_is_refused_by_field(
    olga: people.Person, maya: people.Person, changes: people.PersonChanges, field: str, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        people.update_person(by=olga.id, person_id=maya.id, changes=changes, now=now)
    assert list(refusal.value.fields) == [field]
    assert people.person(person_id=maya.id) == maya


def test_only_admins_of_the_same_workspace_do(
    maya: people.Person, ines: people.Person, charlie: people.Person, now: datetime
) -> None:
    changes = people.PersonChanges(location="Porto")
    with pytest.raises(errors.Forbidden):
        people.update_person(by=ines.id, person_id=maya.id, changes=changes, now=now)
    with pytest.raises(errors.NotFound):
        people.update_person(by=charlie.id, person_id=maya.id, changes=changes, now=now)


def test_it_is_told_to_those_above(olga: people.Person, maya: people.Person, now: datetime) -> None:
    heard = list[dict[str, Any]]()

    def listen(**told: Any) -> None:
        heard.append(told)

    events.noted.connect(listen)
    try:
        people.update_person(by=olga.id, person_id=maya.id, changes=people.PersonChanges(location="Porto"), now=now)
    finally:
        events.noted.disconnect(listen)

    [told] = heard
    assert (told["verb"], told["subject"], told["by"]) == ("person_changed", f"person:{maya.id}", olga.id)
    assert (told["details"], told["workspace_id"], told["at"]) == ({"fields": ["location"]}, olga.workspace_id, now)
