"""What is to be pinned says so before it is out, and is pinned when it goes out, if there is a place."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

HOUR = timedelta(hours=1)
PINNED = publishing.Draft(pin=True)


@pytest.fixture
def full(olga: people.Person, now: datetime) -> list[publishing.Announcement]:
    """Return three that are pinned."""
    three = []
    for number in range(3):
        said = publishing.Draft(title=f"Notice {number}", audience=people.Audience(everyone=True))
        item = publishing.create(by=olga.id, draft=said, now=now)
        publishing.publish(announcement_id=item.id, by=olga.id, now=now)
        three.append(publishing.pin(announcement_id=item.id, by=olga.id, now=now))
    return three


def test_chosen_while_writing_it_is_pinned_from_when_it_is_out(
    ines: people.Person, maya: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    chosen = publishing.revise(announcement_id=draft.id, by=ines.id, draft=PINNED, now=now)
    assert (chosen.pin, chosen.pinned_at) == (True, None)

    out = publishing.publish(announcement_id=draft.id, by=ines.id, now=now + HOUR)

    assert (out.pin, out.pinned_at) == (False, now + HOUR)
    delivery.fan_out(announcement_id=draft.id, now=now + HOUR)
    [item] = delivery.feed(by=maya.id, now=now + HOUR).items
    assert item.pinned


def test_what_waits_for_its_time_is_pinned_or_not_without_leaving_its_schedule(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    when = publishing.When(at=now + HOUR)
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=when, now=now)
    assert publishing.pin(announcement_id=draft.id, by=ines.id, now=now).pin
    assert not publishing.unpin(announcement_id=draft.id, by=ines.id, now=now).pin
    publishing.pin(announcement_id=draft.id, by=ines.id, now=now)

    assert publishing.go_out(announcement_id=draft.id, now=now + HOUR)

    assert publishing.get(announcement_id=draft.id).pinned_at == now + HOUR


def test_what_somebody_publishes_now_needs_a_place(
    ines: people.Person, olga: people.Person, draft: publishing.Announcement, full: list[publishing.Announcement], now: datetime
) -> None:  # fmt: skip
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=PINNED, now=now)
    told = {"pin": ["3 are pinned already. Unpin one of them first, or let this one go without."]}

    assert publishing.obstacles(announcement_id=draft.id, by=ines.id, now=now) == told
    for seconds in (0, 10):
        with pytest.raises(errors.Invalid) as refused:
            publishing.publish(announcement_id=draft.id, by=ines.id, undo_seconds=seconds, now=now)
        assert refused.value.fields == told
    assert publishing.get(announcement_id=draft.id).state(now) == "draft"

    publishing.unpin(announcement_id=full[0].id, by=olga.id, now=now)
    assert publishing.publish(announcement_id=draft.id, by=ines.id, now=now).pinned_at == now


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_published_at_once_for_the_last_place_one_is_told(
    ines: people.Person, olga: people.Person, full: list[publishing.Announcement], now: datetime
) -> None:
    publishing.unpin(announcement_id=full[0].id, by=olga.id, now=now)
    said = publishing.Draft(title="Dock 5", audience=people.Audience(everyone=True), pin=True)
    two = [publishing.create(by=olga.id, draft=said, now=now) for _nth in range(2)]
    together, outcomes = threading.Barrier(2), list[str]()

    def publish(id: int) -> None:
        try:
            together.wait(10)
            out = publishing.publish(announcement_id=id, by=olga.id, now=now)
            outcomes.append("pinned" if out.pinned_at else "not pinned")
        except errors.Invalid as refused:
            outcomes.extend(refused.fields)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(one.id,)) for one in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["pin", "pinned"]


@pytest.mark.parametrize("then", ["pin", "unpin"])
def test_what_goes_out_by_itself_is_not_held_back_for_a_place_and_says_so_until_somebody_decides(
    ines: people.Person, olga: people.Person, draft: publishing.Announcement, full: list[publishing.Announcement],
    then: str, now: datetime,
) -> None:  # fmt: skip
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=PINNED, now=now)
    when = publishing.When(at=now + HOUR)
    assert publishing.obstacles(announcement_id=draft.id, by=ines.id, when=when, now=now) == {}
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=when, now=now)

    assert publishing.go_out(announcement_id=draft.id, now=now + HOUR)

    out = publishing.get(announcement_id=draft.id)
    assert (out.state(now + HOUR), out.pin, out.pinned_at) == ("published", True, None)
    publishing.unpin(announcement_id=full[0].id, by=olga.id, now=now)
    decided = getattr(publishing, then)(announcement_id=draft.id, by=ines.id, now=now + HOUR)
    assert (decided.pin, decided.pinned_at) == (False, now + HOUR if then == "pin" else None)


def test_only_who_may_change_a_draft_says_that_it_is_to_be_pinned(
    hugo: people.Person, adam: people.Person, maya: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    for nobody in (hugo, maya):
        with pytest.raises(errors.NotFound):
            publishing.pin(announcement_id=draft.id, by=nobody.id, now=now)
    assert publishing.pin(announcement_id=draft.id, by=adam.id, now=now).pin


def test_who_writes_at_it_is_told_that_somebody_else_changed_that(
    ines: people.Person, adam: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.pin(announcement_id=draft.id, by=adam.id, now=now)

    words = publishing.Draft(title="Dock 5")
    with pytest.raises(publishing.Stale):
        publishing.revise(announcement_id=draft.id, by=ines.id, draft=words, revision=draft.revision, now=now)
