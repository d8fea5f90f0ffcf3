"""Small drawings of numbers, in units of their boxes, for a template to write as SVG; and spans of working time in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SPARK_WIDTH, SPARK_HEIGHT, EDGE = 96, 24, 3
# How the ruler below spans of time is divided: the first that is long enough, in hours.
RULERS = (2, 4, 8, 12, 16, 24, 32, 40)
STRIP = 240
LONGEST = RULERS[-1] * 60
# From so many days on they are told as days.
LEAST_DAYS = 2


def spark(values: Sequence[float | None]) -> dict[str, Any] | None:
    """Return the line through these, left to right, and where it ends; None where there are not two. A gap is passed over."""
    known = [(n, value) for n, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _n, value in known), max(value for _n, value in known)
    first, last = known[0][0], known[-1][0]

    def at(n: int, value: float) -> tuple[float, float]:
        down = (high - value) / (high - low) if high > low else 0.5
        x = EDGE + (n - first) / (last - first) * (SPARK_WIDTH - 2 * EDGE)
        return round(x, 1), round(EDGE + down * (SPARK_HEIGHT - 2 * EDGE), 1)

    points = [at(n, value) for n, value in known]
    return {"points": " ".join(f"{x},{y}" for x, y in points), "x": points[-1][0], "y": points[-1][1]}


def strips(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return of rows with `times` where their middle half and their median lie on one ruler, which is returned beside them."""
    # A bar that goes on beyond what is told ends where that ends, and nowhere before.
    ends = [LONGEST if (end := row["times"]["three_quarters"]) is None else end for row in rows if row["times"]]
    hours = next((each for each in RULERS if max(ends, default=0) <= each * 60), RULERS[-1])
    ticks = [{"label": f"{hours * n / 4:g}"} for n in range(5)]
    return {"rows": [row | _strip(row["times"], hours * 60) for row in rows if row["times"]], "ticks": ticks}


def _strip(times: Mapping[str, Any], most: int) -> dict[str, Any]:
    def x(minutes: int | None) -> float:
        return round(min(1.0, (most if minutes is None else minutes) / most) * STRIP, 1)

    # A quarter of an hour is the finest that is known: what is within the first still shows.
    begins, ends = x(times["quarter"]), x(times["three_quarters"])
    known = times["quarter"] is not None
    median = None if times["median"] is None else min(x(times["median"]), STRIP - 2)
    return {
        "begins": begins,
        "width": max(2.0, round(ends - begins, 1)) if known else 0,
        "middle": median,
        "took": took(times),
        "late": nine_tenths(times),
        "half": _middle_half(times),
    }


def _middle_half(times: Mapping[str, Any]) -> str:
    ends = [_("over 40 h") if times[name] is None else span(times[name]) for name in ("quarter", "three_quarters")]
    return _("%(from)s to %(until)s") % {"from": ends[0], "until": ends[1]}


def took(times: Mapping[str, Any] | None) -> str:
    """Return the median in words: 45 min, 5 h 30 min, 11 h; nothing where nobody was to read."""
    if times is None:
        return ""
    return _("over 40 h") if times["median"] is None else span(times["median"])


def nine_tenths(times: Mapping[str, Any] | None) -> str:
    """Return in words within what time nine of ten had read; nothing where nobody was to read."""
    if times is None:
        return ""
    return _("over 40 h") if times["nine_tenths"] is None else span(times["nine_tenths"])


def on_wall(times: Mapping[str, Any]) -> dict[str, str] | None:
    """Return in words the median, and within what time nine of ten had read, by the clock on the wall; None where it was not counted."""
    wall = times["wall"]
    return wall and {name: _("over 7 days") if wall[name] is None else long_span(wall[name]) for name in wall}


def long_span(minutes: int) -> str:
    """Return so many minutes in hours and minutes, or in days, of which they are told to the next."""
    days, rest = divmod(minutes, 24 * 60)
    if rest or days < LEAST_DAYS:
        return span(minutes)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def span(minutes: int) -> str:
    """Return so many minutes in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    said = _("%(hours)d h") % {"hours": hours}
    return f"{said} " + _("%(minutes)d min") % {"minutes": rest} if rest else said
