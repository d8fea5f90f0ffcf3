"""What is out asks for what can be done: deadlines of corrections, and versions that are restored."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import services as publishing

DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 17)
AMSTERDAM, LISBON = datetime(2026, 11, 17, 8, tzinfo=UTC), datetime(2026, 11, 17, 9, tzinfo=UTC)
BETWEEN = datetime(2026, 11, 17, 8, 30, tzinfo=UTC)


@pytest.fixture
def asking(ines: people.Person, draft: publishing.Announcement, now: datetime) -> publishing.Announcement:
    """Return what asks to be confirmed within a day."""
    said = publishing.Draft(ask_acknowledge=True, deadline=now + DAY)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=now)
    return publishing.publish(announcement_id=draft.id, by=ines.id, now=now)


@pytest.fixture
def on_each_clock(ines: people.Person, draft: publishing.Announcement, now: datetime) -> publishing.Announcement:
    """Return what went out at nine on each reader's clock, as it has reached Amsterdam and not yet Lisbon."""
    said = publishing.Draft(ask_acknowledge=True)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=said, now=now)
    when = publishing.When(own_clock=publishing.OwnClock(TUESDAY, time(9)))
    publishing.schedule(announcement_id=draft.id, by=ines.id, when=when, now=now)
    assert publishing.go_out(announcement_id=draft.id, now=AMSTERDAM)
    return publishing.get(announcement_id=draft.id)


def test_a_new_deadline_is_one_that_the_last_reader_can_meet(
    ines: people.Person, on_each_clock: publishing.Announcement
) -> None:
    said = {"announcement_id": on_each_clock.id, "by": ines.id, "change": "typo", "now": AMSTERDAM}

    with pytest.raises(errors.Invalid) as refused:
        publishing.correct(draft=publishing.Draft(deadline=BETWEEN), **said)  # type: ignore[arg-type]  # as named
    assert refused.value.fields == {"deadline": ["In Europe/Lisbon it arrives only then. Choose a later one."]}

    later = publishing.Draft(deadline=LISBON + timedelta(minutes=1))
    assert publishing.correct(draft=later, **said).deadline == later.deadline  # type: ignore[arg-type]  # as named


def test_a_new_expiry_is_after_it_has_reached_the_last_reader(
    ines: people.Person, on_each_clock: publishing.Announcement
) -> None:
    said = {"announcement_id": on_each_clock.id, "by": ines.id, "change": "typo", "now": AMSTERDAM}

    with pytest.raises(errors.Invalid) as refused:
        publishing.correct(draft=publishing.Draft(expires_at=BETWEEN), **said)  # type: ignore[arg-type]  # as named
    assert refused.value.fields == {"expires_at": ["In Europe/Lisbon it arrives only then. Choose a later one."]}

    later = publishing.Draft(expires_at=LISBON + timedelta(minutes=1))
    assert publishing.correct(draft=later, **said).expires_at == later.expires_at  # type: ignore[arg-type]  # as named


def test_what_is_asked_anew_has_a_deadline_that_can_be_met(
    ines: people.Person, asking: publishing.Announcement, now: datetime
) -> None:
    words, later = publishing.Draft(body="<p>From Tuesday on.</p>"), now + 2 * DAY
    said = {"announcement_id": asking.id, "by": ines.id, "now": later}

    with pytest.raises(errors.Invalid) as refused:
        publishing.correct(draft=words, change="material", **said)  # type: ignore[arg-type]  # as named
    assert list(refused.value.fields) == ["deadline"]
    assert "This deadline has passed" in refused.value.message
    assert publishing.get(announcement_id=asking.id) == asking

    for deadline in (later + DAY, None):
        anew = publishing.Draft(body="<p>From Tuesday on.</p>", deadline=deadline)
        assert publishing.correct(draft=anew, change="material", **said).deadline == deadline  # type: ignore[arg-type]  # as named


def test_what_asks_nobody_is_changed_whenever(
    ines: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    words = publishing.Draft(body="<p>From Tuesday on.</p>")

    corrected = publishing.correct(
        announcement_id=notice.id, by=ines.id, draft=words, change="material", now=now + 9 * DAY
    )

    assert corrected.version == 2


def test_restoring_a_version_asks_anew_too(ines: people.Person, asking: publishing.Announcement, now: datetime) -> None:
    later = now + 2 * DAY
    with pytest.raises(errors.Invalid) as refused:
        publishing.restore_version(
            announcement_id=asking.id, by=ines.id, again=publishing.Again(1, "material"), now=later
        )
    assert list(refused.value.fields) == ["deadline"]

    again = publishing.Again(1, "material", deadline=now + 3 * DAY)
    restored = publishing.restore_version(announcement_id=asking.id, by=ines.id, again=again, now=later)
    assert (restored.version, restored.deadline) == (2, now + 3 * DAY)


def test_whoever_restores_from_an_older_revision_overwrites_nothing(
    ines: people.Person, olga: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    words = publishing.Draft(title="Olga's")
    publishing.correct(announcement_id=notice.id, by=olga.id, draft=words, change="typo", now=now)

    with pytest.raises(publishing.Stale):
        publishing.restore_version(
            announcement_id=notice.id, by=ines.id, again=publishing.Again(1, "typo"), revision=notice.revision, now=now
        )

    assert publishing.get(announcement_id=notice.id).title == "Olga's"
