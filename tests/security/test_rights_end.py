"""Rights end with the role that gave them, at once, everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people

LOOKS = ("reach", "missing", "versions", "nudges")


@pytest.fixture
def out(api: Any, olga: people.Person, operations: people.Group) -> int:
    """Return what Olga published to Operations, which Ines manages."""
    olgas = api(olga)
    draft = {"title": "Dock 4", "audience": {"group_ids": [operations.id]}, "ask_acknowledge": True}
    id = olgas.post("announcements", draft).json()["id"]
    olgas.post(f"announcements/{id}/publish")
    delivery.fan_out(announcement_id=id, now=datetime.now(UTC))
    return int(id)


@pytest.mark.parametrize("look", LOOKS)
def test_who_manages_the_group_no_longer_sees_no_numbers(
    look: str, api: Any, out: int, olga: people.Person, ines: people.Person, operations: people.Group
) -> None:
    assert api(ines).get(f"announcements/{out}/{look}").status_code == 200

    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=datetime.now(UTC))

    assert api(ines).get(f"announcements/{out}/{look}").status_code == 404
    assert api(ines).get(f"announcements/{out}").json()["manages"] is False


@pytest.mark.parametrize("look", LOOKS)
def test_who_manages_the_group_since_today_sees_them(
    look: str, api: Any, out: int, olga: people.Person, maya: people.Person, operations: people.Group
) -> None:
    now = datetime.now(UTC)
    people.add_member(by=olga.id, group_id=operations.id, person_id=maya.id, role="manager", now=now)

    assert api(maya).get(f"announcements/{out}/{look}").status_code == 200


def test_a_manager_of_the_group_sees_numbers_and_is_not_offered_to_edit(
    api: Any, out: int, ines: people.Person
) -> None:
    seen = api(ines).get(f"announcements/{out}").json()

    assert (seen["manages"], seen["changes"]) == (True, False)
