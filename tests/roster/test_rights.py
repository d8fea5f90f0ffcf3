"""What of a list is for owners alone is refused before the first row is written, whoever had it checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.roster import services as roster
from tests.conftest import join
from tests.roster.conftest import everybody, worked

Bring = Callable[..., roster.Import]
NEW = "name,email,role\nBen K,ben@northwind.test,\n"


@pytest.fixture
def adam(olga: people.Person, now: datetime) -> people.Person:
    """Return an admin."""
    admin = join(olga, "Adam Ferreira", "Europe/Lisbon", now)
    return people.change_role(by=olga.id, person_id=admin.id, role="admin", now=now)


@pytest.fixture
def back(bring: Bring, olga: people.Person, maya: people.Person, now: datetime) -> roster.Import:
    """Return a list of which an owner has decided that it lets Maya in again."""
    people.deactivate(by=olga.id, person_id=maya.id, now=now)
    one = bring(f"{NEW}Maya Lindqvist,maya@northwind.test,\n")
    roster.decide(by=olga.id, import_id=one.id, decision=roster.Decision("deactivated", "use"), now=now)
    worked(one.id, now)
    return one


def test_an_admin_imports_no_list_that_lets_people_in_again(
    back: roster.Import, adam: people.Person, now: datetime
) -> None:
    with pytest.raises(errors.Forbidden):
        roster.start(by=adam.id, import_id=back.id, now=now)

    assert roster.get(by=adam.id, import_id=back.id).stage == "checked"


@pytest.mark.parametrize("who", ["Eve K,eve@northwind.test", "Maya Lindqvist,maya@northwind.test"])
def test_an_admin_imports_no_list_that_makes_owners(
    bring: Bring, adam: people.Person, maya: people.Person, who: str, now: datetime
) -> None:
    one = bring(f"{NEW}{who},owner\n")

    with pytest.raises(errors.Forbidden):
        roster.start(by=adam.id, import_id=one.id, now=now)

    assert roster.get(by=adam.id, import_id=one.id).stage == "checked"


def test_an_admin_takes_back_no_list_that_let_people_in_again(
    back: roster.Import, olga: people.Person, adam: people.Person, now: datetime
) -> None:
    roster.start(by=olga.id, import_id=back.id, now=now)
    worked(back.id, now)

    with pytest.raises(errors.Forbidden):
        roster.undo(by=adam.id, import_id=back.id, now=now)

    assert roster.get(by=adam.id, import_id=back.id).stage == "imported"
    assert {everybody(olga, now)[name].state for name in ("Ben K", "Maya Lindqvist")} == {"invited", "active"}


def test_an_admin_imports_and_takes_back_everything_else(
    bring: Bring, olga: people.Person, adam: people.Person, now: datetime
) -> None:
    one = bring(NEW)

    roster.start(by=adam.id, import_id=one.id, now=now)
    worked(one.id, now)
    roster.undo(by=adam.id, import_id=one.id, now=now)
    worked(one.id, now)

    assert roster.get(by=adam.id, import_id=one.id).stage == "undone"
    assert "Ben K" not in everybody(olga, now)
