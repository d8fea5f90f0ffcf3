"""Importing what was checked, in batches that may die between any two lines; undoing it; taking the list along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from announcements.audit import services as audit
from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import services as roster
from tests.roster.conftest import everybody, worked

Bring = Callable[..., roster.Import]
LIST = (
    "name,email,title,location,time zone,team\nMaya L,maya@northwind.test,Planner,Porto,Europe/Lisbon,Operations\n"
    "Ben K,ben@northwind.test,Cook,Porto,Europe/Lisbon,Customs;Operations\nEve K,eve@northwind.test,,,,Customs\n"
)


@pytest.fixture
def decided(bring: Bring, olga: people.Person, operations: people.Group, now: datetime) -> roster.Import:
    """Return an import that is ready: it updates Maya, adds Ben and Eve, and creates Customs."""
    one = bring(LIST)
    roster.decide(by=olga.id, import_id=one.id, decision=roster.Decision("group", "use"), now=now)
    worked(one.id, now)
    return one


def standing(by: people.Person, now: datetime) -> dict[str, tuple[str, str, str]]:
    """Return everybody's state, title and groups."""
    names = people.group_names(workspace_id=by.workspace_id)
    return {
        name: (one.state, one.title, ", ".join(sorted(names[id] for id in one.group_ids)))
        for name, one in everybody(by, now).items()
    }


def verbs(olga: people.Person) -> list[str]:
    return [entry.verb for entry in audit.entries(by=olga.id, asked=audit.Asked())]


def test_an_import_writes_what_was_checked(olga: people.Person, decided: roster.Import, now: datetime) -> None:
    roster.start(by=olga.id, import_id=decided.id, now=now)
    worked(decided.id, now)

    one = roster.get(by=olga.id, import_id=decided.id)
    assert (one.stage, one.done, one.total, one.failed) == ("imported", 3, 3, 0)
    assert standing(olga, now) == {
        "Olga Berg": ("active", "", ""),
        "Ines Carvalho": ("active", "", "Operations"),
        "Joao Matias": ("active", "", "Operations"),
        "Maya L": ("active", "Planner", "Operations"),
        "Ben K": ("invited", "Cook", "Customs, Operations"),
        "Eve K": ("invited", "", "Customs"),
    }
    done = [verb for verb in verbs(olga) if verb.startswith(("import", "groups"))]
    assert done == ["import_finished", "groups_created", "import_started"]


def test_an_import_killed_between_batches_goes_on_and_repeats_nothing(
    olga: people.Person, decided: roster.Import, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=decided.id, now=now)
    assert roster.work(import_id=decided.id, most=1, now=now)
    assert roster.get(by=olga.id, import_id=decided.id).done == 1

    later = now + timedelta(minutes=5)
    assert roster.waiting(now=now) == []
    assert roster.waiting(now=later) == [decided.id]
    worked(decided.id, later, most=1)
    roster.work(import_id=decided.id, now=later)

    assert (roster.waiting(now=later + timedelta(days=1)), len(everybody(olga, later))) == ([], 6)
    assert verbs(olga).count("import_finished") == 1


def test_the_same_file_again_is_unchanged(
    bring: Bring, olga: people.Person, decided: roster.Import, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=decided.id, now=now)
    worked(decided.id, now)

    assert bring(LIST).counts["unchanged"] == 3


def test_who_takes_an_address_meanwhile_keeps_it(olga: people.Person, decided: roster.Import, now: datetime) -> None:
    people.invite(by=olga.id, email="ben@northwind.test", name="Another Ben", now=now)
    roster.start(by=olga.id, import_id=decided.id, now=now)
    worked(decided.id, now)

    one = roster.get(by=olga.id, import_id=decided.id)
    assert (one.stage, one.failed, "Ben K" in everybody(olga, now)) == ("imported", 1, False)


