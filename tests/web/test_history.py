"""The history of an announcement: its versions, what changed, and saying again what one said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.web.conftest import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(announce: Any, ines: people.Person, at: datetime) -> publishing.Announcement:
    """Return what Ines changed twice: a typo, then the gate."""
    made: publishing.Announcement = announce(body="<p>Fech yours at gate 1 today.</p>")
    for body, change in [
        ("<p>Fetch yours at gate 1 today.</p>", "typo"),
        ("<p>Fetch yours at gate 2 today.</p>", "material"),
    ]:
        publishing.correct(
            announcement_id=made.id, by=ines.id, draft=publishing.Draft(body=body), change=change, now=at  # type: ignore[arg-type]  # a change
        )  # fmt: skip
    return made


def test_it_tells_who_changed_what_and_how_much(item: Any, ines: people.Person) -> None:
    said = text(signed_in(ines).get(f"/a/{item.id}/history"))

    assert "3 versions" in said
    assert said.index("Version 3 material") < said.index("Version 2 typo") < said.index("Version 1 first")
    assert said.count(ines.name) >= 3
    assert "From version 2 to version 3" in said
    assert "[removed: 1 ]" in said
    assert "[added: 2 ]" in said


def test_any_two_are_compared(item: Any, ines: people.Person) -> None:
    browser = signed_in(ines)

    said = text(browser.get(f"/a/{item.id}/history?since=1&until=3"))

    assert "From version 1 to version 3" in said
    assert "[removed: Fech ]" in said
    assert "From version 1 to version 3" in text(browser.get(f"/a/{item.id}/history?since=3&until=1"))
    assert "Their words are the same." in text(browser.get(f"/a/{item.id}/history?since=2&until=2"))
    assert browser.get(f"/a/{item.id}/history?since=1&until=99").status_code == 404
    assert browser.get(f"/a/{item.id}/history?since=x&until=").status_code == 200


@pytest.mark.parametrize("change", ["typo", "material"])
def test_an_older_one_is_restored_as_a_new_version(item: Any, ines: people.Person, at: datetime, change: str) -> None:
    answer = signed_in(ines).post(f"/a/{item.id}/history", {"number": 1, "change": change}, follow=True)

    assert "It says again what version 1 said. This is version 4." in text(answer)
    newest = publishing.versions(by=ines.id, announcement_id=item.id, now=at)[-1]
    assert (newest.number, newest.body, newest.change) == (4, "<p>Fech yours at gate 1 today.</p>", change)


def test_restoring_asks_how_much_of_a_change_it_is(item: Any, ines: people.Person, at: datetime) -> None:
    answer = signed_in(ines).post(f"/a/{item.id}/history", {"number": 1})

    assert answer.status_code == 422
    assert "That did not work." in text(answer)
    assert len(publishing.versions(by=ines.id, announcement_id=item.id, now=at)) == 3


def test_what_is_withdrawn_is_looked_at_and_not_restored(item: Any, ines: people.Person, at: datetime) -> None:
    publishing.withdraw(announcement_id=item.id, by=ines.id, reason="Wrong gate.", now=at)
    browser = signed_in(ines)

    assert "Restore" not in text(browser.get(f"/a/{item.id}/history"))
    assert browser.post(f"/a/{item.id}/history", {"number": 1, "change": "typo"}).status_code == 409


def test_a_draft_has_none_yet(ines: people.Person, operations: people.Group, at: datetime) -> None:
    draft = publishing.create(by=ines.id, draft=publishing.Draft(title="New badges"), now=at)

    assert "begins when it is published" in text(signed_in(ines).get(f"/a/{draft.id}/history"))


def test_one_that_was_never_changed_says_so(announce: Any, ines: people.Person) -> None:
    assert "It has not been changed" in text(signed_in(ines).get(f"/a/{announce().id}/history"))


def test_its_readers_find_no_history_and_are_not_shown_the_way(
    item: Any, maya: people.Person, ines: people.Person
) -> None:
    assert signed_in(maya).get(f"/a/{item.id}/history").status_code == 404
    assert f"/a/{item.id}/history" not in signed_in(maya).get(f"/a/{item.id}").content.decode()
    assert f"/a/{item.id}/history" in signed_in(ines).get(f"/a/{item.id}").content.decode()


def test_what_somebody_changed_meanwhile_is_not_restored_over(item: Any, ines: people.Person, at: datetime) -> None:
    browser = signed_in(ines)
    seen = publishing.get(announcement_id=item.id).revision
    assert f'name="revision" value="{seen}"' in browser.get(f"/a/{item.id}/history").content.decode()
    words = publishing.Draft(title="Changed meanwhile")
    publishing.correct(announcement_id=item.id, by=ines.id, draft=words, change="typo", now=at)

    answer = browser.post(f"/a/{item.id}/history", {"number": 1, "change": "typo", "revision": seen})

    assert answer.status_code == 409
    assert publishing.get(announcement_id=item.id).title == "Changed meanwhile"


def test_restoring_as_a_material_change_asks_for_a_deadline_to_come(
    ines: people.Person, operations: people.Group, at: datetime
) -> None:
    before, audience = at - timedelta(hours=2), people.Audience(group_ids=(operations.id,))
    said = publishing.Draft(
        title="New badges", audience=audience, ask_acknowledge=True, deadline=at - timedelta(hours=1)
    )
    made = publishing.create(by=ines.id, draft=said, now=before)
    publishing.publish(announcement_id=made.id, by=ines.id, now=before)
    words = publishing.Draft(body="<p>Fetch yours at gate 2.</p>")
    publishing.correct(announcement_id=made.id, by=ines.id, draft=words, change="material", now=before)
    browser, later = signed_in(ines), (at + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")

    refused = browser.post(f"/a/{made.id}/history", {"number": 1, "change": "material"})
    assert "This deadline has passed" in text(refused)
    assert "Another deadline" in text(refused)
    browser.post(f"/a/{made.id}/history", {"number": 1, "change": "material", "deadline": later})

    restored = publishing.get(announcement_id=made.id)
    assert (restored.version, restored.body) == (3, "")
    assert restored.deadline is not None
    assert restored.deadline > at
