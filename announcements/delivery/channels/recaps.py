"""What a digest says of what somebody missed, in the language and the zone that are active."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.delivery._missed import Missed, Pile


@dataclass(frozen=True, slots=True)
class Recap:
    """What a digest tells: what was missed in a `period`; of how many announcements that asked them this quarter they confirmed how
    many, None where none did.
    """

    pile: Pile
    period: str = ""
    aligned: tuple[int, int] | None = None

    @property
    def items(self) -> tuple[Missed, ...]:
        """Return what was missed."""
        return self.pile.items

    @property
    def share(self) -> int:
        """Return how much of the quarter is confirmed, in whole percent: all of it only where nothing is missing."""
        confirmed, asked = self.aligned or (0, 1)
        return 100 * confirmed // asked

    @property
    def ends(self) -> tuple[bool, bool, bool]:
        """Return what of its bar is not there: what differs in this is laid out differently."""
        return self.aligned is None, self.share == 0, self.share == 100

    @property
    def numbers(self) -> dict[str, str]:
        """Return what stands in the gaps of its last line, by their names."""
        if not self.aligned:
            return {}
        confirmed, asked = self.aligned
        return {"confirmed": str(confirmed), "asked": str(asked), "share": str(self.share)}

    def seen(self, zone: ZoneInfo, now: datetime) -> Hashable:
        """Return all that it says to somebody on a clock but their own numbers."""
        days = tuple([at.astimezone(zone).date() for at in self.pile.reached])
        late = tuple([_late(item, now) for item in self.items])
        return self.items, days, late, self.pile.more, self.period, self.ends

    def context(self, gaps: Mapping[str, str], first_name: str, now: datetime) -> dict[str, Any]:
        """Return what its templates say; `gaps` hold the keys that confirm what is required, and its numbers."""
        told = enumerate(zip(self.items, self.pile.reached, strict=True))
        rows = [_row(item, at, gaps.get(f"confirm{n}", ""), now) for n, (item, at) in told]
        required = [row for row in rows if row["item"].required]
        others = [row for row in rows if not row["item"].required]
        empty, none, whole = self.ends
        lead = _lead(len(required), len(others), sum(item.minutes for item in self.items))
        return {
            "opening": self._opening(first_name),
            "lead": lead,
            "preview": lead,
            "waiting": _waiting(self.pile.more, beside=bool(required)),
            "tab_url": f"{settings.BASE_URL}/tab",
            "beside": self._beside(),
            "daily": self._daily,
            "required": required,
            "others": others,
            "many": len(rows),
            "aligned": None if empty else {**gaps, "none": none, "whole": whole},
        }

    @property
    def _daily(self) -> bool:
        return bool(self.period) and "-W" not in self.period

    def _opening(self, first_name: str) -> str:
        if self._daily:
            return _("Your day, %(name)s") % {"name": first_name} if first_name else _("Your day")
        return _("Your week, %(name)s") % {"name": first_name} if first_name else _("Your week")

    def _beside(self) -> str:
        if self._daily:
            return date_format(date.fromisoformat(self.period), "l j F")
        week = self.period.partition("-W")[2].lstrip("0")
        return _("Week %(week)s") % {"week": week} if week else ""


def _late(item: Missed, now: datetime) -> bool:
    return bool(item.deadline and item.deadline <= now)


def _row(item: Missed, reached: datetime, key: str, now: datetime) -> dict[str, Any]:
    return {
        "item": item,
        "reached": reached,
        "late": _late(item, now),
        "url": f"{settings.BASE_URL}/a/{item.announcement_id}",
        "confirm_url": f"{settings.BASE_URL}/m/{key}" if key else "",
    }


def _lead(required: int, others: int, minutes: int) -> str:
    """Return in a sentence how much there is, and in another how long it takes."""
    needs = ngettext("one thing still needs you", "%(many)s things still need you", required)
    missed = ngettext("one you may have missed", "%(many)s you may have missed", others)
    if required and others:
        said = _("%(needs)s, and %(missed)s.") % {"needs": needs % _many(required), "missed": missed % _many(others)}
    elif required:
        said = _("%(needs)s.") % {"needs": needs % _many(required)}
    else:
        said = ngettext("one thing you may have missed.", "%(many)s things you may have missed.", others) % _many(
            others
        )
    lasts = ngettext("one minute in all.", "%(many)s minutes in all.", minutes) % _many(minutes)
    return f"{capfirst(said)} {capfirst(lasts)}"


def _waiting(more: int, *, beside: bool) -> str:
    """Return of how much else confirmation is owed, `beside` what is told here; nothing where that is all."""
    if not more:
        return ""
    if beside:
        said = ngettext("one more waits for you to confirm it.", "%(many)s more wait for you to confirm them.", more)
    else:
        said = ngettext("one thing waits for you to confirm it.", "%(many)s things wait for you to confirm them.", more)
    return str(capfirst(said % _many(more)))


def _many(number: int) -> dict[str, Any]:
    words: Sequence[str] = (_("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"))
    return {"many": words[number - 2] if 2 <= number <= 9 else number}
