"""What goes out on each reader's own clock exists for nobody before their clock says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from announcements.analytics import services as analytics
from announcements.delivery import services as delivery
from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import join
from tests.delivery.postbox import Postbox

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NINE_ON_TUESDAY = publishing.When(own_clock=publishing.OwnClock(date(2026, 11, 17), time(9)))
IN_AMSTERDAM = datetime(2026, 11, 17, 8, tzinfo=UTC)
IN_LISBON = datetime(2026, 11, 17, 9, tzinfo=UTC)


@pytest.fixture
def going(ines: people.Person, operations: people.Group, now: datetime) -> publishing.Announcement:
    """Return a notice to Operations that reached Amsterdam at its nine o'clock."""
    said = publishing.Draft(
        title="Dock 4 closes", audience=people.Audience(group_ids=(operations.id,)), ask_acknowledge=True
    )
    draft = publishing.create(by=ines.id, draft=said, now=now)
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=NINE_ON_TUESDAY, now=now)
    assert publishing.go_out(announcement_id=draft.id, now=IN_AMSTERDAM)
    delivery.fan_out(announcement_id=draft.id, now=IN_AMSTERDAM)
    return publishing.get(announcement_id=draft.id)


def titles(person: people.Person, at: datetime) -> list[str]:
    return [item.title for item in delivery.feed(by=person.id, now=at).items]


def test_it_reaches_each_reader_at_nine_on_their_clock(
    maya: people.Person, joao: people.Person, going: publishing.Announcement
) -> None:
    assert titles(maya, IN_AMSTERDAM) == ["Dock 4 closes"]
    assert titles(joao, IN_LISBON - MINUTE) == []
    assert titles(joao, IN_LISBON) == ["Dock 4 closes"]
    [item] = delivery.feed(by=joao.id, now=IN_LISBON).items
    assert item.published_at == IN_LISBON


def test_it_is_told_when_it_reached_whom(
    ines: people.Person, olga: people.Person, joao: people.Person, going: publishing.Announcement
) -> None:
    assert delivery.arrivals(by=joao.id, announcement_ids=[going.id]) == {going.id: IN_LISBON}
    assert delivery.arrivals(by=olga.id, announcement_ids=[going.id]) == {}


def test_before_that_it_is_not_there_on_any_way_in(
    joao: people.Person, maya: people.Person, going: publishing.Announcement
) -> None:
    early = IN_LISBON - MINUTE
    with pytest.raises(errors.NotFound):
        delivery.readable(by=joao.id, announcement_id=going.id, now=early)
    with pytest.raises(errors.NotFound):
        delivery.acknowledge(by=joao.id, announcement_id=going.id, version=1, now=early)
    with pytest.raises(errors.NotFound):
        delivery.changes(by=joao.id, announcement_id=going.id, now=early)
    receipt = delivery.Receipt("1", going.id, "opened", early, "tab", None)
    assert delivery.record(by=joao.id, receipts=[receipt], now=early).dropped == 1

    assert delivery.readable(by=joao.id, announcement_id=going.id, now=IN_LISBON).delivery
    assert delivery.record(by=joao.id, receipts=[receipt], now=IN_LISBON).accepted == 1


def test_who_joins_meanwhile_waits_for_their_clock_too(
    olga: people.Person, operations: people.Group, going: publishing.Announcement, now: datetime
) -> None:
    rui = join(olga, "Rui Alves", "Europe/Lisbon", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=rui.id, now=IN_AMSTERDAM)

    with pytest.raises(errors.NotFound):
        delivery.readable(by=rui.id, announcement_id=going.id, now=IN_LISBON - MINUTE)
    assert delivery.readable(by=rui.id, announcement_id=going.id, now=IN_LISBON).delivery is None