def test_what_somebody_changed_since_the_check_is_left_and_said(
    bring: Bring, olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    people.create_group(by=olga.id, name="Customs", kind="function", now=now)
    one = bring(
        "name,email,title,location,team\n,maya@northwind.test,Cook,Porto,Customs\n,joao@northwind.test,Cook,,\n"
    )
    people.update_person(by=olga.id, person_id=maya.id, changes=people.PersonChanges(title="Chief"), now=now)
    people.update_person(by=olga.id, person_id=joao.id, changes=people.PersonChanges(title="Cook"), now=now)
    roster.start(by=olga.id, import_id=one.id, now=now)
    worked(one.id, now)

    there = people.find(by=olga.id, person_id=maya.id)
    assert (there.title, there.location) == ("Chief", "")
    assert standing(olga, now)["Maya Lindqvist"][2] == "Operations"
    said = roster.get(by=olga.id, import_id=one.id)
    assert (said.failed, said.kept) == (1, 0)
    rows = {row.number: row.fault for row in roster.rows(by=olga.id, import_id=one.id, kind="updated")}
    assert rows == {2: "changed", 3: ""}  # what is as the list wants it is no obstacle
    roster.undo(by=olga.id, import_id=one.id, now=now)
    worked(one.id, now)
    said = roster.get(by=olga.id, import_id=one.id)
    assert (said.failed, said.kept, said.done, said.total) == (1, 0, 1, 1)


def test_whoever_may_no_longer_stops_the_import_and_another_admin_goes_on(
    bring: Bring, olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    for admin in (maya, joao):
        people.change_role(by=olga.id, person_id=admin.id, role="admin", now=now)
    one = bring("name,email\nBen K,ben@northwind.test\nEve K,eve@northwind.test\n", by=maya)
    roster.start(by=maya.id, import_id=one.id, now=now)
    roster.work(import_id=one.id, most=1, now=now)
    people.change_role(by=olga.id, person_id=maya.id, role="member", now=now)
    worked(one.id, now, most=1)

    stopped = roster.get(by=joao.id, import_id=one.id)
    assert (stopped.stage, stopped.fault) == ("stopped", "Only admins and owners may do this.")
    roster.start(by=joao.id, import_id=one.id, now=now)
    worked(one.id, now)
    assert roster.get(by=joao.id, import_id=one.id).stage == "imported"
    assert {"Ben K", "Eve K"} <= set(everybody(olga, now))


def test_who_is_missing_stays_unless_an_owner_says_otherwise(
    bring: Bring, olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    people.change_role(by=olga.id, person_id=maya.id, role="admin", now=now)
    one = bring("name,email\nBen K,ben@northwind.test\n")
    assert one.counts["missing"] == 2
    with pytest.raises(errors.Forbidden):
        roster.start(by=maya.id, import_id=one.id, deactivate_missing=True, now=now)
    roster.start(by=olga.id, import_id=one.id, deactivate_missing=True, now=now)
    worked(one.id, now)

    states = {name: state for name, (state, *_more) in standing(olga, now).items()}
    assert states == {"Olga Berg": "active", "Maya Lindqvist": "deactivated", "Joao Matias": "deactivated", "Ben K": "invited"}  # fmt: skip
    with pytest.raises(errors.Conflict):
        roster.start(by=olga.id, import_id=one.id, now=now)
    roster.undo(by=olga.id, import_id=one.id, now=now)
    worked(one.id, now)
    assert standing(olga, now)["Maya Lindqvist"][0] == "active"


def test_undo_restores_what_nobody_changed_since(
    olga: people.Person, maya: people.Person, decided: roster.Import, now: datetime
) -> None:
    before = standing(olga, now)
    roster.start(by=olga.id, import_id=decided.id, now=now)
    worked(decided.id, now, most=1)
    later = now + timedelta(days=1)
    people.update_person(by=olga.id, person_id=maya.id, changes=people.PersonChanges(title="Chief"), now=later)
    people.accept(person_id=everybody(olga, later)["Eve K"].id, password="a calm long password", now=later)

    roster.undo(by=olga.id, import_id=decided.id, now=later)
    worked(decided.id, later)

    after = standing(olga, later)
    assert after.pop("Maya Lindqvist") == ("active", "Chief", "Operations")
    assert after.pop("Eve K") == ("active", "", "Customs")
    del before["Maya Lindqvist"]
    assert after == before
    one = roster.get(by=olga.id, import_id=decided.id)
    assert (one.stage, one.kept) == ("undone", 2)
    assert [(row.number, row.fault) for row in roster.rows(by=olga.id, import_id=one.id) if row.fault] == [(2, "changed"), (4, "joined")]  # fmt: skip
    assert verbs(olga)[0] == "import_undone"


def test_undo_closes_groups_that_it_leaves_empty_and_ends_after_seven_days(
    olga: people.Person, decided: roster.Import, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=decided.id, now=now)
    worked(decided.id, now)
    with pytest.raises(roster.NotNow):
        roster.undo(by=olga.id, import_id=decided.id, now=now + timedelta(days=7, seconds=1))
    later = now + timedelta(days=6)
    roster.undo(by=olga.id, import_id=decided.id, now=later)
    worked(decided.id, later)

    assert [group.name for group in people.groups(by=olga.id, at=later)] == ["Operations"]


def test_somebody_deactivated_comes_back_when_an_owner_says_so(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    people.deactivate(by=olga.id, person_id=maya.id, now=now)
    one = bring("name,email\nMaya Lindqvist,maya@northwind.test\n")
    roster.decide(by=olga.id, import_id=one.id, decision=roster.Decision("deactivated", "use"), now=now)
    worked(one.id, now)
    roster.start(by=olga.id, import_id=one.id, now=now)
    worked(one.id, now)
    assert everybody(olga, now)["Maya Lindqvist"].state == "active"

    roster.undo(by=olga.id, import_id=one.id, now=now)
    worked(one.id, now)
    assert everybody(olga, now)["Maya Lindqvist"].state == "deactivated"


def test_what_is_exported_is_imported_as_unchanged(
    bring: Bring, olga: people.Person, operations: people.Group, now: datetime
) -> None:
    for name in ("Sales | EMEA", "R&D; Ops", '"Night" shift', 'The "best"; the rest', "=cmd", "a, b", '12" | screens'):
        group = people.create_group(by=olga.id, name=name, now=now)
        people.add_member(by=olga.id, group_id=group.id, person_id=olga.id, now=now)
    people.invite(by=olga.id, email="eq@northwind.test", name="=SUM(A1), the 2nd", now=now)
    people.deactivate(
        by=olga.id, person_id=people.invite(by=olga.id, email="gone@northwind.test", name="Gone", now=now).id, now=now
    )

    taken = "".join(roster.export(by=olga.id, now=now))

    assert '"\'=SUM(A1), the 2nd"' in taken
    assert "Gone" not in taken
    one = bring(taken)
    assert (one.counts["unchanged"], one.rows, one.counts["missing"]) == (5, 5, 0)
    assert "people_exported" in verbs(olga)
