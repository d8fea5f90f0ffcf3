"""The curve of an announcement as it is drawn: in units of its box, for a template to write as SVG."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from announcements.web.templatetags.web import many

LEFT, RIGHT, TOP, WIDTH, HEIGHT = 36, 92, 26, 640, 250
BOTTOM = HEIGHT - 24
LONGEST = timedelta(days=8)
APART = 26
# Above the curve each nudge has its words, in as many lanes as they take. So wide is a letter, and on a phone, where they are fewer and larger.
LETTER, ON_PHONE, LANE, DOT = 7, 14, 30, 8
# So far from the next one the day it begins with has its name.
DAY = 72


class Drawing:
    """The box: where a moment and a number of people stand in it."""

    def __init__(self, curve: list[dict[str, Any]], most: int, until: datetime) -> None:
        self.top, self.bottom = TOP, BOTTOM
        self.first, self.most = datetime.fromisoformat(curve[0]["at"]), most
        self.last = max(until, datetime.fromisoformat(curve[-1]["at"]))
        self.span = max((self.last - self.first).total_seconds(), 1)

    def x(self, at: datetime) -> float:
        """Return how far to the right a moment is."""
        inside = min(max((at - self.first).total_seconds(), 0), self.span)
        return round(LEFT + inside / self.span * (WIDTH - LEFT - RIGHT), 1)

    def y(self, many: float) -> float:
        """Return how far down a number of people is."""
        return round(self.bottom - many / self.most * (self.bottom - self.top), 1)

    def make_room(self, lanes: int) -> None:
        """Move everything down below so many lanes of words."""
        further = LANE * max(0, lanes - 1)
        self.top, self.bottom = TOP + further, BOTTOM + further


def draw(reach: dict[str, Any], steps: list[dict[str, Any]], hours: tuple[str, str]) -> dict[str, Any] | None:
    """Return what the curve is drawn from; None while there is nothing to draw. `hours` are when who looks begins and ends to work."""
    curve, recipients = reach["curve"], reach["recipients"]
    told = [name for name in ("opened", "acknowledged") if not (reach["few"] and name == "opened")]
    if len(curve) < 2 or not recipients:
        return None
    planned = [datetime.fromisoformat(step["due_first"]) for step in steps if step["due_first"]]
    first = datetime.fromisoformat(curve[0]["at"])
    box = Drawing(curve, recipients, max([at for at in planned if at - first < LONGEST], default=first))
    nudges, lanes = _in_lanes(sorted(_nudges(box, steps), key=lambda nudge: nudge["x"]))
    box.make_room(lanes)
    lines = {name: _line(box, curve, name) for name in told}
    now = box.x(datetime.fromisoformat(curve[-1]["at"]))
    days: list[dict[str, Any]] = [{"x": box.x(at), "at": at} for at in _midnights(box)]
    return {
        **lines,
        "area": f"{LEFT},{box.bottom} {lines['acknowledged']} {now},{box.bottom}",
        "ends": _ends(box, curve[-1], now, told),
        "scale": [{"y": box.y(many), "many": many} for many in dict.fromkeys((0, recipients // 2, recipients))],
        "nights": [{"x": a, "width": round(b - a, 1)} for a, b in _nights(box, hours)],
        "days": days,
        "begins": not days or days[0]["x"] - LEFT >= DAY,  # the day it was published has room for its name
        "nudges": nudges,
        "width": WIDTH, "height": box.bottom + HEIGHT - BOTTOM, "left": LEFT, "right": WIDTH - RIGHT, "top": box.top, "bottom": box.bottom, "now": now,
        "first": first, "table": _days(curve, nudges),
        "half": half(curve, recipients),
        "points": json.dumps([_point(box, point, told) for point in curve]),
    }  # fmt: skip


def _point(box: Drawing, point: dict[str, Any], told: list[str]) -> dict[str, Any]:
    """Return a moment as it is read off: where it stands, when that was, and what had happened by then."""
    at = datetime.fromisoformat(point["at"])
    hours = round((at - box.first).total_seconds() / 3600)
    after = _("%(hours)d h after sending") % {"hours": hours}
    return {
        "x": box.x(at),
        "when": f"{date_format(timezone.localtime(at), 'l, H:i')}, {after}",
        **{name: {"y": box.y(point[name]), "many": point[name]} for name in told},
    }


def _line(box: Drawing, curve: list[dict[str, Any]], name: str) -> str:
    return " ".join(f"{box.x(datetime.fromisoformat(point['at']))},{box.y(point[name])}" for point in curve)


def _ends(box: Drawing, last: dict[str, Any], now: float, told: list[str]) -> list[dict[str, Any]]:
    """Return the ends of the lines with where their words stand: not one upon the other."""
    found = [{"name": name, "many": last[name], "x": now, "y": box.y(last[name])} for name in told]
    apart = max(0.0, APART - (found[-1]["y"] - found[0]["y"])) / 2 if len(found) > 1 else 0
    for one, further in zip(found, (-apart, apart), strict=False):
        # Neither among the nudges above nor among the days below.
        one["word"] = round(min(max(one["y"] + further, box.top + 8), box.bottom - 4), 1)
    first, last = found[0], found[-1]
    if first is not last and last["word"] - first["word"] < APART:
        if first["word"] + APART > box.bottom - 4:
            first["word"] = last["word"] - APART
        else:
            last["word"] = first["word"] + APART
    return found


def _midnights(box: Drawing) -> Iterator[datetime]:
    """Return the midnights on the clock of who looks, at most eight of them."""
    zone = timezone.get_current_timezone()
    day = box.first.astimezone(zone).date()
    days = (box.last.astimezone(zone).date() - day).days
    for n in range(1, days + 1, max(1, -(-days // 8))):
        yield datetime.combine(day + timedelta(days=n), time(), tzinfo=zone)


def _nights(box: Drawing, hours: tuple[str, str]) -> Iterator[tuple[float, float]]:
    """Return where it is outside of working hours for who looks; nothing once the days are too narrow to tell."""
    starts, ends = (time.fromisoformat(hour) for hour in hours)
    if ends <= starts or box.last - box.first > LONGEST:
        return
    zone = timezone.get_current_timezone()
    day = box.first.astimezone(zone).date() - timedelta(days=1)
    while (evening := datetime.combine(day, ends, tzinfo=zone)) < box.last:
        morning = datetime.combine(day + timedelta(days=1), starts, tzinfo=zone)
        if morning > box.first:
            yield box.x(evening), box.x(morning)
        day += timedelta(days=1)


def _nudges(box: Drawing, steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        at = step["due_first"] and datetime.fromisoformat(step["due_first"])
        if at and box.first <= at <= box.last and (step["submitted"] or step["queued"]):
            yield {
                "x": box.x(at),
                "sent": step["submitted"],
                "at": step["due_first"],
                "label": _label(step),
                "short": _which(step),
                "said": _said(step),
            }


def _which(step: dict[str, Any]) -> str:
    return _("Nudge %(step)d") % {"step": step["step"]} if step["step"] else _("By hand")


def _label(step: dict[str, Any]) -> str:
    which = _which(step)
    return f"{which} {_('to %(many)s') % {'many': many(step['submitted'])}}" if step["submitted"] else which


def _said(step: dict[str, Any]) -> str:
    """Say when a step goes out and to how many it went. For how many it is planned would count who has confirmed, and gets none."""
    sent, at = step["submitted"], timezone.localtime(datetime.fromisoformat(step["due_first"]))
    words = ngettext(
        "%(which)s, from %(when)s: sent to one person", "%(which)s, from %(when)s: sent to %(many)s people", sent
    )
    if not sent:
        words = _("%(which)s, from %(when)s: planned, for whoever is missing then")
    said = words % {"which": _which(step), "when": date_format(at, "l j F, H:i"), "many": many(sent)}
    return f"{said}, {_('more to come')}" if sent and step["queued"] else said


def _in_lanes(nudges: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Return nudges with where their words stand, none upon another: right of the dot or, near the edge, left of it; and how many lanes that takes."""
    lanes: list[list[tuple[float, float]]] = []
    for nudge in nudges:
        wide = DOT + max(LETTER * len(nudge["label"]), ON_PHONE * len(nudge["short"]))
        left = nudge["x"] + wide > WIDTH
        begins, ends = (nudge["x"] - wide, nudge["x"] + DOT) if left else (nudge["x"] - DOT, nudge["x"] + wide)
        free = (n for n, lane in enumerate(lanes) if all(ends <= a or b <= begins for a, b in lane))
        at = next(free, len(lanes))
        lanes[at:] = lanes[at:] or [[]]
        lanes[at].append((begins, ends))
        nudge |= {"left": left, "word": -DOT if left else DOT, "y": TOP - 12 + LANE * at}
    return nudges, len(lanes)


def _days(curve: list[dict[str, Any]], nudges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the last point of each day, with the nudges that began on it: the table beside the drawing."""
    days = {_day(point["at"]): point for point in curve}
    return [
        point | {"nudges": [one["label"] for one in nudges if _day(one["at"]) == day]} for day, point in days.items()
    ]


def _day(at: str) -> date:
    return timezone.localtime(datetime.fromisoformat(at)).date()


def half(curve: list[dict[str, Any]], recipients: int) -> int | None:
    """Return after how many hours half of the recipients had confirmed; None while they have not."""
    first = datetime.fromisoformat(curve[0]["at"])
    for point in curve:
        if point["acknowledged"] * 2 >= recipients:
            return max(1, -(-int((datetime.fromisoformat(point["at"]) - first).total_seconds()) // 3600))
    return None
