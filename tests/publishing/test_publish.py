"""What goes out goes out once, complete, to people its author may address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import events
from announcements.publishing import services as publishing

LATER = timedelta(minutes=5)
DAY = timedelta(days=1)


@pytest.fixture
def told() -> Iterator[list[int]]:
    """Return the ids that the event of publishing has named."""
    heard: list[int] = []

    def hear(*, announcement_id: int, **_: object) -> None:
        heard.append(announcement_id)

    events.announcement_published.connect(hear)
    yield heard
    events.announcement_published.disconnect(hear)


def test_publishing_makes_version_one_of_what_the_draft_said(
    ines: people.Person, draft: publishing.Announcement, told: list[int], now: datetime
) -> None:
    published = publishing.publish(announcement_id=draft.id, by=ines.id, now=now + LATER)

    assert (published.version, published.published_at) == (1, now + LATER)
    assert (published.state(now + LATER), published.revision) == ("published", draft.revision + 1)
    [first] = publishing.versions(by=ines.id, announcement_id=draft.id, now=now)
    assert (first.number, first.change, first.by, first.at) == (1, "first", ines.id, now + LATER)
    assert (first.title, first.summary, first.body) == (draft.title, draft.summary, draft.body)
    assert told == [draft.id]


def test_it_is_published_once(
    ines: people.Person, olga: people.Person, notice: publishing.Announcement, told: list[int], now: datetime
) -> None:
    for who in (ines, olga):
        with pytest.raises(publishing.AlreadyPublished):
            publishing.publish(announcement_id=notice.id, by=who.id, now=now + LATER)

    assert publishing.get(announcement_id=notice.id) == notice
    assert told == []


@pytest.mark.parametrize("undo_seconds", [0, 10])
def test_what_somebody_changed_since_one_looked_does_not_go_out(
    ines: people.Person, olga: people.Person, draft: publishing.Announcement, undo_seconds: int, now: datetime
) -> None:
    publishing.revise(announcement_id=draft.id, by=olga.id, draft=publishing.Draft(title="Olga's"), now=now)

    with pytest.raises(publishing.Stale):
        publishing.publish(
            announcement_id=draft.id, by=ines.id, undo_seconds=undo_seconds, revision=draft.revision, now=now
        )
    assert publishing.get(announcement_id=draft.id).state(now) == "draft"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does(
    ines: people.Person, olga: people.Person, draft: publishing.Announcement, told: list[int], now: datetime
) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def press(person_id: int) -> None:
        together.wait(10)
        try:
            publishing.publish(announcement_id=draft.id, by=person_id, now=now)
            outcomes.append("published")
        except publishing.AlreadyPublished:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(who.id,)) for who in (ines, olga)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(outcomes) == ["published", "refused"]
    assert told == [draft.id]
    assert len(publishing.versions(by=ines.id, announcement_id=draft.id, now=now)) == 1


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"title": ""}, "title", "Give it a title."),
        ({"deadline": DAY}, "deadline", "A deadline needs people to be asked to acknowledge."),
        ({"deadline": -DAY, "ask_acknowledge": True}, "deadline", "Choose a deadline that is still to come."),
        ({"deadline": 0 * DAY, "ask_acknowledge": True}, "deadline", "Choose a deadline that is still to come."),
        ({"expires_at": 0 * DAY}, "expires_at", "Choose an expiry after now and after the deadline."),
        (
            {"expires_at": DAY, "deadline": 2 * DAY, "ask_acknowledge": True},
            "expires_at",
            "Choose an expiry after now and after the deadline.",
        ),
        (
            {"audience": people.Audience()},
            "audience",
            "Choose at least one group or person, or everyone.",
        ),
    ],
)
def test_what_keeps_it_from_going_out_is_named_and_it_stays_a_draft(
    ines: people.Person,
    draft: publishing.Announcement,
    said: dict[str, object],
    field: str,
    sentence: str,
    told: list[int],
    now: datetime,
) -> None:
    given = {name: now + value if isinstance(value, timedelta) else value for name, value in said.items()}
    unready = publishing.Draft(**given)  # type: ignore[arg-type]
    revised = publishing.revise(announcement_id=draft.id, by=ines.id, draft=unready, now=now)

    with pytest.raises(errors.Invalid) as refusal:
        publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    assert refusal.value.fields == {field: [sentence]}
    assert publishing.get(announcement_id=draft.id) == revised
    assert publishing.versions(by=ines.id, announcement_id=draft.id, now=now) == []
    assert told == []


def test_everything_that_is_missing_is_named_at_once(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    empty = publishing.create(by=ines.id, draft=publishing.Draft(deadline=now), now=now)

    with pytest.raises(errors.Invalid) as refusal:
        publishing.publish(announcement_id=empty.id, by=ines.id, now=now)

    assert set(refusal.value.fields) == {"title", "deadline", "audience"}


def test_an_audience_of_nobody_is_refused(
    olga: people.Person, ines: people.Person, operations: people.Group, now: datetime
) -> None:
    empty = people.create_group(by=olga.id, name="Night shift", now=now)
    said = publishing.Draft(title="To nobody", audience=people.Audience(group_ids=(empty.id,)))
    draft = publishing.create(by=olga.id, draft=said, now=now)

    with pytest.raises(errors.Invalid) as refusal:
        publishing.publish(announcement_id=draft.id, by=olga.id, now=now)

    assert refusal.value.fields == {"audience": ["Nobody is in this audience."]}


def test_a_manager_publishes_to_their_groups_only(
    olga: people.Person, ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    sales = people.create_group(by=olga.id, name="Sales", now=now)
    for audience in (people.Audience(everyone=True), people.Audience(group_ids=(sales.id,))):
        publishing.revise(announcement_id=draft.id, by=ines.id, draft=publishing.Draft(audience=audience), now=now)

        with pytest.raises(people.AudienceNotYours):
            publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    assert publishing.get(announcement_id=draft.id).state(now) == "draft"


def test_who_manages_the_group_no_longer_publishes_to_it_no_longer(
    olga: people.Person, ines: people.Person, operations: people.Group, draft: publishing.Announcement, now: datetime
) -> None:
    people.add_member(by=olga.id, group_id=operations.id, person_id=ines.id, role="member", now=now + LATER)

    with pytest.raises(people.AudienceNotYours):
        publishing.publish(announcement_id=draft.id, by=ines.id, now=now + LATER)


def test_an_expiry_ends_it_by_itself(ines: people.Person, draft: publishing.Announcement, now: datetime) -> None:
    expiring = publishing.Draft(expires_at=now + DAY)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=expiring, now=now)

    published = publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    assert published.state(now + DAY - LATER) == "published"
    assert published.state(now + DAY) == "expired"
    assert publishing.mine(by=ines.id, state="published", now=now + DAY) == []
    assert publishing.mine(by=ines.id, state="expired", now=now + DAY) == [published]
