"""Long lists come in pages; the cursor goes on where the page ended."""

from __future__ import annotations

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
