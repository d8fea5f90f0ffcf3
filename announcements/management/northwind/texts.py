"""Reading the announcements from the Markdown files of this folder.

A file holds several. Each begins with `# Title`, then `name: value` lines, an empty line, and the body:

    by: who wrote it                        to: Everyone, or groups, or people
    kind: update, news, ...                 summary: one or two sentences
    sent: 12 09:30        working days before today, and the author's wall clock
    confirm: 4 17:00      working days after it was sent; asks to acknowledge by then
    expires: 5            working days after it was sent
    reached: 121 109 98 92    how many displayed, opened, read, acknowledged; left out, the reading model decides
    missing: names that have not read it, whatever the model says
    withdrawn: why it was taken back a day later

`[name: what it shows]` alone in a paragraph is a picture of `drawing`.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from announcements.kernel.clocks import WorkingTime

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Text:
    """One announcement as written down, its `{month}`s still open."""

    title: str
    head: dict[str, str]
    body: str

    def words(self, name: str) -> list[str]:
        """Return a comma-separated value as a list."""
        return [word.strip() for word in self.head.get(name, "").split(",") if word.strip()]

    def days_and_clock(self, name: str) -> tuple[int, time] | None:
        """Return a value like `4 17:00`."""
        if name not in self.head:
            return None
        days, clock = self.head[name].split()
        return int(days), time.fromisoformat(clock)


def texts() -> list[Text]:
    """Return all announcements, the drafts last."""
    return [text for file in sorted(FOLDER.glob("*.md")) for text in _parse(file.read_text(encoding="utf-8"))]


def _parse(source: str) -> Iterator[Text]:
    for part in re.split(r"^# ", source, flags=re.M)[1:]:
        title, _, rest = part.partition("\n")
        head, _, body = rest.partition("\n\n")
        lines = (line.partition(":") for line in head.splitlines())
        yield Text(title.strip(), {name.strip(): value.strip() for name, _, value in lines}, body.strip())


def months(day: date) -> dict[str, str]:
    """Return the names that stand in braces in the texts, for something written on `day`."""
    this = day.month
    return {
        "month": month_name[this],
        "last_month": month_name[this - 1 or 12],
        "next_month": month_name[this % 12 + 1],
    }


def instant(today: date, working_days: int, clock: time, zone: str) -> datetime:
    """Return the instant of a wall clock so many working days after `today`, or before it when negative."""
    step = timedelta(days=1 if working_days > 0 else -1)
    day = today
    while day.weekday() > 4:
        day -= timedelta(days=1)
    for _ in range(abs(working_days)):
        day += step
        while day.weekday() > 4:
            day += step
    return WorkingTime(timezone=zone).instant(day, clock)
