"""Where the words of a curve stand: never one upon another, however little or much has happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from announcements.web.curve import draw

EVENING = datetime.fromisoformat("2026-11-23T20:00:00+00:00")
HEIGHT = 12  # of a line of words


def drawn(
    opened: int, confirmed: int, *, recipients: int = 10, at: datetime = EVENING, steps: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return the curve of something so many people got, two days later."""
    points = [
        {"at": (at + timedelta(hours=hours)).isoformat(), "opened": many * opened, "acknowledged": many * confirmed}
        for hours, many in ((0, 0), (48, 1))
    ]
    reach = {"curve": points, "recipients": recipients, "few": False, "acknowledged": confirmed}
    with timezone.override("UTC"):
        found = draw(reach, list(steps), ("09:00", "17:00"))
    assert found
    return found


@pytest.mark.parametrize(
    ("opened", "confirmed", "recipients"),
    [
        *((0, 0, 10), (1, 0, 10), (5, 5, 10), (10, 10, 10), (10, 0, 10)),
        *((3, 1, 200), (5, 2, 200), (10, 4, 200), (199, 197, 200)),
    ],
)
def test_the_ends_of_the_lines_are_named_apart_above_the_days_and_below_the_nudges(
    opened: int, confirmed: int, recipients: int
) -> None:
    chart = drawn(opened, confirmed, recipients=recipients)
    first, last = (end["word"] for end in chart["ends"])

    assert last - first >= HEIGHT
    assert last + HEIGHT / 2 <= chart["bottom"] + 4
    assert first - HEIGHT / 2 >= chart["top"]


def test_a_day_is_named_where_there_is_room_for_it() -> None:
    assert not drawn(1, 1)["begins"]  # four hours before the next
    assert drawn(1, 1, at=EVENING - timedelta(hours=12))["begins"]


def step(number: int, hours: int, *, sent: int = 0, queued: int = 0) -> dict[str, Any]:
    due = (EVENING + timedelta(hours=hours)).isoformat()
    return {"step": number, "due_first": due, "submitted": sent, "queued": queued}


def test_each_nudge_is_told_in_words_with_how_many_it_went_to_and_stands_in_the_table() -> None:
    steps = [step(0, 47, sent=5), step(1, 24, sent=1234), step(2, 30, sent=1, queued=3), step(3, 60, queued=1)]

    chart = drawn(1, 1, steps=steps)

    assert [nudge["said"] for nudge in chart["nudges"]] == [
        "Nudge 1, from Tuesday 24 November, 20:00: sent to 1,234 people",
        "Nudge 2, from Wednesday 25 November, 02:00: sent to one person, more to come",
        "By hand, from Wednesday 25 November, 19:00: sent to 5 people",
        "Nudge 3, from Thursday 26 November, 08:00: planned, for whoever is missing then",
    ]
    assert [day["nudges"] for day in chart["table"]] == [[], ["Nudge 2 to 1", "By hand to 5"]]
