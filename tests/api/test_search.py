"""Searching and the archive over the API: what is told to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join

Say = Callable[..., publishing.Announcement]


@pytest.fixture
def now() -> datetime:
    """Return the real time: the API asks it."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@pytest.fixture
def say(ines: people.Person, operations: people.Group, now: datetime) -> Say:
    """Return a function that publishes to Operations and reaches them."""

    def publish(title: str, summary: str = "", **more: Any) -> publishing.Announcement:
        audience = people.Audience(group_ids=(operations.id,))
        draft = publishing.Draft(title=title, summary=summary, body="<p>Read.</p>", audience=audience, **more)
        item = publishing.create(by=ines.id, draft=draft, now=now)
        item = publishing.publish(announcement_id=item.id, by=ines.id, now=now)
        delivery.fan_out(announcement_id=item.id, now=now)
        return item

    return publish


def test_a_search_answers_announcements_people_and_links(
    api: Any, olga: people.Person, maya: people.Person, say: Say, now: datetime
) -> None:
    link = people.Link(label="Dock plan", url="https://docks.test/")
    changes = people.WorkspaceChanges(links=(link, people.Link(label="Menu", url="https://menu.test/")))
    people.update_workspace(by=olga.id, changes=changes, now=now)
    people.update_person(by=olga.id, person_id=maya.id, changes=people.PersonChanges(title="Dock lead"), now=now)
    item = say("Dock 4 closes", "Use the ferry.")

    found = api(maya).get("search?q=dock").json()

    assert [(hit["id"], hit["author_name"], hit["summary"]) for hit in found["announcements"]] == [
        (item.id, "Ines Carvalho", "Use the ferry.")
    ]
    assert found["announcements"][0]["title_spans"] == [
        {"text": "Dock", "hit": True},
        {"text": " 4 closes", "hit": False},
    ]
    assert [person["name"] for person in found["people"]] == ["Maya Lindqvist"]
    assert [link["url"] for link in found["links"]] == ["https://docks.test/"]
    assert found["next"] is None


