"""What lists said of somebody, for themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from announcements.people import services as people
from announcements.roster import services as roster
from tests.roster.conftest import worked

Bring = Callable[..., roster.Import]


def test_everybody_sees_each_cell_about_them_who_imported_it_and_what_it_changed(
    bring: Bring, olga: people.Person, maya: people.Person, now: datetime
) -> None:
    one = bring(
        "name,email,title,salary\nMaya Lindqvist,maya@northwind.test,Planner,51000\nBen K,ben@northwind.test,,48000\n"
    )
    roster.start(by=olga.id, import_id=one.id, now=now)
    worked(one.id, now)

    (row,) = roster.stored(by=maya.id).rows
    assert row.cells == (
        ("name", "Maya Lindqvist"), ("email", "maya@northwind.test"), ("title", "Planner"), ("salary", "51000"),
    )  # fmt: skip
    assert (row.import_id, row.file_name, row.imported_by_name, row.number) == (one.id, "people.csv", "Olga Berg", 2)
    assert (row.kind, row.changes, row.applied_at, row.undone_at) == ("updated", {"title": ("", "Planner")}, now, None)


def test_a_row_counts_before_it_is_imported_and_being_missing_from_a_list_counts_too(
    bring: Bring, olga: people.Person, maya: people.Person, joao: people.Person, now: datetime
) -> None:
    bring("name,email\nMaya Lindqvist,maya@northwind.test\nBen K,ben@northwind.test\n")
    ben = people.invite(by=olga.id, email="ben@northwind.test", name="Ben K", now=now)
    people.accept(person_id=ben.id, password="a calm long password", now=now)

    kinds = {who: [row.kind for row in roster.stored(by=who).rows] for who in (maya.id, joao.id, ben.id)}

    assert kinds == {maya.id: ["unchanged"], joao.id: ["missing"], ben.id: ["new"]}


def test_what_one_uploaded_is_ones_own_and_no_other_companys_rows_are(
    bring: Bring, olga: people.Person, maya: people.Person, charlie: people.Person, now: datetime
) -> None:
    one = bring("name,email\nCharlie Poe,charlie@southgate.test\n")

    assert [(kept.import_id, kept.rows, kept.stage) for kept in roster.stored(by=olga.id).imports] == [
        (one.id, 1, "checked")
    ]
    assert roster.stored(by=maya.id).imports == ()
    assert roster.stored(by=charlie.id) == roster.Stored((), ())
