"""What the new tab needs beside the feed: who it is for, clocks and links, and texts to keep."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people


@pytest.fixture
def delivered(published: Any) -> Any:
    """Return what was published, once it has reached everybody."""
    delivery.fan_out(announcement_id=published["id"], now=datetime.now(UTC))
    return published


@pytest.fixture
def device(holding: Any, key: Any) -> Any:
    """Return a function that calls as somebody's new tab does."""
    return lambda person: holding(key(person, "feed:read", "receipts:write"))


def test_a_new_tab_knows_whom_it_is_for_and_what_stands_beside_the_list(
    api: Any, device: Any, olga: people.Person, maya: people.Person
) -> None:
    links = [{"label": "Handbook", "url": "https://handbook.test/", "icon": "book-open"}]
    clocks = [{"label": "Porto", "timezone": "Europe/Lisbon"}]
    api(olga).patch("workspace", {"links": links, "clocks": clocks, "brand_hue": 250})

    found = device(maya).get("tab").json()

    assert found["me"]["name"] == "Maya Lindqvist"
    assert found["company"] == {"name": "Northwind", "brand_hue": 250, "work_starts": "09:00", "work_ends": "18:00"}
    assert found["links"] == links
    assert found["clocks"][0].keys() == {"label", "timezone", "working", "changes_at"}


def test_the_texts_of_a_feed_come_as_trees(device: Any, maya: people.Person, delivered: Any) -> None:
    found = device(maya).get(f"tab/texts?ids={delivered['id']}").json()["results"]

    strong = {"tag": "strong", "attributes": {}, "children": ["closed"]}
    said = {"tag": "p", "attributes": {}, "children": ["The office is ", strong, " on Friday."]}
    assert found == [{"announcement_id": delivered["id"], "version": 1, "words": 6, "body": [said]}]


def test_texts_of_what_is_not_in_the_feed_are_left_out(
    api: Any, device: Any, olga: people.Person, maya: people.Person, charlie: people.Person, delivered: Any
) -> None:
    asked = f"tab/texts?ids={delivered['id']},999999"

    assert device(charlie).get(asked).json() == {"results": []}
    api(olga).post(f"announcements/{delivered['id']}/withdraw", {"reason": "A mistake."})
    assert device(maya).get(asked).json() == {"results": []}


@pytest.mark.parametrize("ids", ["", "x", "1,,2", "-1", "1" * 30, ",".join(["1"] * 51)])
def test_ids_that_are_none_are_refused(device: Any, maya: people.Person, ids: str) -> None:
    response = device(maya).get(f"tab/texts?ids={ids}")

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "ids"


def test_a_new_tab_finds_announcements_and_colleagues_and_nothing_else_of_them(
    api: Any, device: Any, olga: people.Person, maya: people.Person, charlie: people.Person, delivered: Any
) -> None:
    found = device(maya).get("tab/search?q=office").json()
    assert found == {
        "announcements": [{"id": delivered["id"], "title": delivered["title"], "author_name": olga.name}],
        "people": [],
    }

    found = device(maya).get("tab/search?q=olga").json()
    assert found == {"announcements": [], "people": [{"id": olga.id, "name": olga.name, "title": olga.title}]}
    assert device(charlie).get("tab/search?q=olga").json()["people"] == []
    assert device(charlie).get("tab/search?q=office").json()["announcements"] == []
    assert device(maya).get("tab/search").status_code == 422


def choose(caller: Any, off: list[str], links: list[dict[str, str]] | None = None) -> Any:
    return caller.put("tab/own", json.dumps({"off": off, "links": links or []}).encode(), "application/json")


def test_what_somebody_decides_is_theirs_wherever_they_open_a_tab(
    api: Any, device: Any, maya: people.Person, olga: people.Person
) -> None:
    mine = {"label": "Rota", "url": "http://rota.northwind.test/", "icon": "link"}

    answer = choose(device(maya), ["news", "clock", "news"], [mine])

    assert answer.json() == {"off": ["clock", "news"], "links": [mine]}
    assert device(maya).get("tab").json()["own"] == answer.json()
    assert api(maya).get("tab/own").json() == answer.json()
    assert api(maya).get("me/stored").json()["own_tab"] == answer.json()
    assert device(olga).get("tab").json()["own"] == {"off": [], "links": []}
    assert choose(device(maya), []).json() == {"off": [], "links": []}


@pytest.mark.parametrize(
    ("off", "links", "field"),
    [
        (["required"], [], "off"),
        ([], [{"label": "Rota", "url": "javascript:alert(1)"}], "links.0.url"),
        ([], [{"label": "", "url": "https://rota.test/"}], "links.0.label"),
        ([], [{"label": "Rota", "url": "https://rota.test/"}] * 25, "links"),
    ],
)
def test_what_no_tab_can_show_is_refused(
    device: Any, maya: people.Person, off: list[str], links: list[dict[str, str]], field: str
) -> None:
    answer = choose(device(maya), off, links)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)
