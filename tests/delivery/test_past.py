"""A past that is brought along or made up has nudges that fit its facts, and sends none of them."""

from __future__ import annotations

from datetime import datetime

import pytest

from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.mailing import HOUR, reach, sink, step, tick
from tests.journeys.sink import Sink

__all__ = ["sink"]


@pytest.fixture
def past(
    ines: people.Person, maya: people.Person, joao: people.Person, operations: people.Group, now: datetime
) -> publishing.Announcement:
    """Return an announcement that Maya confirmed before she was nudged, and Joao after the first of two nudges."""
    said = reach(ines, operations, now, nudge_hours=(1.0, 2.0))
    for reader, hours in ((maya, 0.5), (joao, 1.5)):
        at = now + hours * HOUR
        delivery.acknowledge(by=reader.id, announcement_id=said.id, version=1, channel="mail", now=at)
    return said


def test_only_who_had_not_confirmed_counts_as_nudged_and_nothing_is_sent(
    past: publishing.Announcement, ines: people.Person, joao: people.Person, sink: Sink, now: datetime
) -> None:
    assert delivery.settle_past(announcement_id=past.id, also_missing=True, now=now + 3 * HOUR) == 3
    assert tick(now + 3 * HOUR) == 0

    first, second = (step(ines, past, now, number) for number in (1, 2))
    assert (first.submitted, first.skipped, second.submitted, second.skipped) == (2, 1, 1, 2)
    facts = {row.recipient_id: row for row in delivery.facts(announcement_id=past.id)}
    assert (facts[joao.id].last_nudge_at, facts[joao.id].nudge_state) == (now + HOUR, "submitted")
    assert sink.mails == []


def test_who_is_still_missing_may_be_left_for_the_next_tick(
    past: publishing.Announcement, ines: people.Person, sink: Sink, now: datetime
) -> None:
    assert delivery.settle_past(announcement_id=past.id, also_missing=False, now=now + HOUR) == 1

    tick(now + HOUR)

    assert sink.recipients == ["ines@northwind.test"]
