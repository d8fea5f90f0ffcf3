"""An announcement as the API answers it to its reader."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.pictures import picture


def test_it_says_who_wrote_it_when_it_arrived_and_when_it_last_changed(
    api: Any, ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    at = datetime.now(UTC) - timedelta(hours=1)
    draft = publishing.Draft(title="New badges", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=ines.id, draft=draft, now=at)
    publishing.publish(announcement_id=item.id, by=ines.id, now=at)
    delivery.fan_out(announcement_id=item.id, now=at + timedelta(minutes=2))

    found = api(maya).get(f"announcements/{item.id}").json()

    assert (found["author_picture"], found["changed_at"]) == (None, None)
    assert datetime.fromisoformat(found["arrived_at"]) == datetime.fromisoformat(found["published_at"]) == at
    people.set_picture(by=ines.id, content=picture(), now=at)
    later = at + timedelta(minutes=5)
    words = publishing.Draft(title="Newer badges")
    publishing.correct(announcement_id=item.id, by=ines.id, draft=words, change="typo", now=later)
    found = api(maya).get(f"announcements/{item.id}").json()
    assert datetime.fromisoformat(found["changed_at"]) == later
    assert api(maya).browser.get(found["author_picture"]["small"]).status_code == 200


def test_on_each_readers_clock_it_arrived_when_it_reached_me(
    api: Any, ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    at = datetime.now(UTC)
    draft = publishing.Draft(title="New badges", audience=people.Audience(group_ids=(operations.id,)))
    item = publishing.create(by=ines.id, draft=draft, now=at - timedelta(days=3))
    clock = publishing.OwnClock(day=(at - timedelta(days=1)).date(), time=time(7, 30))
    when = publishing.When(own_clock=clock)
    publishing.schedule(announcement_id=item.id, by=ines.id, when=when, now=at - timedelta(days=3))
    publishing.go_out(announcement_id=item.id, now=at - timedelta(hours=2))
    delivery.fan_out(announcement_id=item.id, now=at)

    found = api(maya).get(f"announcements/{item.id}").json()

    assert datetime.fromisoformat(found["arrived_at"]) == at
    assert datetime.fromisoformat(found["published_at"]) < at


def test_who_changed_a_draft_last_is_told_to_who_may_change_it(
    api: Any, ines: people.Person, olga: people.Person, operations: people.Group
) -> None:
    made = api(ines).post("announcements", {"title": "Docks", "audience": {"group_ids": [operations.id]}}).json()
    api(olga).patch(f"announcements/{made['id']}", {"title": "Dock 4"})

    found = api(ines).get(f"announcements/{made['id']}").json()

    assert (found["updated_by"], found["updated_by_name"]) == (olga.id, "Olga Berg")


def test_readers_are_not_told_who_changed_it_last(
    api: Any, ines: people.Person, maya: people.Person, operations: people.Group
) -> None:
    made = api(ines).post("announcements", {"title": "Docks", "audience": {"group_ids": [operations.id]}}).json()
    api(ines).post(f"announcements/{made['id']}/publish")

    found = api(maya).get(f"announcements/{made['id']}").json()

    assert (found["updated_by"], found["updated_by_name"]) == (None, None)