def test_a_kept_feed_ends_when_the_next_one_arrives(joao: people.Person, going: publishing.Announcement) -> None:
    def page(at: datetime) -> bytes:
        return delivery.feed_page(
            person_id=joao.id,
            workspace_id=joao.workspace_id,
            standing=delivery.Standing(joao.epoch, joao.key_round),
            now=at,
        ).body

    assert b"Dock 4" not in page(IN_LISBON - MINUTE)
    assert b"Dock 4" in page(IN_LISBON)


def test_nudges_count_from_when_it_reached_each(
    ines: people.Person, going: publishing.Announcement, postbox: Postbox, tick: Callable[[datetime], int]
) -> None:
    first = delivery.nudge_plan(by=ines.id, announcement_id=going.id, now=IN_AMSTERDAM)[0]
    assert (first.due_first, first.due_last) == (IN_AMSTERDAM + 24 * HOUR, IN_LISBON + 24 * HOUR)

    assert delivery.nudge_now(by=ines.id, announcement_id=going.id, now=IN_AMSTERDAM).queued == 2  # not Joao, yet
    tick(IN_AMSTERDAM)
    assert len(postbox.mails) == 2
    assert not any("joao@northwind.test" in str(mail["To"]) for mail in postbox.mails)


def test_whom_it_has_yet_to_reach_are_counted_apart_and_not_called_missing(
    ines: people.Person, going: publishing.Announcement
) -> None:
    found = analytics.reach(by=ines.id, announcement_id=going.id, now=IN_AMSTERDAM)
    assert (found.recipients, found.on_the_way) == (3, 1)
    missing = analytics.missing(by=ines.id, announcement_id=going.id, now=IN_AMSTERDAM)
    assert [person.name for person in missing] == ["Ines Carvalho", "Maya Lindqvist"]
    assert analytics.reach(by=ines.id, announcement_id=going.id, now=IN_LISBON).on_the_way == 0


def test_before_scheduling_it_is_told_when_it_lands_and_when_its_nudges_follow(
    ines: people.Person, operations: people.Group, now: datetime
) -> None:
    audience = people.Audience(group_ids=(operations.id,))
    found = delivery.landing(by=ines.id, audience=audience, when=NINE_ON_TUESDAY, nudge_hours=(24, 96), now=now)

    assert [(one.timezone, one.people, one.at) for one in found] == [
        ("Europe/Amsterdam", 2, IN_AMSTERDAM), ("Europe/Lisbon", 1, IN_LISBON)
    ]  # fmt: skip
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert found[0].nudges == ((IN_AMSTERDAM + 24 * HOUR,) * 2, (monday,) * 2)  # 96 hours later is a Saturday
    assert [one.at for one in delivery.landing(by=ines.id, audience=audience, when=publishing.When(), nudge_hours=(), now=now)] == [now, now]  # fmt: skip


def test_a_reader_sees_what_changed_since_the_version_they_confirmed_and_nothing_between(
    ines: people.Person, maya: people.Person, joao: people.Person, going: publishing.Announcement
) -> None:
    delivery.acknowledge(by=maya.id, announcement_id=going.id, version=1, now=IN_LISBON)
    assert delivery.changes(by=maya.id, announcement_id=going.id, now=IN_LISBON) is None
    for title, at in (("Secret slip", IN_LISBON + HOUR), ("Dock 5 closes", IN_LISBON + 2 * HOUR)):
        publishing.correct(
            announcement_id=going.id, by=ines.id, draft=publishing.Draft(title=title), change="material", now=at
        )

    found = delivery.changes(by=maya.id, announcement_id=going.id, now=IN_LISBON + 3 * HOUR)
    assert found and (found.since, found.until) == (1, 3)
    assert [(part.mark, part.text) for part in found.title] == [
        ("same", "Dock "), ("removed", "4 "), ("added", "5 "), ("same", "closes")
    ]  # fmt: skip
    assert delivery.changes(by=joao.id, announcement_id=going.id, now=IN_LISBON + 3 * HOUR) is None
