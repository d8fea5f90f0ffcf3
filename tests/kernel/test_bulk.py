"""Many rows as one value: what is given comes back as it was, whatever it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from announcements.delivery.models import Mention
from announcements.kernel import bulk
from announcements.people.models import Person, Workspace
from announcements.roster import models

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 16, 9, 0, 0, 123456, tzinfo=UTC)
NAMES = ("imported_id", "number", "cells", "kind", "values", "person_id", "changes", "joins", "creates", "problems",
         "decisions", "applied_at", "undone_at", "fault")  # fmt: skip


@pytest.fixture
def imported() -> models.Import:
    return models.Import.objects.create(workspace_id=1, by=1, file_name="a", created_at=AT, acting=1, touched_at=AT)


def row(imported: models.Import, number: int, **given: Any) -> list[Any]:
    plain: dict[str, Any] = {
        "imported_id": imported.pk, "number": number, "cells": [], "kind": "new", "values": {}, "person_id": None, "changes": {},
        "joins": [], "creates": [], "problems": [], "decisions": {}, "applied_at": None, "undone_at": None, "fault": "",
    }  # fmt: skip
    return [(plain | given)[name] for name in NAMES]


def test_what_is_inserted_comes_back(imported: models.Import) -> None:
    cells = ["\"quoted\"; 'too'", "Zoë\n\u2028 \U0001f600 \\u0041", "%s {} $1", ""]
    values = {"name": "O'Neill", "groups": ["a", "b"], "deep": {"none": None, "yes": True, "half": 0.5}}
    given = {"cells": cells, "values": values, "person_id": 2**40, "applied_at": AT, "fault": "it's"}

    bulk.insert(models.ImportRow, NAMES, [row(imported, 2, **given), row(imported, 3)])

    first, second = imported.lines.order_by("number")
    assert {name: getattr(first, name) for name in given} == given
    assert (second.person_id, second.applied_at, second.cells, second.values, second.fault) == (None, None, [], {}, "")


def test_what_is_updated_is_so_in_its_own_row_and_nothing_else(imported: models.Import) -> None:
    bulk.insert(models.ImportRow, NAMES, [row(imported, number, fault="kept") for number in (2, 3, 4)])
    two, three, _four = imported.lines.order_by("number")

    bulk.update(
        models.ImportRow, ["person_id", "joins", "applied_at"], [(two.pk, 7, [1], AT), (three.pk, None, [], None)]
    )

    found = imported.lines.order_by("number").values_list("person_id", "joins", "applied_at", "fault")
    assert list(found) == [(7, [1], AT, "kept"), (None, [], None, "kept"), (None, [], None, "kept")]


def test_what_is_inserted_is_returned_by_what_tells_it_apart(imported: models.Import) -> None:
    given = [row(imported, number) for number in (4, 2, 3)]

    returned = bulk.insert(models.ImportRow, NAMES, given, ("number", "pk"))

    assert dict(returned) == dict(imported.lines.values_list("number", "pk"))


def test_what_is_there_already_stays_as_it_is() -> None:
    Mention.objects.create(recipient_id=1, announcement_id=1, times=3)

    bulk.insert(Mention, ["recipient_id", "announcement_id", "times"], [[1, 1, 9], [1, 2, 1]], again=True)

    assert set(Mention.objects.values_list("announcement_id", "times")) == {(1, 3), (2, 1)}


def test_a_whole_row_has_all_but_what_the_database_gives_it() -> None:
    workspace = Workspace.objects.create(name="Northwind", created_at=AT)
    maya = Person(workspace=workspace, email="maya@northwind.example", name="Maya", work_starts=time(7, 30), invited_at=AT,
                  away=[["2026-12-24", "2026-12-31"]], last_seen_on=date(2026, 11, 16))  # fmt: skip
    columns = bulk.columns_of(Person)

    bulk.insert(Person, columns, [[getattr(maya, name) for name in columns]])

    found = Person.objects.get(email=maya.email)
    assert [getattr(found, name) for name in columns] == [getattr(maya, name) for name in columns]
    assert Person.objects.search("MAYA@").get() == found


def test_a_counter_begins_with_one_and_rises_by_one() -> None:
    for pairs in ([(1, 1), (1, 2)], [(1, 2), (2, 1)], []):
        bulk.count(Mention, ["recipient_id", "announcement_id"], pairs, "times")

    assert set(Mention.objects.values_list("recipient_id", "announcement_id", "times")) == {
        (1, 1, 1),
        (1, 2, 2),
        (2, 1, 1),
    }


def test_nothing_is_nothing(imported: models.Import) -> None:
    bulk.insert(models.ImportRow, NAMES, [])
    bulk.update(models.ImportRow, ["fault"], [])

    assert not imported.lines.exists()


def test_those_among_very_many_ids_are_found(imported: models.Import) -> None:
    bulk.insert(models.ImportRow, NAMES, [row(imported, number) for number in range(2, 6)])
    first, second, *_others = imported.lines.order_by("number").values_list("pk", flat=True)

    def among(*ids: Any) -> set[int]:
        return set(models.ImportRow.objects.filter(pk__in=bulk.among(ids)).values_list("pk", flat=True))

    assert among(first, second, second, 2**40) == {first, second}
    assert among(first, None, 0, 2**63, 2**70) == {first}
    assert among() == set()
