"""A confirmation whose answer was lost is taken back by its receipt: whether it has come, is yet to come or never does, and no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.mailing import reach

MINUTE = timedelta(minutes=1)


@pytest.fixture
def said(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    return reach(ines, operations, now)


def pressed(said: publishing.Announcement, at: datetime, id: str = "a") -> delivery.Receipt:
    return delivery.Receipt(id, said.id, "acknowledged", at, "extension", 1)


def undone(said: publishing.Announcement, at: datetime, id: str = "a") -> delivery.Receipt:
    return delivery.Receipt(f"not {id}", said.id, "unacknowledged", at, "extension", 1, takes_back=id)


def send(by: people.Person, now: datetime, *receipts: delivery.Receipt) -> delivery.Recorded:
    return delivery.record(by=by.id, receipts=receipts, now=now)


def confirmed(person: people.Person, said: publishing.Announcement, now: datetime) -> bool:
    mine = delivery.readable(by=person.id, announcement_id=said.id, now=now).delivery
    assert mine
    return mine.acknowledged_at is not None


def test_it_is_taken_back_when_it_had_arrived(
    ines: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, pressed(said, now))
    assert confirmed(maya, said, now)

    assert send(maya, now + MINUTE, undone(said, now + MINUTE)).accepted == 1

    assert not confirmed(maya, said, now + MINUTE)
    [item] = delivery.feed(by=maya.id, now=now + MINUTE).items
    assert (item.acknowledged_at, item.confirmed) == (None, 0)
    assert analytics.reach(by=ines.id, announcement_id=said.id, now=now + MINUTE).acknowledged == 0


def test_it_counts_as_nothing_when_it_arrives_after_that(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now + MINUTE, undone(said, now + MINUTE))

    # the clock of this computer may be ahead
    assert send(maya, now + 2 * MINUTE, pressed(said, now + 30 * MINUTE)).dropped == 1

    assert not confirmed(maya, said, now + 2 * MINUTE)


def test_it_may_have_waited_for_hours_and_twice_is_once(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, pressed(said, now))

    later = now + 300 * MINUTE
    assert send(maya, later, pressed(said, now), undone(said, now + MINUTE)).accepted == 1
    assert send(maya, later, undone(said, now + MINUTE)).unchanged == 1

    assert not confirmed(maya, said, later)


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_what_was_confirmed_after_it_stands_whatever_comes_first(
    maya: people.Person, said: publishing.Announcement, now: datetime, order: tuple[int, ...]
) -> None:
    receipts = [pressed(said, now), undone(said, now + MINUTE), pressed(said, now + 2 * MINUTE, "b")]

    for place in order:
        send(maya, now + 5 * MINUTE, receipts[place])

    assert confirmed(maya, said, now + 5 * MINUTE)


def test_what_was_confirmed_on_the_page_meanwhile_stands(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, pressed(said, now))
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, now=now + 2 * MINUTE)

    # from a computer whose clock is an hour ahead
    send(maya, now + 5 * MINUTE, undone(said, now + 60 * MINUTE))

    assert confirmed(maya, said, now + 5 * MINUTE)


def test_whoever_took_it_back_confirms_again_by_any_clock(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, pressed(said, now), undone(said, now + 60 * MINUTE))

    send(maya, now + 5 * MINUTE, pressed(said, now - 60 * MINUTE, "b"))

    assert confirmed(maya, said, now + 5 * MINUTE)


def test_what_stands_by_two_receipts_can_be_taken_back_on_the_page(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, pressed(said, now), pressed(said, now + MINUTE, "b"))

    delivery.unacknowledge(by=maya.id, announcement_id=said.id, now=now + 2 * MINUTE)

    assert not confirmed(maya, said, now + 2 * MINUTE)
    assert send(maya, now + 3 * MINUTE, pressed(said, now)).dropped == 1


def test_nobody_takes_back_what_somebody_else_confirmed(
    maya: people.Person, joao: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, pressed(said, now))

    send(joao, now + MINUTE, undone(said, now + MINUTE))

    assert confirmed(maya, said, now + MINUTE)


def test_it_is_taken_back_though_it_has_been_withdrawn_meanwhile(
    ines: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, pressed(said, now))
    publishing.withdraw(announcement_id=said.id, by=ines.id, reason="Wrong", now=now + MINUTE)

    send(maya, now + 2 * MINUTE, undone(said, now + MINUTE))

    assert not confirmed(maya, said, now + 2 * MINUTE)


def test_what_a_page_has_confirmed_under_a_name_is_taken_back_by_it(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    name = "7f3b1c1e-2f0f-4d55-9d1e-0a8a5b1f3c11"
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, receipt=name, now=now)

    send(maya, now + MINUTE, undone(said, now + MINUTE, name))

    assert not confirmed(maya, said, now + MINUTE)


@pytest.mark.parametrize("order", [*permutations(range(4))])
def test_two_that_are_taken_back_count_as_nothing_whatever_comes_first(
    maya: people.Person, said: publishing.Announcement, now: datetime, order: tuple[int, ...]
) -> None:
    pairs = [
        pressed(said, now),
        undone(said, now + MINUTE),
        pressed(said, now + 2 * MINUTE, "b"),
        undone(said, now + 3 * MINUTE, "b"),
    ]

    for place in order:
        send(maya, now + 5 * MINUTE, pairs[place])

    by_both = {*order[:2]} == {0, 2}  # no receipt takes back what more than one says
    assert confirmed(maya, said, now + 5 * MINUTE) == by_both


def test_one_that_was_taken_back_before_another_is_not_told_anew(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, undone(said, now), undone(said, now + MINUTE, "b"))

    assert send(maya, now + 2 * MINUTE, undone(said, now)).unchanged == 1

    assert send(maya, now + 3 * MINUTE, pressed(said, now), pressed(said, now, "b")).dropped == 2


def test_what_was_taken_back_on_the_page_does_not_make_the_hub_forget_what_was_before(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    send(maya, now, undone(said, now))
    for minutes, name in ((1, "b"), (3, "")):
        send(maya, now + minutes * MINUTE, pressed(said, now + minutes * MINUTE, name))
        delivery.unacknowledge(by=maya.id, announcement_id=said.id, now=now + (minutes + 1) * MINUTE)

    # the clock of this computer is ahead
    ahead = now + 60 * MINUTE
    assert send(maya, now + 5 * MINUTE, pressed(said, ahead), pressed(said, ahead, "b")).dropped == 2


def test_after_a_week_it_stands(maya: people.Person, said: publishing.Announcement, now: datetime) -> None:
    send(maya, now, pressed(said, now))

    # whatever the clock of this computer says
    assert send(maya, now + timedelta(days=7), undone(said, now + MINUTE)).dropped == 1

    assert confirmed(maya, said, now + timedelta(days=7))


def test_a_page_that_confirms_by_what_was_taken_back_is_told_that(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    name = UUID("7f3b1c1e-2f0f-4d55-9d1e-0a8a5b1f3c11")
    send(maya, now, undone(said, now, str(name)))

    with pytest.raises(delivery.TakenBack):
        delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, receipt=name, now=now + MINUTE)
