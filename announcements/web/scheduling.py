"""What the writing form says of when an announcement goes out, and of its nudges; and the page it waits on until then."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from announcements.api.client import Answer, Client

STEPS = (24.0, 48.0, 72.0)
LATER = "later"


def as_steps(sent: QueryDict) -> list[float]:
    """Return the hours after which a form asks to nudge, ascending; what is no number is left out."""
    found = set()
    for given in (*sent.getlist("nudge"), sent.get("nudge_custom", "")):
        with suppress(ValueError):
            found.add(float(given))
    return sorted(found)


def steps(chosen: list[float]) -> list[dict[str, Any]]:
    """Return the steps to choose from: the usual ones, and what is chosen besides."""
    return [{"hours": hours, "chosen": hours in chosen} for hours in sorted({*STEPS, *chosen})]


def as_when(item: dict[str, Any]) -> dict[str, Any]:
    """Return the time that is chosen for an announcement, as the form shows it."""
    chosen = item["planned"] or {"at": None, "own_clock": None}
    if chosen["own_clock"]:
        return {"when": LATER, "own_clock": True, **chosen["own_clock"]}
    at = timezone.localtime(datetime.fromisoformat(chosen["at"])) if chosen["at"] else None
    return {
        "when": LATER if at else "now",
        "own_clock": False,
        "day": at.date().isoformat() if at else "",
        "time": f"{at:%H:%M}" if at else "09:00",
    }


def sent_when(sent: QueryDict) -> dict[str, Any]:
    """Return when a sent form says that it goes out, as it is shown again."""
    given = {"when": sent.get("when", "now"), "own_clock": "own_clock" in sent}
    return given | {"day": sent.get("day", ""), "time": sent.get("time", "")}


def go_out(api: Client, announcement_id: int, revision: int, sent: QueryDict) -> Answer:
    """Publish what was just saved, so that it can be undone for some seconds, or schedule it, as a sent form says."""
    if sent.get("when") != LATER:
        return api.post(
            f"announcements/{announcement_id}/publish", {"undo_seconds": settings.UNDO_SECONDS, "revision": revision}
        )
    return api.put(f"announcements/{announcement_id}/schedule", _schedule(sent) | {"revision": revision})


def planned(sent: QueryDict) -> dict[str, Any] | None:
    """Return the time that a sent form chooses, to be kept with the draft; None for now, and for what is no time."""
    try:
        date.fromisoformat(sent.get("day", "")), time.fromisoformat(sent.get("time", ""))
    except ValueError:
        return None
    return _schedule(sent) if sent.get("when") == LATER else None


def _schedule(sent: QueryDict) -> dict[str, Any]:
    day, clock = sent.get("day", ""), sent.get("time", "")
    if "own_clock" in sent:
        return {"own_clock": {"day": day, "time": clock}}
    with suppress(ValueError):
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
        return {"at": timezone.make_aware(local).isoformat()}
    return {"at": f"{day} {clock}".strip() or None}  # refused in the API's words