def test_pages_of_results_add_up(api: Any, maya: people.Person, say: Say) -> None:
    ids = {say(f"Dock {number}").id for number in range(5)}
    maya_s, seen, cursor = api(maya), [], ""

    while cursor is not None:
        found = maya_s.get(f"search?q=dock&limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += [hit["id"] for hit in found["announcements"]]
        cursor = found["next"]

    assert len(seen) == 5 and set(seen) == ids
    assert maya_s.get("search?q=dock&cursor=x").status_code == 422


def test_nobody_learns_of_what_they_may_not_read(
    api: Any, olga: people.Person, charlie: people.Person, say: Say, now: datetime
) -> None:
    say("Dock 4 closes")
    outsider = api(join(olga, "Zoe Outside", "Europe/Amsterdam", now))
    stranger = api(charlie)

    for caller in (outsider, stranger):
        assert caller.get("search?q=dock").json() == caller.get("search?q=zzz").json()
        assert caller.get("archive").json() == {"results": [], "next": None, "authors": []}
    assert stranger.get("search?q=maya").json()["people"] == []


def test_who_joins_later_finds_it_and_who_leaves_keeps_what_reached_them(
    api: Any, olga: people.Person, maya: people.Person, operations: people.Group, say: Say, now: datetime
) -> None:
    item = say("Dock 4 closes")
    zoe = join(olga, "Zoe Later", "Europe/Amsterdam", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=zoe.id, now=now + timedelta(minutes=1))
    people.end_membership(by=olga.id, group_id=operations.id, person_id=maya.id, now=now + timedelta(minutes=1))

    for reader in (zoe, maya):
        assert [hit["id"] for hit in api(reader).get("search?q=dock").json()["announcements"]] == [item.id]


def test_what_has_not_reached_one_s_own_clock_is_not_found(
    api: Any, olga: people.Person, ines: people.Person, operations: people.Group
) -> None:
    now = datetime.now(UTC)
    lima = join(olga, "Lia Far", "Pacific/Pago_Pago", now)
    late = join(olga, "Leo Later", "Pacific/Pago_Pago", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=lima.id, now=now)
    draft = publishing.Draft(
        title="Dock 4 closes", body="<p>x</p>", audience=people.Audience(group_ids=(operations.id,))
    )
    item = publishing.create(by=ines.id, draft=draft, now=now - timedelta(hours=1))
    local = (now - timedelta(minutes=5)).astimezone(ZoneInfo("Europe/Amsterdam"))
    own = publishing.OwnClock(local.date(), local.time().replace(second=0, microsecond=0))
    scheduled_at = now - timedelta(hours=1)
    publishing.schedule(announcement_id=item.id, by=ines.id, when=publishing.When(own_clock=own), now=scheduled_at)
    assert publishing.go_out(announcement_id=item.id, now=now)
    delivery.fan_out(announcement_id=item.id, now=now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=late.id, now=now)

    for reader, there in ((ines, True), (lima, False), (late, False)):
        assert bool(api(reader).get("search?q=dock").json()["announcements"]) is there
        assert bool(api(reader).get("archive").json()["results"]) is there


def test_what_came_on_one_s_own_clock_says_when_that_was(
    api: Any, ines: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> None:
    early = now.replace(second=0) + timedelta(minutes=10)
    local = early.astimezone(ZoneInfo("Europe/Amsterdam"))
    own = publishing.When(own_clock=publishing.OwnClock(local.date(), local.time()))
    said = publishing.Draft(title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=ines.id, draft=said, now=now)
    publishing.schedule(announcement_id=item.id, by=ines.id, when=own, now=now)
    assert publishing.go_out(announcement_id=item.id, now=early)
    delivery.fan_out(announcement_id=item.id, now=early)

    for reader, at in ((ines, early), (joao, early + timedelta(hours=1))):
        [hit] = api(reader).get("search?q=dock").json()["announcements"]
        [kept] = api(reader).get("archive").json()["results"]
        assert datetime.fromisoformat(hit["arrived_at"]) == datetime.fromisoformat(kept["arrived_at"]) == at
        assert datetime.fromisoformat(hit["published_at"]) == early


def test_a_token_without_people_finds_announcements_only(holding: Any, key: Any, maya: people.Person, say: Say) -> None:
    say("Maya opens dock 4")

    found = holding(key(maya, "announcements:read")).get("search?q=maya").json()

    assert len(found["announcements"]) == 1 and found["people"] == [] and found["links"] == []


@pytest.mark.parametrize(
    "query", ["%00", "%22", "*", "NEAR(", "%F0%9F%8E%89", "%E2%80%AEdock", "%ED%A0%80", "%", "a%20AND"]
)
def test_odd_queries_are_answered(api: Any, maya: people.Person, say: Say, query: str) -> None:
    assert api(maya).get(f"search?q={query}").status_code in (200, 422)


def test_a_query_that_is_a_book_is_refused_at_its_field(api: Any, maya: people.Person) -> None:
    answer = api(maya).get("search?q=" + "a" * 10_000)

    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "q"


def test_the_archive_is_narrowed_down(
    api: Any,
    olga: people.Person,
    ines: people.Person,
    maya: people.Person,
    operations: people.Group,
    say: Say,
    now: datetime,
) -> None:
    one = say("Dock 4 closes", kind="news")
    draft = publishing.Draft(title="All hands", body="<p>x</p>", audience=people.Audience(everyone=True), kind="update")
    two = publishing.create(by=olga.id, draft=draft, now=now)
    publishing.publish(announcement_id=two.id, by=olga.id, now=now + timedelta(minutes=1))
    maya_s = api(maya)

    def ids(query: str = "") -> list[int]:
        return [item["id"] for item in maya_s.get(f"archive{query}").json()["results"]]

    assert ids() == [two.id, one.id]
    assert ids(f"?author_id={olga.id}") == [two.id]
    assert ids(f"?group_id={operations.id}") == [one.id]
    assert ids("?kind=news") == [one.id]
    assert ids("?kind=policy") == []
    assert [author["name"] for author in maya_s.get("archive").json()["authors"]] == ["Ines Carvalho", "Olga Berg"]
    first = maya_s.get("archive?limit=1").json()
    assert maya_s.get(f"archive?limit=1&cursor={first['next']}").json()["results"][0]["id"] == one.id
