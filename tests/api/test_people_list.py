"""The list of people over the API: filters and sorts, cursors, counts, profiles, and many changed at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from announcements.people import services as people


@pytest.fixture
def olgas(api: Any, olga: people.Person, operations: people.Group, now: datetime) -> Any:
    people.invite(by=olga.id, email="nadia@northwind.test", name="Nadia Okafor", now=now)
    people.seen(person_id=olga.id, on=date(2026, 11, 16))
    return api(olga)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["name", "last_seen_on", "joined", "role"])
def test_the_pages_of_any_sort_hold_everybody_once(olgas: Any, sort: str, order: str) -> None:
    path = first = f"people?limit=1&sort={sort}&order={order}"
    found = []
    while True:
        page = olgas.get(path).json()
        found += [person["id"] for person in page["results"]]
        assert page["total"] == 5
        if page["next"] is None:
            break
        path = f"{first}&cursor={page['next']}"

    assert len(found) == len(set(found)) == 5
    assert found == [person["id"] for person in olgas.get(f"people?sort={sort}&order={order}").json()["results"]]


def test_a_cursor_of_another_sort_is_refused(olgas: Any) -> None:
    cursors = {sort: olgas.get(f"people?limit=1&sort={sort}").json()["next"] for sort in ("name", "joined", "role")}
    for sort in cursors:
        for of, cursor in cursors.items():
            answer = olgas.get(f"people?sort={sort}&cursor={cursor}")
            assert answer.status_code == (200 if sort == of else 422), (sort, of)


def test_the_list_is_filtered_and_says_groups(olgas: Any, operations: people.Group) -> None:
    page = olgas.get(f"people?group_id={operations.id}&search=lind&state=active&role=member&not_seen_since=2026-11-17")

    [maya] = page.json()["results"]
    assert [(group["name"], group["role"], group["by_rule"]) for group in maya["groups"]] == [
        ("Operations", "member", False)
    ]
    assert page.json()["total"] == 1
    for wrong in ("role=boss", "state=gone", "not_seen_since=soon", "sort=password", "order=up", "group=1"):
        assert olgas.get(f"people?{wrong}").status_code == 422, wrong
    assert olgas.get("people?group_id=999999").status_code == 404


def test_the_counts_are_those_of_the_lists(olgas: Any, operations: people.Group) -> None:
    counts = olgas.get("people/counts").json()

    assert counts["total"] == olgas.get("people").json()["total"] == olgas.get("workspace").json()["people"]
    assert counts["states"] == {"invited": 1, "waiting": 0, "active": 4, "deactivated": 0}
    assert counts["groups"] == [{"id": operations.id, "people": 3}]
    for zone in counts["timezones"]:
        assert olgas.get(f"people?timezone={zone['name']}").json()["total"] == zone["people"]


def test_a_profile_has_groups_and_hours_and_tells_admins_more(
    olgas: Any, api: Any, maya: people.Person, joao: people.Person
) -> None:
    seen = olgas.get(f"people/{joao.id}").json()
    assert (seen["work_days"], seen["work_starts"], seen["work_ends"]) == ([0, 1, 2, 3, 4], "09:00", "18:00")
    assert seen["groups"][0]["started_at"]
    assert seen["invited_at"]
    assert api(maya).get(f"people/{joao.id}").json()["invited_at"] is None


def test_many_are_changed_and_each_is_answered_for(
    olgas: Any, olga: people.Person, joao: people.Person, charlie: people.Person
) -> None:
    answer = olgas.post("people/bulk", {"person_ids": [joao.id, olga.id, charlie.id], "action": "deactivate"})

    assert answer.status_code == 200
    assert [(one["person_id"], one["done"], one["code"]) for one in answer.json()["results"]] == [
        (joao.id, True, ""),
        (olga.id, False, "yourself"),
        (charlie.id, False, "not_found"),
    ]
    assert (answer.json()["done"], answer.json()["refused"]) == (1, 2)
    assert olgas.get("people/counts").json()["states"]["deactivated"] == 1


def test_taking_out_is_undone_by_adding_with_the_role_it_had(
    olgas: Any, ines: people.Person, operations: people.Group
) -> None:
    given = {"person_ids": [ines.id], "group_id": operations.id}
    [gone] = olgas.post("people/bulk", given | {"action": "remove_from_group"}).json()["results"]
    olgas.post("people/bulk", given | {"action": "add_to_group", "group_role": gone["was"]})

    [group] = olgas.get(f"people/{ines.id}").json()["groups"]
    assert group["role"] == gone["was"] == "manager"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "deactivate"}, "person_ids"),
        ({"person_ids": [], "action": "deactivate"}, "person_ids"),
        ({"person_ids": list(range(1, 502)), "action": "deactivate"}, "person_ids"),
        ({"person_ids": ["1"], "action": "deactivate"}, "person_ids.0"),
        ({"person_ids": [1], "action": "delete"}, "action"),
        ({"person_ids": [1], "action": "add_to_group"}, "group_id"),
        ({"person_ids": [1], "action": "change_role"}, "role"),
        ({"person_ids": [1], "action": "deactivate", "role": "owner"}, "role"),
    ],
)
def test_what_cannot_be_done_to_many_is_said_by_field(olgas: Any, body: Any, field: str) -> None:
    answer = olgas.post("people/bulk", body)

    assert answer.status_code == 422
    assert {error["field"].partition(".")[0] for error in answer.json()["errors"]} == {field.partition(".")[0]}
