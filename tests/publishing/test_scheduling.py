"""What is scheduled goes out when its time has come, once, and only while it still may."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.db import connection

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing
from tests.conftest import MONDAY, join

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NINE = time(9)
TUESDAY = date(2026, 11, 17)


def at(moment: datetime) -> publishing.When:
    return publishing.When(at=moment)


def on_own_clock(day: date = TUESDAY, clock: time = NINE) -> publishing.When:
    return publishing.When(own_clock=publishing.OwnClock(day, clock))


def test_a_scheduled_draft_waits_until_its_time_and_then_goes_out_once(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    waiting = publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + HOUR), now=now)

    assert (waiting.state(now), waiting.scheduled_for) == ("scheduled", now + HOUR)
    assert publishing.due(now=now + HOUR - MINUTE) == []
    assert not publishing.go_out(announcement_id=draft.id, now=now + HOUR - MINUTE)
    assert publishing.due(now=now + HOUR) == [draft.id]
    assert publishing.go_out(announcement_id=draft.id, now=now + HOUR + MINUTE)
    assert not publishing.go_out(announcement_id=draft.id, now=now + 2 * HOUR)
    out = publishing.get(announcement_id=draft.id)
    assert (out.state(now + HOUR), out.published_at, out.scheduled_for) == ("published", now + HOUR + MINUTE, None)
    [first] = publishing.versions(by=ines.id, announcement_id=draft.id, now=now + 2 * HOUR)
    assert (first.by, first.title) == (ines.id, draft.title)


@pytest.mark.django_db(transaction=True)
def test_of_two_ticks_at_once_one_publishes(ines: people.Person, draft: publishing.Announcement, now: datetime) -> None:
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + HOUR), now=now)
    together, outcomes = threading.Barrier(2), []

    def tick() -> None:
        try:
            together.wait(10)
            outcomes.append(publishing.go_out(announcement_id=draft.id, now=now + HOUR))
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == [False, True]
    assert publishing.get(announcement_id=draft.id).version == 1


def test_it_is_taken_off_its_schedule_before_it_is_changed(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + HOUR), now=now)
    words = publishing.Draft(title="Dock 5 closes")
    with pytest.raises(publishing.Scheduled):
        publishing.revise(announcement_id=draft.id, by=ines.id, draft=words, now=now)

    back = publishing.unschedule(announcement_id=draft.id, by=ines.id, now=now)
    assert (back.state(now), back.scheduled_for) == ("draft", None)
    assert publishing.due(now=now + DAY) == []
    revised = publishing.revise(announcement_id=draft.id, by=ines.id, draft=words, now=now)
    assert revised.title == "Dock 5 closes"
    with pytest.raises(publishing.NotScheduled):
        publishing.unschedule(announcement_id=draft.id, by=ines.id, now=now)


def test_publishing_can_be_taken_back_for_some_seconds(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    going = publishing.publish(announcement_id=draft.id, by=ines.id, undo_seconds=10, now=now)
    assert (going.state(now), going.scheduled_for) == ("scheduled", now + timedelta(seconds=10))

    publishing.unschedule(announcement_id=draft.id, by=ines.id, now=now + timedelta(seconds=9))
    assert not publishing.go_out(announcement_id=draft.id, now=now + timedelta(seconds=10))

    publishing.publish(announcement_id=draft.id, by=ines.id, undo_seconds=10, now=now + MINUTE)
    assert publishing.go_out(announcement_id=draft.id, now=now + MINUTE + timedelta(seconds=10))
    with pytest.raises(publishing.AlreadyPublished):
        publishing.unschedule(announcement_id=draft.id, by=ines.id, now=now + 2 * MINUTE)


@pytest.mark.parametrize(
    "when", [publishing.When(at=MONDAY + DAY), publishing.When(own_clock=publishing.OwnClock(TUESDAY, NINE))]
)
def test_undoing_gives_the_schedule_back_that_it_had(
    olga: people.Person, ines: people.Person, draft: publishing.Announcement, when: publishing.When, now: datetime
) -> None:
    had = publishing.schedule(announcement_id=draft.id, by=ines.id, when=when, now=now)
    for _ in range(2):  # pressing twice makes no difference
        publishing.publish(announcement_id=draft.id, by=olga.id, undo_seconds=10, now=now + MINUTE)

    back = publishing.unschedule(announcement_id=draft.id, by=olga.id, now=now + MINUTE)

    assert (back.state(now), back.scheduled_for, back.own_clock) == ("scheduled", had.scheduled_for, had.own_clock)
    assert back.scheduled_for
    assert publishing.due(now=back.scheduled_for) == [draft.id]
    publishing.unschedule(announcement_id=draft.id, by=ines.id, now=now + 2 * MINUTE)
    assert publishing.get(announcement_id=draft.id).state(now) == "draft"


def test_a_schedule_that_has_passed_meanwhile_does_not_come_back(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + timedelta(seconds=5)), now=now)
    publishing.publish(announcement_id=draft.id, by=ines.id, undo_seconds=10, now=now)

    back = publishing.unschedule(announcement_id=draft.id, by=ines.id, now=now + timedelta(seconds=6))

    assert back.state(now) == "draft"


@pytest.mark.parametrize("seconds", [-1, 61])
def test_undoing_takes_at_most_a_minute(
    ines: people.Person, draft: publishing.Announcement, seconds: int, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        publishing.publish(announcement_id=draft.id, by=ines.id, undo_seconds=seconds, now=now)
    assert set(refused.value.fields) == {"undo_seconds"}


@pytest.mark.parametrize(
    ("when", "field"),
    [
        (at(datetime(2026, 11, 16, 8, 59, tzinfo=UTC)), "at"),
        (at(datetime(2036, 1, 1, tzinfo=UTC)), "at"),
        (publishing.When(), "at"),
        (publishing.When(datetime(2026, 12, 1, tzinfo=UTC), publishing.OwnClock(TUESDAY, NINE)), "at"),
        (on_own_clock(date(2026, 11, 16)), "own_clock"),
        (on_own_clock(date(2036, 1, 1)), "own_clock"),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(
    ines: people.Person, draft: publishing.Announcement, when: publishing.When, field: str, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        publishing.schedule(announcement_id=draft.id, by=ines.id, when=when, now=now)
    assert set(refused.value.fields) == {field}
    assert publishing.get(announcement_id=draft.id) == draft


def test_on_each_clock_it_starts_with_those_whose_day_begins_first(
    olga: people.Person, draft: publishing.Announcement, to_operations: people.Audience, now: datetime
) -> None:
    join(olga, "Kiri Tane", "Pacific/Auckland", now)
    everyone = people.Audience(everyone=True)
    arriving = publishing.arrivals(by=olga.id, audience=everyone, when=on_own_clock(), now=now)

    assert [(one.timezone, one.at) for one in arriving] == [
        ("Pacific/Auckland", datetime(2026, 11, 16, 20, tzinfo=UTC)),
        ("Europe/Amsterdam", datetime(2026, 11, 17, 8, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2026, 11, 17, 9, tzinfo=UTC)),
    ]
    publishing.revise(announcement_id=draft.id, by=olga.id, draft=publishing.Draft(audience=everyone), now=now)
    scheduled = publishing.schedule(announcement_id=draft.id, by=olga.id, when=on_own_clock(), now=now)
    assert scheduled.scheduled_for == datetime(2026, 11, 16, 20, tzinfo=UTC)
    assert scheduled.own_clock == publishing.OwnClock(TUESDAY, NINE)


def test_a_deadline_that_some_reader_cannot_meet_is_refused_with_their_zone(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    amsterdam_has_it = datetime(2026, 11, 17, 8, 30, tzinfo=UTC)
    said = publishing.Draft(ask_acknowledge=True, deadline=amsterdam_has_it)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=now)

    with pytest.raises(errors.Invalid) as refused:
        publishing.schedule(announcement_id=draft.id, by=ines.id, when=on_own_clock(), now=now)
    assert "Europe/Lisbon" in refused.value.fields["deadline"][0]
    with pytest.raises(errors.Invalid) as refused:
        publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(amsterdam_has_it + HOUR), now=now)
    assert set(refused.value.fields) == {"deadline"}


def test_when_it_may_not_go_out_any_more_it_is_a_draft_that_says_why(
    olga: people.Person, ines: people.Person, operations: people.Group, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + HOUR), now=now)
    people.end_membership(by=olga.id, group_id=operations.id, person_id=ines.id, now=now)

    assert not publishing.go_out(announcement_id=draft.id, now=now + HOUR)

    kept = publishing.get(announcement_id=draft.id)
    assert (kept.state(now + HOUR), set(kept.refused)) == ("draft", {"audience"})
    assert publishing.due(now=now + DAY) == []


def test_a_deadline_that_passed_meanwhile_keeps_it_from_going_out(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    said = publishing.Draft(ask_acknowledge=True, deadline=now + 2 * HOUR)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=now)
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + HOUR), now=now)

    assert not publishing.go_out(announcement_id=draft.id, now=now + 3 * HOUR)

    assert set(publishing.get(announcement_id=draft.id).refused) == {"deadline"}
    again = publishing.Draft(deadline=now + DAY)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=again, now=now + 3 * HOUR)
    scheduled = publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + 4 * HOUR), now=now + 3 * HOUR)
    assert scheduled.refused == {}


def test_an_expiry_that_comes_before_it_reaches_somebody_is_refused_with_their_zone(
    olga: people.Person, ines: people.Person, operations: people.Group, draft: publishing.Announcement, now: datetime
) -> None:
    azores = join(olga, "Rui Melo", "Atlantic/Azores", now)
    people.add_member(by=olga.id, group_id=operations.id, person_id=azores.id, now=now)
    last = publishing.OwnClock(TUESDAY, NINE).instant("Atlantic/Azores")

    for early in (now + HOUR, last):
        publishing.revise(announcement_id=draft.id, by=ines.id, draft=publishing.Draft(expires_at=early), now=now)
        with pytest.raises(errors.Invalid) as refused:
            publishing.schedule(announcement_id=draft.id, by=ines.id, when=on_own_clock(), now=now)
        told = ["In Atlantic/Azores it arrives only then. Choose a later one."]
        assert refused.value.fields == {"expires_at": told}

    later = publishing.Draft(expires_at=last + MINUTE)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=later, now=now)
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=on_own_clock(), now=now)


def test_publishing_now_forgets_the_schedule(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=on_own_clock(), now=now)

    out = publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    assert (out.scheduled_for, out.own_clock, out.published_at) == (None, None, now)


def test_whoever_saw_an_older_revision_schedules_nothing(
    ines: people.Person, olga: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    publishing.revise(announcement_id=draft.id, by=olga.id, draft=publishing.Draft(title="Olga's"), now=now)

    with pytest.raises(publishing.Stale):
        publishing.schedule(announcement_id=draft.id, by=ines.id, when=at(now + HOUR), revision=draft.revision, now=now)


def test_nine_on_each_clock_is_nine_in_every_zone_of_the_world_also_on_the_days_clocks_change() -> None:
    """In a gap it is the first minute after it, in an overlap the first of the two."""
    days = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 4, 5), TUESDAY]
    for name in sorted(available_timezones()):
        for day in days:
            for clock in (NINE, time(2, 30), time(0, 15)):
                moment = publishing.OwnClock(day, clock).instant(name)
                there = moment.astimezone(ZoneInfo(name))
                assert (there.date(), there.time()) >= (day, clock), (name, day, clock)
                assert there.fold == 0, (name, day, clock)
                if clock == NINE:
                    assert (there.date(), there.time()) == (day, clock), (name, day)
