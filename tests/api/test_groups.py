"""Groups over the API: rules, dates, and what is refused in which field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from announcements.people import services as people

RULE = {
    "match": "any",
    "conditions": [
        {"field": "location", "test": "is", "value": "Porto"},
        {"field": "title", "test": "contains", "value": "driver"},
    ],
}


def day(number: int) -> str:
    return (datetime.now(UTC) + timedelta(days=number)).isoformat()


@pytest.fixture
def olgas(api: Any, olga: people.Person) -> Any:
    return api(olga)


def test_a_group_filled_by_a_rule_is_made_previewed_and_emptied(
    olgas: Any, maya: people.Person, joao: people.Person
) -> None:
    assert olgas.patch(f"people/{joao.id}", {"location": "Porto"}).json()["location"] == "Porto"
    seen = olgas.post("groups/preview", {"rule": RULE}).json()
    made = olgas.post("groups", {"name": "Porto", "kind": "location", "description": "By the river", "rule": RULE})

    assert [person["id"] for person in seen["examples"]] == [joao.id]
    assert (seen["people"], seen["starts"], seen["ends"]) == (1, 1, 0)
    group = made.json()
    assert made.status_code == 201, group
    assert group["rule"] == RULE
    assert group["rule_in_words"] == seen["in_words"] == "location is Porto or title contains driver"
    assert (group["people"], group["description"], group["filling"]) == (1, "By the river", False)

    refused = olgas.post(f"groups/{group['id']}/members", {"person_id": maya.id})
    assert (refused.status_code, refused.json()["code"]) == (409, "filled_by_rule")
    by_hand = olgas.patch(f"groups/{group['id']}", {"rule": None}).json()
    assert (by_hand["rule"], by_hand["people"]) == (None, 1)
    assert olgas.post(f"groups/{group['id']}/members", {"person_id": maya.id}).status_code == 201


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"conditions": []}, "rule.conditions"),
        ({"conditions": [{"field": "password", "test": "is", "value": "x"}]}, "rule.conditions.0.field"),
        ({"conditions": [{"field": "role", "test": "is", "value": "boss"}]}, "rule.conditions.0.value"),
        ({"conditions": [{"field": "title", "test": "regex", "value": "(a+)+"}]}, "rule.conditions.0.test"),
        ({"conditions": [{"field": "title", "test": "is", "value": "x", "or": 1}]}, "rule.conditions.0.or"),
        ("title is x", "rule"),
    ],
)
def test_a_rule_that_cannot_be_names_its_field(olgas: Any, rule: object, field: str) -> None:
    for path, body in (("groups", {"name": "New", "rule": rule}), ("groups/preview", {"rule": rule})):
        answer = olgas.post(path, body)
        assert answer.status_code == 422, answer.content
        assert [error["field"].removesuffix(".non_field_errors") for error in answer.json()["errors"]] == [field]
    assert olgas.get("groups").json()["results"] == []


def test_a_reorganization_is_planned_and_seen_on_its_date(
    olgas: Any, operations: people.Group, maya: people.Person
) -> None:
    sales = olgas.post("groups", {"name": "Sales"}).json()["id"]
    changes = [
        {"do": "end", "group_id": operations.id, "person_id": maya.id},
        {"do": "start", "group_id": sales, "person_id": maya.id, "role": "manager"},
        {"do": "move", "group_id": operations.id, "parent_id": sales},
    ]

    answer = olgas.post("groups/reorganize", {"changes": changes, "at": day(7)})

    assert answer.status_code == 200, answer.content
    assert [group["parent_id"] for group in answer.json()["results"]] == [sales, None]
    assert olgas.get(f"groups/{operations.id}").json()["parent_id"] is None
    later = olgas.get(f"groups?at={day(8)}".replace("+", "%2B")).json()["results"]
    assert {group["name"]: group["parent_id"] for group in later} == {"Operations": sales, "Sales": None}
    planned = olgas.get(f"groups/{sales}/members?when=planned").json()["results"]
    assert [(one["person"]["id"], one["role"]) for one in planned] == [(maya.id, "manager")]
    assert olgas.get(f"groups/{sales}/members").json()["results"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"do": "move"}, "changes.0.parent_id"),
        ({"do": "start"}, "changes.0.person_id"),
        ({"do": "end", "role": "member", "person_id": 1}, "changes.0.role"),
        ({"do": "close", "parent_id": None}, "changes.0.parent_id"),
        ({"do": "delete"}, "changes.0.do"),
    ],
)
def test_a_change_needs_what_its_kind_needs(
    olgas: Any, operations: people.Group, change: dict[str, Any], field: str
) -> None:
    answer = olgas.post("groups/reorganize", {"changes": [change | {"group_id": operations.id}]})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_closed_group_leaves_the_list_and_stays_readable(
    olgas: Any, operations: people.Group, maya: people.Person
) -> None:
    closed = olgas.post(f"groups/{operations.id}/close").json()

    assert closed["ended_at"]
    assert olgas.get("groups").json()["results"] == []
    assert [one["id"] for one in olgas.get("groups?closed=true").json()["results"]] == [operations.id]
    assert olgas.get(f"groups/{operations.id}").json()["name"] == "Operations"
    assert len(olgas.get(f"groups/{operations.id}/members?when=past").json()["results"]) == 3
    again = olgas.post(f"groups/{operations.id}/close")
    assert (again.status_code, again.json()["code"]) == (409, "group_closed")


def test_a_membership_ends_on_a_date(olgas: Any, operations: people.Group, maya: people.Person) -> None:
    at = day(3).replace("+", "%2B")
    assert olgas.delete(f"groups/{operations.id}/members/{maya.id}?at={at}").status_code == 204

    members = olgas.get(f"groups/{operations.id}/members").json()["results"]
    assert [one["ended_at"] is not None for one in members if one["person"]["id"] == maya.id] == [True]
    refused = olgas.delete(f"groups/{operations.id}/members/{maya.id}?at=2020-01-01T00:00:00Z")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "at")


def test_past_members_come_in_pages(olgas: Any, operations: people.Group) -> None:
    for member in olgas.get(f"groups/{operations.id}/members").json()["results"]:
        olgas.delete(f"groups/{operations.id}/members/{member['person']['id']}")
    seen, path = list[str](), f"groups/{operations.id}/members?when=past&limit=2"

    first = olgas.get(path).json()
    rest = olgas.get(f"{path}&cursor={first['next']}").json()

    seen = [one["person"]["name"] for page in (first, rest) for one in page["results"]]
    assert seen == ["Maya Lindqvist", "Joao Matias", "Ines Carvalho"]
    assert rest["next"] is None


def test_a_group_says_who_manages_it_and_whether_i_do(
    api: Any, operations: people.Group, ines: people.Person, maya: people.Person
) -> None:
    for person, mine in ((ines, True), (maya, False)):
        group = api(person).get(f"groups/{operations.id}").json()
        assert group["managers"] == [{"id": ines.id, "name": "Ines Carvalho"}]
        assert group["manages"] is mine


def test_a_manager_chooses_members_and_nothing_else(
    api: Any, operations: people.Group, ines: people.Person, maya: people.Person, olga: people.Person
) -> None:
    hers = api(ines)

    assert hers.post(f"groups/{operations.id}/members", {"person_id": olga.id}).status_code == 201
    assert hers.delete(f"groups/{operations.id}/members/{olga.id}").status_code == 204
    for answer in (
        hers.patch(f"groups/{operations.id}", {"name": "Mine"}),
        hers.post(f"groups/{operations.id}/close"),
        hers.post("groups", {"name": "New"}),
        hers.patch(f"people/{maya.id}", {"location": "Porto"}),
    ):
        assert answer.status_code == 403
