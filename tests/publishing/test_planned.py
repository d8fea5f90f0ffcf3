"""The time chosen for a draft is kept with it, and binds nobody until it is scheduled."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NINE = publishing.When(own_clock=publishing.OwnClock(date(2026, 11, 18), time(9)))


def plans(by: people.Person, draft: publishing.Announcement, when: publishing.When | None, now: datetime) -> None:
    said = publishing.Draft(planned=when)
    publishing.revise(announcement_id=draft.id, by=by.id, draft=said, now=now)


def chosen(draft: publishing.Announcement) -> publishing.When | None:
    return publishing.get(announcement_id=draft.id).planned


def test_a_time_is_kept_changed_and_taken_away(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    assert draft.planned is None
    for when in (publishing.When(at=now + DAY), NINE, publishing.When(at=now + HOUR), None):
        plans(ines, draft, when, now)
        assert chosen(draft) == when
    plans(ines, draft, NINE, now)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=publishing.Draft(title="Dock 5"), now=now)
    assert chosen(draft) == NINE


def test_it_sends_nothing_out(ines: people.Person, draft: publishing.Announcement, now: datetime) -> None:
    plans(ines, draft, publishing.When(at=now + HOUR), now)

    assert publishing.get(announcement_id=draft.id).state(now) == "draft"
    assert publishing.due(now=now + DAY) == []


def test_a_draft_whose_time_has_passed_is_written_on_and_not_scheduled_for_it(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    passed = publishing.When(at=now + HOUR)
    plans(ines, draft, passed, now)

    later = publishing.Draft(title="Dock 5", planned=passed)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=later, now=now + DAY)
    with pytest.raises(errors.Invalid) as refused:
        publishing.schedule(announcement_id=draft.id, by=ines.id, when=passed, now=now + DAY)

    assert set(refused.value.fields) == {"at"}
    kept = publishing.get(announcement_id=draft.id)
    assert (kept.title, kept.planned) == ("Dock 5", passed)


@pytest.mark.parametrize(
    "when",
    [
        publishing.When(at=datetime(1999, 1, 1, tzinfo=UTC)),
        publishing.When(at=datetime(2036, 1, 1, tzinfo=UTC)),
        publishing.When(own_clock=publishing.OwnClock(date(1, 1, 1), time(9))),
        publishing.When(own_clock=publishing.OwnClock(date(9999, 12, 31), time(9))),
        publishing.When(datetime(2026, 12, 1, tzinfo=UTC), publishing.OwnClock(date(2026, 12, 1), time(9))),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(
    ines: people.Person, draft: publishing.Announcement, when: publishing.When, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refused:
        plans(ines, draft, when, now)
    assert set(refused.value.fields) == {"planned"}


@pytest.mark.parametrize("back", ["unschedule", "discard"])
def test_what_is_taken_off_its_schedule_or_thrown_away_and_fetched_back_keeps_its_time(
    ines: people.Person, draft: publishing.Announcement, back: str, now: datetime
) -> None:
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=NINE, now=now)

    if back == "unschedule":
        found = publishing.unschedule(announcement_id=draft.id, by=ines.id, now=now)
    else:
        publishing.discard(announcement_id=draft.id, by=ines.id, now=now)
        found = publishing.fetch_back(announcement_id=draft.id, by=ines.id, now=now)

    assert (found.state(now), found.planned) == ("draft", NINE)


def test_publishing_for_some_seconds_changes_no_time_and_being_out_leaves_none(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    plans(ines, draft, NINE, now)

    publishing.publish(announcement_id=draft.id, by=ines.id, undo_seconds=10, now=now)
    assert chosen(draft) == NINE
    publishing.go_out(announcement_id=draft.id, now=now + HOUR)

    assert chosen(draft) is None


@pytest.mark.parametrize("when", [NINE, publishing.When(at=datetime(2026, 11, 18, 8, tzinfo=UTC))])
def test_a_copy_takes_the_time_along_while_it_is_still_to_come(
    ines: people.Person, draft: publishing.Announcement, when: publishing.When, now: datetime
) -> None:
    plans(ines, draft, when, now)

    early = publishing.duplicate(announcement_id=draft.id, by=ines.id, now=now)
    late = publishing.duplicate(announcement_id=draft.id, by=ines.id, now=now + 2 * DAY)

    assert (early.planned, late.planned) == (when, None)


def test_nine_on_each_clock_has_passed_for_a_copy_once_it_has_anywhere(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    plans(ines, draft, NINE, now)
    first = datetime(2026, 11, 17, 19, tzinfo=UTC)  # nine on Kiritimati

    copies = [
        publishing.duplicate(announcement_id=draft.id, by=ines.id, now=at).planned
        for at in (first - timedelta(minutes=1), first)
    ]

    assert copies == [NINE, None]
