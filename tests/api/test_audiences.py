"""Audiences over the API: chosen, counted, looked at, taken as a file."""

from __future__ import annotations

from typing import Any

import pytest

from announcements.audit import services as audit
from announcements.people import services as people
from announcements.publishing import models
from announcements.publishing import services as publishing

EXCEPT = {"group_ids": [], "person_ids": [], "attributes": []}


@pytest.fixture
def porto(olga: people.Person, joao: people.Person, now: Any) -> dict[str, str]:
    """Return an attribute that Joao has."""
    changes = people.PersonChanges(location="Porto")
    people.update_person(by=olga.id, person_id=joao.id, changes=changes, now=now)
    return {"field": "location", "value": "Porto"}


def test_an_audience_comes_back_as_it_was_sent(
    api: Any, olga: people.Person, maya: people.Person, operations: people.Group, porto: dict[str, str]
) -> None:
    sent = {
        "everyone": False, "group_ids": [operations.id], "person_ids": [maya.id], "attributes": [porto],
        "except": {"group_ids": [], "person_ids": [olga.id], "attributes": [{"field": "timezone", "value": "Asia/Manila"}]},
    }  # fmt: skip
    said = api(olga).post("announcements", {"title": "News", "audience": sent})
    known = api(olga).get(f"announcements/{said.json()['id']}").json()

    for answer in (said.json(), known):
        audience = answer["audience"]
        assert answer["audience_text"] == "Operations; Porto; 1 person except Manila time; 1 person"
        assert [one.pop("label") for one in audience["attributes"]] == ["Porto"]
        assert [one.pop("label") for one in audience["except"]["attributes"]] == ["Manila time"]
        assert audience == sent


def test_what_older_clients_and_rows_do_not_say_is_empty(
    api: Any, olga: people.Person, operations: people.Group
) -> None:
    item = api(olga).post("announcements", {"audience": {"group_ids": [operations.id]}}).json()
    assert item["audience"] == {
        "everyone": False, "group_ids": [operations.id], "person_ids": [], "attributes": [], "except": EXCEPT,
    }  # fmt: skip

    models.Announcement.objects.filter(pk=item["id"]).update(
        audience={"everyone": True, "group_ids": [], "person_ids": []}
    )
    assert publishing.get(announcement_id=item["id"]).audience == people.Audience(everyone=True)


def test_a_reader_is_not_told_who_was_left_out(
    api: Any, olga: people.Person, maya: people.Person, joao: people.Person, operations: people.Group
) -> None:
    audience = {"group_ids": [operations.id], "except": {"person_ids": [joao.id]}}
    item = api(olga).post("announcements", {"title": "News", "audience": audience}).json()
    api(olga).post(f"announcements/{item['id']}/publish", {})

    read = api(maya).get(f"announcements/{item['id']}")

    assert (read.json()["audience_text"], read.json()["audience"]) == ("Operations", None)
    assert "Joao" not in read.content.decode()
    assert api(joao).get(f"announcements/{item['id']}").status_code == 404


def test_it_is_counted_once_each(
    api: Any, olga: people.Person, operations: people.Group, porto: dict[str, str]
) -> None:
    audience = {"group_ids": [operations.id], "attributes": [porto, {"field": "location", "value": "PORTO"}]}

    said = api(olga).post("audience", audience).json()

    assert (said["people"], said["timezones"]) == (3, {"Europe/Amsterdam": 2, "Europe/Lisbon": 1})
    assert [face["name"] for face in said["faces"]] == ["Ines Carvalho", "Joao Matias"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"attributes": [{"field": "shoe", "value": "42"}]}, "attributes.0.field"),
        ({"attributes": [{"field": "title"}]}, "attributes.0.value"),
        ({"attributes": [{"field": "title", "value": "\u202e"}]}, "audience"),
        ({"everyone": True, "except": {"everyone": True}}, "except.everyone"),
        ({"everyone": True, "except": {"group_ids": [True]}}, "except.group_ids.0"),
        ({"everyone": True, "except": []}, "except"),
        ({"except": {}}, "audience"),
    ],
)
def test_a_wrong_audience_is_told_by_field(api: Any, olga: people.Person, sent: Any, field: str) -> None:
    said = api(olga).post("audience", sent)

    assert said.status_code in (400, 422)
    assert field in [error["field"] for error in said.json()["errors"]]


def test_options_are_what_one_may_choose(
    api: Any, olga: people.Person, ines: people.Person, operations: people.Group, porto: dict[str, str]
) -> None:
    [option] = api(olga).get("audience/options?search=porto").json()["results"]
    assert option == {
        "type": "attribute", "label": "Porto", "people": 1, "id": None, **porto, "kind": "", "detail": "Location", "picture": None,
    }  # fmt: skip
    offered = api(ines).get("audience/options").json()["results"]
    assert [(one["type"], one["label"], one["people"]) for one in offered] == [("group", "Operations", 3)]
    assert api(ines).get("audience/options?search=x&limit=51").status_code in (400, 422)


def test_the_list_goes_on_where_it_stopped(
    api: Any, olga: people.Person, operations: people.Group, porto: dict[str, str]
) -> None:
    audience = {"everyone": True}
    first = api(olga).post("audience/people?limit=3", audience).json()
    rest = api(olga).post(f"audience/people?limit=3&cursor={first['next']}", audience).json()

    names = [one["name"] for one in first["results"] + rest["results"]]
    assert names == ["Ines Carvalho", "Joao Matias", "Maya Lindqvist", "Olga Berg"] and rest["next"] is None
    [joao] = api(olga).post("audience/people?search=porto", audience).json()["results"]
    assert (joao["location"], joao["groups"], joao["timezone"]) == ("Porto", ["Operations"], "Europe/Lisbon")


def test_taking_the_list_is_noted(api: Any, olga: people.Person, operations: people.Group) -> None:
    said = api(olga).post("audience/export", {"group_ids": [operations.id]})

    assert said["Content-Type"].startswith("text/csv") and "no-store" in said["Cache-Control"]
    assert "Joao Matias,joao@northwind.test,,,Europe/Lisbon,Operations" in said.content.decode()
    [entry] = audit.entries(by=olga.id, asked=audit.Asked(verb="audience_exported"))
    assert (entry.by, entry.details) == (olga.id, {"people": 3})
