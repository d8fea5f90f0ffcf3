"""Long lists come in pages; the cursor goes on where the page ended."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

import pytest

from announcements.people import services as people


@pytest.mark.usefixtures("ines", "maya", "joao")
def test_every_person_comes_exactly_once(api: Any, olga: people.Person) -> None:
    olgas, names, path = api(olga), [], "people?limit=1"
    for _page in range(4):
        answer = olgas.get(path).json()
        names += [person["name"] for person in answer["results"]]
        path = f"people?limit=1&cursor={answer['next']}"

    assert names == ["Ines Carvalho", "Joao Matias", "Maya Lindqvist", "Olga Berg"]
    assert answer["next"] is None


def test_announcements_come_newest_first(api: Any, olga: people.Person) -> None:
    olgas = api(olga)
    for title in ("first", "second", "third"):
        olgas.post("announcements", {"title": title})

    page = olgas.get("announcements?limit=2").json()
    rest = olgas.get(f"announcements?limit=2&cursor={page['next']}").json()

    assert [item["title"] for item in page["results"] + rest["results"]] == ["third", "second", "first"]
    assert rest["next"] is None


@pytest.mark.parametrize("mark", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00"])
def test_a_time_at_the_edge_of_the_calendar_is_no_cursor_of_ours(api: Any, olga: people.Person, mark: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([mark, 1]).encode()).decode().rstrip("=")

    answer = api(olga).get(f"announcements?cursor={cursor}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


def test_a_page_ends_at_a_name_of_any_script(api: Any, olga: people.Person, now: datetime) -> None:
    names = ["A\u200dZ", "\u0928\u092e\u200d\u0915"]
    for number, name in enumerate(names):
        people.invite(by=olga.id, email=f"p{number}@northwind.test", name=name, now=now)

    first = api(olga).get("people?limit=1").json()
    rest = api(olga).get(f"people?cursor={first['next']}")

    assert rest.status_code == 200
    assert len(rest.json()["results"]) == 2


def test_the_list_of_what_i_manage_costs_the_same_however_long(
    api: Any, olga: people.Person, draft: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    olgas = api(olga)
    for number in range(12):
        id = olgas.post("announcements", draft | {"title": f"News {number}"}).json()["id"]
        olgas.post(f"announcements/{id}/publish")

    with django_assert_max_num_queries(30):
        page = olgas.browser.get("/announcements")

    assert page.content.decode().count("data-row=") == 12
