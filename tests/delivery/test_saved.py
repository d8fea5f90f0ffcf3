"""What somebody saves for later is theirs: it waits on their list, counts as nothing, and the last word stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.delivery.conftest import Announce
from tests.delivery.postbox import Postbox

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Says = Callable[..., delivery.Recorded]


@pytest.fixture
def says(notice: publishing.Announcement, now: datetime) -> Says:
    """Return what sends words about the notice, each with its minute, as one batch that arrives at `received`."""

    def record(person: people.Person, *words: tuple[delivery.Saving, float], received: float = 60) -> delivery.Recorded:
        receipts = [delivery.Receipt(f"{word}-{at}", notice.id, word, now + at * MINUTE, "tab") for word, at in words]
        return delivery.record(by=person.id, receipts=receipts, now=now + received * MINUTE)

    return record


def saved(person: people.Person, at: datetime) -> list[str]:
    return [item.title for item in delivery.feed(by=person.id, now=at).items if item.saved_at]


def kept(person: people.Person, at: datetime) -> tuple[str, list[bool]]:
    """Return the entity tag of a feed as it travels, and what of it is saved."""
    standing = delivery.Standing(person.epoch)
    page = delivery.feed_page(person_id=person.id, workspace_id=person.workspace_id, standing=standing, now=at)
    return page.etag, [item["saved_at"] is not None for item in json.loads(page.body)["items"]]


def test_what_is_saved_is_on_its_readers_list_alone(
    maya: people.Person, joao: people.Person, says: Says, now: datetime
) -> None:
    assert says(maya, ("saved", 5)) == delivery.Recorded(accepted=1, unchanged=0, dropped=0)

    [item] = delivery.feed(by=maya.id, now=now + HOUR).items
    assert item.saved_at == now + 5 * MINUTE
    assert saved(joao, now + HOUR) == []
    says(maya, ("unsaved", 9))
    assert saved(maya, now + HOUR) == []


def test_saving_counts_as_nothing(
    olga: people.Person, maya: people.Person, notice: publishing.Announcement, says: Says, now: datetime
) -> None:
    before = analytics.reach(by=olga.id, announcement_id=notice.id, now=now + HOUR)
    facts = delivery.facts(announcement_id=notice.id)

    says(maya, ("saved", 5))

    assert delivery.facts(announcement_id=notice.id) == facts
    assert analytics.reach(by=olga.id, announcement_id=notice.id, now=now + HOUR) == before
    [item] = delivery.feed(by=maya.id, now=now + HOUR).items
    assert (item.required, item.acknowledged_at, item.opened_at) == (True, None, None)


def test_what_is_saved_and_not_confirmed_is_nudged_all_the_same(
    maya: people.Person, says: Says, tick: Callable[[datetime], int], postbox: Postbox, now: datetime
) -> None:
    says(maya, ("saved", 5))

    tick(now + DAY)

    assert maya.email in postbox.recipients


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ([("saved", 5), ("unsaved", 6)], False),
        ([("unsaved", 6), ("saved", 5)], False),
        ([("saved", 7), ("unsaved", 6)], True),
        ([("saved", 5), ("unsaved", 6), ("saved", 7)], True),
        ([("saved", 7), ("saved", 5), ("unsaved", 6)], True),
        ([("saved", 5), ("saved", 5), ("unsaved", 6), ("saved", 5)], False),
        ([("saved", 500), ("unsaved", 501)], False),
    ],
)
def test_the_last_word_stands_in_whatever_order_they_come(
    maya: people.Person, says: Says, now: datetime, words: list[Any], stands: bool, together: bool
) -> None:
    if together:
        says(maya, *words)
    else:
        for word in words:
            says(maya, word)

    assert bool(saved(maya, now + HOUR)) is stands


def test_what_is_not_theirs_or_is_withdrawn_cannot_be_saved(
    ines: people.Person,
    maya: people.Person,
    charlie: people.Person,
    notice: publishing.Announcement,
    says: Says,
    now: datetime,
) -> None:
    assert says(charlie, ("saved", 5)).dropped == 1
    says(maya, ("saved", 5))
    publishing.withdraw(announcement_id=notice.id, by=ines.id, reason="Wrong dock.", now=now + 10 * MINUTE)

    assert saved(maya, now + HOUR) == []
    assert says(maya, ("saved", 30)).dropped == 1


@pytest.mark.django_db(transaction=True)  # what is kept ends when it has committed
def test_a_kept_feed_tells_of_it_at_once_under_another_tag(maya: people.Person, says: Says, now: datetime) -> None:
    first = kept(maya, now + HOUR)

    says(maya, ("saved", 5))
    second = kept(maya, now + HOUR)
    says(maya, ("unsaved", 6))

    assert [some for _tag, some in (first, second, kept(maya, now + HOUR))] == [[False], [True], [False]]
    assert first[0] != second[0]


def test_what_is_saved_stays_in_the_feed_however_much_came_since(
    maya: people.Person, announce: Announce, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("announcements.delivery._own.PAST", 3)
    old = [announce(f"Old {n}", at=now + n * HOUR, ask_acknowledge=False) for n in range(4)]
    for n in range(4):
        announce(f"New {n}", at=now + (5 + n) * HOUR, ask_acknowledge=False)
    receipts = [delivery.Receipt(str(one.id), one.id, "saved", now + 9 * HOUR, "tab") for one in old[:2]]
    delivery.record(by=maya.id, receipts=receipts, now=now + 9 * HOUR)

    found = delivery.feed(by=maya.id, now=now + DAY, limit=2)

    assert [item.title for item in found.items] == ["New 3", "New 2", "Old 1", "Old 0"]
    monkeypatch.setattr("announcements.delivery._own.MOST_SAVED", 1)
    assert [item.title for item in delivery.feed(by=maya.id, now=now + DAY, limit=2).items] == [
        "New 3",
        "New 2",
        "Old 1",
    ]


def test_forgetting_by_age_leaves_the_list_and_not_what_was_on_it(
    maya: people.Person, joao: people.Person, notice: publishing.Announcement, says: Says, now: datetime
) -> None:
    says(maya, ("saved", 5))
    says(joao, ("saved", 5), ("unsaved", 6))
    later = now + 91 * DAY

    while delivery.forget_facts(announcement_id=notice.id, before=later - 90 * DAY, now=later):
        pass

    [mayas], [joaos] = (delivery.stored(by=person.id).deliveries for person in (maya, joao))
    assert (mayas.saved_at, mayas.unsaved_at) == (now + 5 * MINUTE, None)
    assert (joaos.saved_at, joaos.unsaved_at) == (None, None)
    gone = delivery.Receipt("x", notice.id, "unsaved", later, "tab")
    assert delivery.record(by=maya.id, receipts=[gone], now=later).accepted == 1
    [mayas] = delivery.stored(by=maya.id).deliveries
    assert (mayas.saved_at, mayas.unsaved_at) == (None, None)


def test_the_last_word_stands_after_forgetting_by_age_too(
    maya: people.Person, notice: publishing.Announcement, says: Says, now: datetime
) -> None:
    says(maya, ("saved", 5))
    days = DAY / MINUTE
    later = now + 91 * DAY
    while delivery.forget_facts(announcement_id=notice.id, before=later - 90 * DAY, now=later):
        pass

    off = [says(maya, ("unsaved", 92 * days), received=93 * days) for _ in range(3)]
    again = says(maya, ("saved", 5), received=93 * days)

    assert [one.accepted for one in off] == [1, 0, 0]
    assert (again.accepted, saved(maya, now + 93 * DAY)) == (0, [])
    assert says(maya, ("saved", 94 * days), received=95 * days).accepted == 1
    assert saved(maya, now + 95 * DAY) == [notice.title]


def test_its_reader_is_told_what_is_stored_of_it(
    maya: people.Person, joao: people.Person, says: Says, now: datetime
) -> None:
    says(maya, ("saved", 5))
    says(joao, ("saved", 5), ("unsaved", 6))

    [mayas], [joaos] = (delivery.stored(by=person.id).deliveries for person in (maya, joao))

    assert (mayas.saved_at, mayas.unsaved_at, mayas.facts) == (now + 5 * MINUTE, None, ())
    assert (joaos.saved_at, joaos.unsaved_at, joaos.facts) == (None, now + 6 * MINUTE, ())
