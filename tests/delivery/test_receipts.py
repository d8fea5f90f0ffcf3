"""Facts about reading: the first time wins, twice is once, and only about what is one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests import meanwhile
from tests.delivery.conftest import Announce

MINUTE = timedelta(minutes=1)
Does = Callable[..., delivery.Recorded]


@pytest.fixture
def does(notice: publishing.Announcement, now: datetime) -> Does:
    """Return what records facts of somebody at minutes after publishing; the batch arrives at `received`."""

    def record(
        person: people.Person, *facts: tuple[delivery.Fact, float], received: float = 60, version: int | None = 1
    ) -> delivery.Recorded:
        receipts = [
            delivery.Receipt(f"{fact}-{at}", notice.id, fact, now + at * MINUTE, "tab", version) for fact, at in facts
        ]
        return delivery.record(by=person.id, receipts=receipts, now=now + received * MINUTE)

    return record


def facts(person: people.Person, about: publishing.Announcement, now: datetime) -> list[float | None]:
    """Return displayed, opened, read and acknowledged, in minutes after publishing."""
    [row] = [row for row in delivery.facts(announcement_id=about.id) if row.recipient_id == person.id]
    times = (row.displayed_at, row.opened_at, row.read_at, row.acknowledged_at)
    return [time and (time - now) / MINUTE for time in times]


def test_a_later_fact_implies_the_earlier_ones(
    maya: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    assert does(maya, ("read", 5)) == delivery.Recorded(accepted=1, unchanged=0, dropped=0)
    assert facts(maya, notice, now) == [5, 5, 5, None]

    does(maya, ("acknowledged", 9))
    assert facts(maya, notice, now) == [5, 5, 5, 9]


def test_the_first_time_wins_in_whatever_order_they_come(
    maya: people.Person, joao: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    told: list[tuple[delivery.Fact, float]] = [("displayed", 2), ("opened", 4), ("displayed", 9), ("opened", 3)]
    does(maya, *told)
    for one in reversed(told):
        does(joao, one)

    assert facts(maya, notice, now) == facts(joao, notice, now) == [2, 3, None, None]


def test_what_is_dismissed_counts_as_nothing_else(maya: people.Person, announce: Announce, now: datetime) -> None:
    news = announce("News", ask_acknowledge=False)
    aside = delivery.Receipt("x", news.id, "dismissed", now + MINUTE, "tab")

    recorded = delivery.record(by=maya.id, receipts=[aside, aside], now=now + MINUTE)

    assert recorded == delivery.Recorded(accepted=1, unchanged=1, dropped=0)
    assert facts(maya, news, now) == [None, None, None, None]
    [item] = delivery.feed(by=maya.id, now=now + MINUTE).items
    assert (item.dismissed_at, item.read_at) == (now + MINUTE, None)
    [kept] = delivery.stored(by=maya.id).deliveries
    assert [(fact.fact, fact.at) for fact in kept.facts] == [("dismissed", now + MINUTE)]


def test_what_asks_to_be_confirmed_cannot_be_dismissed(
    maya: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    assert does(maya, ("dismissed", 5)) == delivery.Recorded(accepted=0, unchanged=0, dropped=1)
    [item] = delivery.feed(by=maya.id, now=now + MINUTE).items
    assert item.dismissed_at is None


def test_recording_twice_changes_nothing(
    maya: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    does(maya, ("opened", 4), ("acknowledged", 6))
    before = facts(maya, notice, now)

    again = does(maya, ("opened", 4), ("acknowledged", 6), received=120)

    assert again == delivery.Recorded(accepted=0, unchanged=2, dropped=0)
    assert facts(maya, notice, now) == before


def test_a_clock_ahead_counts_as_now_and_one_behind_as_the_delivery(
    maya: people.Person, joao: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    does(maya, ("opened", 500), received=10)
    does(joao, ("opened", -500), received=10)

    assert facts(maya, notice, now) == [10, 10, None, None]
    assert facts(joao, notice, now) == [0, 0, None, None]


def test_what_is_not_theirs_is_dropped_and_counted(
    olga: people.Person, charlie: people.Person, notice: publishing.Announcement, does: Does
) -> None:
    before = delivery.facts(announcement_id=notice.id)

    for person in (olga, charlie):
        assert does(person, ("acknowledged", 5)) == delivery.Recorded(accepted=0, unchanged=0, dropped=1)
    assert delivery.facts(announcement_id=notice.id) == before


@pytest.mark.parametrize("version", [None, 0, 2, 99])
def test_a_confirmation_of_a_version_that_is_not_asked_for_is_dropped(
    maya: people.Person, notice: publishing.Announcement, does: Does, version: int | None, now: datetime
) -> None:
    assert does(maya, ("acknowledged", 5), version=version).dropped == 1
    assert facts(maya, notice, now) == [None, None, None, None]


def test_nothing_is_confirmed_where_nobody_asked(maya: people.Person, announce: Announce, now: datetime) -> None:
    news = announce(ask_acknowledge=False)
    receipt = delivery.Receipt("1", news.id, "acknowledged", now, "tab", 1)

    assert delivery.record(by=maya.id, receipts=[receipt], now=now).dropped == 1
    with pytest.raises(delivery.NotAsked):
        delivery.acknowledge(by=maya.id, announcement_id=news.id, version=1, now=now)


def test_nothing_is_recorded_about_what_was_withdrawn(
    ines: people.Person, maya: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now)

    assert does(maya, ("opened", 5)).dropped == 1
    with pytest.raises(delivery.NotAsked):
        delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=1, now=now)


def test_a_batch_that_is_too_large_is_refused_whole(
    maya: people.Person, notice: publishing.Announcement, does: Does, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        does(maya, *[("opened", 1)] * 501)

    assert list(refusal.value.fields) == ["receipts"]
    assert facts(maya, notice, now) == [None, None, None, None]


def test_confirming_twice_is_once(maya: people.Person, notice: publishing.Announcement, now: datetime) -> None:
    first = delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=1, now=now + MINUTE)
    again = delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=1, channel="mail", now=now + 2 * MINUTE)

    assert (first.acknowledged_at, first.acknowledged_version) == (now + MINUTE, 1)
    assert again == first
    [via] = {f.acknowledged_via for f in delivery.facts(announcement_id=notice.id) if f.recipient_id == maya.id}
    assert via == "page"


def test_only_recipients_confirm(
    olga: people.Person, charlie: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    for person in (olga, charlie):
        with pytest.raises(errors.NotFound):
            delivery.acknowledge(by=person.id, announcement_id=notice.id, version=1, now=now)
        with pytest.raises(errors.NotFound):
            delivery.unacknowledge(by=person.id, announcement_id=notice.id, now=now)


def test_a_version_that_does_not_exist_cannot_be_confirmed(
    maya: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=2, now=now)

    assert list(refusal.value.fields) == ["version"]
    assert facts(maya, notice, now) == [None, None, None, None]


def test_a_confirmation_can_be_taken_back_for_ten_minutes(
    maya: people.Person, joao: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    for person in (maya, joao):
        delivery.acknowledge(by=person.id, announcement_id=notice.id, version=1, now=now)

    delivery.unacknowledge(by=maya.id, announcement_id=notice.id, now=now + 9 * MINUTE)
    with pytest.raises(delivery.TooLate):
        delivery.unacknowledge(by=joao.id, announcement_id=notice.id, now=now + 10 * MINUTE)

    assert facts(maya, notice, now) == [0, 0, 0, None]
    assert facts(joao, notice, now) == [0, 0, 0, 0]


def test_a_material_change_asks_anew_and_a_typo_does_not(
    ines: people.Person, maya: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    def correct(change: publishing.Change) -> None:
        new = publishing.Draft(body=f"<p>{change}</p>")
        publishing.correct(announcement_id=notice.id, by=ines.id, draft=new, change=change, now=now)  # type: ignore[arg-type]

    delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=1, now=now)
    correct("typo")
    assert facts(maya, notice, now) == [0, 0, 0, 0]

    correct("material")
    assert facts(maya, notice, now) == [0, 0, 0, None]
    with pytest.raises(delivery.OlderVersion):
        delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=2, now=now)
    assert (
        delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=3, now=now + MINUTE).acknowledged_version
        == 3
    )


@pytest.mark.parametrize(
    ("change", "refusal"), [("corrected", delivery.OlderVersion), ("withdrawn", delivery.NotAsked)]
)
def test_who_confirms_while_it_changes_is_told_that_it_did_not_count(
    ines: people.Person,
    maya: people.Person,
    notice: publishing.Announcement,
    now: datetime,
    change: str,
    refusal: type[Exception],
) -> None:
    def happen() -> None:
        if change == "withdrawn":
            publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now)
        else:
            new = publishing.Draft(body="<p>Dock 7.</p>")
            publishing.correct(announcement_id=notice.id, by=ines.id, draft=new, change="material", now=now)

    with meanwhile.after('FROM "publishing_announcement"', happen), pytest.raises(refusal):
        delivery.acknowledge(by=maya.id, announcement_id=notice.id, version=1, now=now)

    assert facts(maya, notice, now)[-1] is None


def test_a_batch_about_many_is_written_at_once(
    maya: people.Person, announce: Announce, now: datetime, django_assert_max_num_queries: Any
) -> None:
    def batch(some: list[publishing.Announcement]) -> list[delivery.Receipt]:
        return [delivery.Receipt(f"{one.id}", one.id, "read", now + MINUTE, "tab") for one in some]

    few, many = [announce("One")], [announce(f"No. {n}") for n in range(20)]
    with CaptureQueriesContext(connection) as alone:
        delivery.record(by=maya.id, receipts=batch(few), now=now + MINUTE)

    with django_assert_max_num_queries(len(alone)):
        recorded = delivery.record(by=maya.id, receipts=batch(many), now=now + MINUTE)

    assert recorded == delivery.Recorded(accepted=20, unchanged=0, dropped=0)
    assert all(facts(maya, one, now) == [1, 1, 1, None] for one in many)
