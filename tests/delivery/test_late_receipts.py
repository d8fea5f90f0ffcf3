"""Receipts that come late, twice or wrong: a confirmation stands for what was asked, until it is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.mailing import reach

MINUTE = timedelta(minutes=1)


@pytest.fixture
def said(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    return reach(ines, operations, now)


def _pressed(said: publishing.Announcement, at: datetime, id: str = "a", version: int = 1) -> delivery.Receipt:
    return delivery.Receipt(id, said.id, "acknowledged", at, "extension", version)


def _send(by: people.Person, receipt: delivery.Receipt, now: datetime) -> str:
    recorded = delivery.record(by=by.id, receipts=[receipt], now=now)
    return next(name for name in ("accepted", "unchanged", "dropped") if getattr(recorded, name))


def _owes(person: people.Person, said: publishing.Announcement, now: datetime) -> bool:
    mine = delivery.readable(by=person.id, announcement_id=said.id, now=now).delivery
    assert mine
    return mine.acknowledged_at is None


def test_a_version_that_is_still_to_come_cannot_be_confirmed(
    ines: people.Person, maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    assert _send(maya, _pressed(said, now, version=999), now) == "dropped"
    publishing.correct(
        announcement_id=said.id,
        by=ines.id,
        draft=publishing.Draft(body="<p>On Tuesday.</p>"),
        change="material",
        now=now,
    )

    assert _owes(maya, said, now)
    assert _send(maya, _pressed(said, now, version=2), now) == "accepted"


def test_the_receipt_of_what_was_taken_back_confirms_nothing_anew(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    # The clock of this laptop is half an hour ahead.
    pressed = _pressed(said, now + 30 * MINUTE)
    assert _send(maya, pressed, now) == "accepted"
    assert _send(maya, pressed, now) == "unchanged"
    delivery.unacknowledge(by=maya.id, announcement_id=said.id, now=now + MINUTE)

    assert _send(maya, pressed, now + 2 * MINUTE) == "dropped"
    assert _owes(maya, said, now + 2 * MINUTE)


def test_what_was_pressed_before_it_was_taken_back_elsewhere_confirms_nothing(
    maya: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    delivery.acknowledge(by=maya.id, announcement_id=said.id, version=1, now=now + MINUTE)
    delivery.unacknowledge(by=maya.id, announcement_id=said.id, now=now + 2 * MINUTE)

    assert _send(maya, _pressed(said, now, "from a phone that was offline"), now + 3 * MINUTE) == "dropped"
    assert _owes(maya, said, now + 3 * MINUTE)


def test_whoever_took_it_back_can_confirm_again(
    maya: people.Person, joao: people.Person, said: publishing.Announcement, now: datetime
) -> None:
    for person in (maya, joao):
        delivery.acknowledge(by=person.id, announcement_id=said.id, version=1, now=now)
        delivery.unacknowledge(by=person.id, announcement_id=said.id, now=now + MINUTE)

    assert _send(maya, _pressed(said, now + 2 * MINUTE, "b"), now + 2 * MINUTE) == "accepted"
    delivery.acknowledge(by=joao.id, announcement_id=said.id, version=1, now=now + MINUTE)

    assert not _owes(maya, said, now)
    assert not _owes(joao, said, now)
