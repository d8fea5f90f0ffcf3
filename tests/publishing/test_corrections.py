"""What is out is corrected in versions, or taken back; whom it reached stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from announcements.kernel import errors
from announcements.people import services as people
from announcements.publishing import events
from announcements.publishing import services as publishing

LATER = timedelta(minutes=5)
DAY = timedelta(days=1)


@pytest.fixture
def told() -> Iterator[list[tuple[int, str]]]:
    """Return number and change of each correction that was told."""
    heard: list[tuple[int, str]] = []

    def hear(*, number: int, change: str, **_: Any) -> None:
        heard.append((number, change))

    events.announcement_corrected.connect(hear)
    yield heard
    events.announcement_corrected.disconnect(hear)


def test_each_correction_is_a_version_that_keeps_what_was_said(
    ines: people.Person, olga: people.Person, notice: publishing.Announcement, told: list[Any], now: datetime
) -> None:
    typo, material = publishing.Draft(title="Dock 4 is closing"), publishing.Draft(body="<p>From Tuesday on.</p>")
    publishing.correct(announcement_id=notice.id, by=ines.id, draft=typo, change="typo", now=now + LATER)
    corrected = publishing.correct(
        announcement_id=notice.id, by=olga.id, draft=material, change="material", now=now + 2 * LATER
    )

    assert (corrected.version, corrected.title, corrected.summary) == (3, "Dock 4 is closing", notice.summary)
    assert corrected.published_at == notice.published_at
    versions = publishing.versions(by=ines.id, announcement_id=notice.id, now=now)
    assert [(v.number, v.change, v.by, v.title, v.body) for v in versions] == [
        (1, "first", ines.id, "Dock 4 closes", "<p>From Monday on.</p>"),
        (2, "typo", ines.id, "Dock 4 is closing", "<p>From Monday on.</p>"),
        (3, "material", olga.id, "Dock 4 is closing", "<p>From Tuesday on.</p>"),
    ]
    assert publishing.version_get(announcement_id=notice.id, number=2) == versions[1]
    assert told == [(2, "typo"), (3, "material")]


def test_whoever_corrects_an_older_revision_overwrites_nothing(
    ines: people.Person, olga: people.Person, notice: publishing.Announcement, told: list[Any], now: datetime
) -> None:
    first = publishing.Draft(title="Olga's")
    publishing.correct(
        announcement_id=notice.id, by=olga.id, draft=first, change="typo", revision=notice.revision, now=now
    )

    with pytest.raises(publishing.Stale):
        mine = publishing.Draft(title="Mine")
        publishing.correct(
            announcement_id=notice.id, by=ines.id, draft=mine, change="material", revision=notice.revision, now=now
        )

    assert publishing.get(announcement_id=notice.id).title == "Olga's"
    assert told == [(2, "typo")]


SAME = publishing.Draft(title="Dock 4 closes ", summary="Use dock 6.", body="<p>From Monday on.</p>")


def test_a_material_change_that_changes_nothing_asks_nobody_anew(
    ines: people.Person, notice: publishing.Announcement, told: list[Any], now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        publishing.correct(announcement_id=notice.id, by=ines.id, draft=SAME, change="material", now=now + LATER)
    again = publishing.Again(1, "material")
    with pytest.raises(errors.Invalid):
        publishing.restore_version(announcement_id=notice.id, by=ines.id, again=again, now=now + LATER)

    assert list(refusal.value.fields) == ["change"]
    assert refusal.value.fields["change"][0].startswith("Nothing has changed.")
    assert publishing.get(announcement_id=notice.id) == notice
    assert told == []


def test_a_typo_that_changes_nothing_makes_no_version(
    ines: people.Person, notice: publishing.Announcement, told: list[Any], now: datetime
) -> None:
    same = publishing.correct(announcement_id=notice.id, by=ines.id, draft=SAME, change="typo", now=now + LATER)

    assert same == notice
    assert len(publishing.versions(by=ines.id, announcement_id=notice.id, now=now)) == 1
    assert told == []
    with pytest.raises(publishing.Stale):
        publishing.correct(
            announcement_id=notice.id, by=ines.id, draft=SAME, change="typo", revision=notice.revision - 1, now=now
        )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"audience": people.Audience(everyone=True)}, "audience"),
        ({"ask_acknowledge": True}, "ask_acknowledge"),
        ({"nudge_hours": (1.0,)}, "nudge_hours"),
        ({"kind": "policy"}, "kind"),
        ({"deadline": DAY}, "deadline"),
        ({"expires_at": -DAY}, "expires_at"),
    ],
)
def test_what_cannot_be_corrected_is_named_and_nothing_is_written(
    ines: people.Person,
    notice: publishing.Announcement,
    said: dict[str, object],
    field: str,
    told: list[Any],
    now: datetime,
) -> None:
    given = {name: now + value if isinstance(value, timedelta) else value for name, value in said.items()}
    wrong = publishing.Draft(summary="Good", **given)  # type: ignore[arg-type]

    with pytest.raises(errors.Invalid) as refusal:
        publishing.correct(announcement_id=notice.id, by=ines.id, draft=wrong, change="typo", now=now)

    assert list(refusal.value.fields) == [field]
    assert publishing.get(announcement_id=notice.id) == notice
    assert len(publishing.versions(by=ines.id, announcement_id=notice.id, now=now)) == 1
    assert told == []


def test_a_deadline_that_has_passed_keeps_nobody_from_correcting_a_typo(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    asking = publishing.Draft(ask_acknowledge=True, deadline=now + DAY)
    publishing.revise(announcement_id=draft.id, by=ines.id, draft=asking, now=now)
    publishing.publish(announcement_id=draft.id, by=ines.id, now=now)

    same = publishing.Draft(title="Dock 4 is closing", deadline=now + DAY)
    later = now + 2 * DAY
    corrected = publishing.correct(announcement_id=draft.id, by=ines.id, draft=same, change="typo", now=later)

    assert (corrected.title, corrected.deadline) == ("Dock 4 is closing", now + DAY)


def test_a_draft_is_neither_corrected_nor_withdrawn(
    ines: people.Person, draft: publishing.Announcement, now: datetime
) -> None:
    with pytest.raises(publishing.NotPublished):
        publishing.correct(announcement_id=draft.id, by=ines.id, draft=publishing.Draft(), change="typo", now=now)
    with pytest.raises(publishing.NotPublished):
        publishing.withdraw(announcement_id=draft.id, by=ines.id, reason="Wrong dock.", now=now)

    assert publishing.get(announcement_id=draft.id) == draft


def test_what_is_withdrawn_says_why_and_changes_no_more(
    ines: people.Person, olga: people.Person, notice: publishing.Announcement, now: datetime
) -> None:
    withdrawn = publishing.withdraw(announcement_id=notice.id, by=olga.id, reason=" Wrong\ndock. ", now=now + LATER)

    assert (withdrawn.state(now + LATER), withdrawn.withdrawn_at) == ("withdrawn", now + LATER)
    assert (withdrawn.updated_at, withdrawn.updated_by) == (now + LATER, olga.id)
    assert withdrawn.withdraw_reason == "Wrong dock."
    for again in (
        lambda: publishing.withdraw(announcement_id=notice.id, by=olga.id, reason="Other", now=now + 2 * LATER),
        lambda: publishing.correct(
            announcement_id=notice.id, by=ines.id, draft=publishing.Draft(title="x"), change="typo", now=now + LATER
        ),
    ):
        with pytest.raises(publishing.AlreadyWithdrawn):
            again()
    assert publishing.get(announcement_id=notice.id) == withdrawn


@pytest.mark.parametrize("reason", ["x" * 281, "", " \n ", "\u200e"])
def test_without_a_reason_that_fits_nothing_is_withdrawn(
    ines: people.Person, notice: publishing.Announcement, reason: str, now: datetime
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        publishing.withdraw(announcement_id=notice.id, by=ines.id, reason=reason, now=now)

    assert list(refusal.value.fields) == ["reason"]
    assert publishing.get(announcement_id=notice.id) == notice
