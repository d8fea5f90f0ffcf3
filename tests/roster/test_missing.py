"""Who is missing from a list: nobody whom a row may name, whatever is wrong with its address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from announcements.people import services as people
from announcements.roster import services as roster
from tests.roster.conftest import everybody, worked

Bring = Callable[..., roster.Import]


def missing(by: people.Person, import_id: int) -> list[str]:
    return [str(row.values["name"]) for row in roster.rows(by=by.id, import_id=import_id, kind="missing")]


@pytest.mark.parametrize("row", ["M. L.,maya(at)northwind.test", "maya LINDQVIST,", "Maya Lindqvist,not an address"])
def test_who_may_be_named_by_a_row_without_an_address_is_spared(
    row: str, bring: Bring, olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    one = bring(f"name,email\n{row}\n")

    assert (missing(olga, one.id), one.spared, one.unplaced) == (["Joao Matias"], 1, 0)
    roster.start(by=olga.id, import_id=one.id, deactivate_missing=True, now=now)
    worked(one.id, now)
    states = {name: person.state for name, person in everybody(olga, now).items()}
    assert states == {"Olga Berg": "active", "Maya Lindqvist": "active", "Joao Matias": "deactivated"}


def test_skipping_that_row_does_not_make_them_missing(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    one = bring("name,email\nMaya Lindqvist,\n")
    roster.decide(by=olga.id, import_id=one.id, decision=roster.Decision("no_address", "skip"), now=now)
    worked(one.id, now)

    assert (missing(olga, one.id), roster.get(by=olga.id, import_id=one.id).spared) == ([], 1)


def test_a_row_that_may_name_anybody_is_decided_before_anybody_is_deactivated(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    one = bring("name,email\nM L,\n")
    assert (one.counts["missing"], one.spared, one.unplaced) == (1, 0, 1)
    with pytest.raises(roster.Unplaced):
        roster.start(by=olga.id, import_id=one.id, deactivate_missing=True, now=now)

    roster.decide(by=olga.id, import_id=one.id, decision=roster.Decision("no_address", "skip"), now=now)
    worked(one.id, now)
    roster.start(by=olga.id, import_id=one.id, deactivate_missing=True, now=now)
    worked(one.id, now)
    assert everybody(olga, now)["Maya Lindqvist"].state == "deactivated"


def test_an_address_that_was_corrected_counts_as_whose_it_is(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    one = bring("name,email\nM L,\n")
    decision = roster.Decision("no_address", "choose", maya.email)
    roster.decide(by=olga.id, import_id=one.id, decision=decision, now=now)
    worked(one.id, now)

    left = roster.get(by=olga.id, import_id=one.id)
    assert (left.counts["missing"], left.spared, left.unplaced) == (0, 0, 0)
