"""What the list of announcements does with one of them, and what takes it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from announcements.api.client import Answer, Client

Sent = Mapping[str, str]
Item = dict[str, Any]
# Scheduled for so soon, it is being published, and that can be undone.
MOMENT = timedelta(seconds=60)
SAID = {
    "duplicate": _("“%(title)s” is copied to your drafts."),
    "discard": _("“%(title)s” is deleted."),
    "fetch_back": _("“%(title)s” is back in your drafts."),
    "unschedule": _("“%(title)s” is a draft again."),
    "schedule": _("“%(title)s” is scheduled again."),
    "pin_later": _("“%(title)s” will be pinned to the top of the news once it is out."),
    "unpin_later": _("“%(title)s” goes out without being pinned."),
    "pin": _("“%(title)s” is pinned to the top of the news."),
    "unpin": _("“%(title)s” is not pinned any more."),
    "leave": _("“%(title)s” stays without a pin."),
    "expire": _("“%(title)s” has left the tab."),
    "expire_at": _("“%(title)s” is on the tab again."),
    "withdraw": _("“%(title)s” is withdrawn."),
    "template": _("“%(title)s” is kept as a template."),
}


def _duplicate(api: Client, id: int, sent: Sent) -> Answer:
    return api.post(f"announcements/{id}/duplicate", {})


def _discard(api: Client, id: int, sent: Sent) -> Answer:
    return api.delete(f"announcements/{id}")


def _fetch_back(api: Client, id: int, sent: Sent) -> Answer:
    return api.post(f"announcements/{id}/fetch-back", {})


def _unschedule(api: Client, id: int, sent: Sent) -> Answer:
    return api.delete(f"announcements/{id}/schedule")


def _schedule(api: Client, id: int, sent: Sent) -> Answer:
    own_clock = {"day": sent.get("day"), "time": sent.get("time")}
    when = {"own_clock": own_clock} if sent.get("day") else {"at": sent.get("at")}
    return api.put(f"announcements/{id}/schedule", when)


def _pin(api: Client, id: int, sent: Sent) -> Answer:
    return api.put(f"announcements/{id}/pin", {})


def _unpin(api: Client, id: int, sent: Sent) -> Answer:
    return api.delete(f"announcements/{id}/pin")


def _expire(api: Client, id: int, sent: Sent) -> Answer:
    return api.post(f"announcements/{id}/expire", {})


def _expire_at(api: Client, id: int, sent: Sent) -> Answer:
    return api.post(f"announcements/{id}/expire", {"at": sent.get("at") or None})


def _withdraw(api: Client, id: int, sent: Sent) -> Answer:
    return api.post(f"announcements/{id}/withdraw", {"reason": sent.get("reason", "")})


def _template(api: Client, id: int, sent: Sent) -> Answer:
    return api.post(f"announcements/{id}/save-as-template", {})


ACTIONS: dict[str, Callable[[Client, int, Sent], Answer]] = {
    "duplicate": _duplicate,
    "discard": _discard,
    "fetch_back": _fetch_back,
    "unschedule": _unschedule,
    "schedule": _schedule,
    "pin": _pin,
    "unpin": _unpin,
    "expire": _expire,
    "expire_at": _expire_at,
    "withdraw": _withdraw,
    "template": _template,
}


def said(do: str, item: Item, answer: Answer) -> str:
    """Return what was done, `item` being as it was before, in words with a place for the title."""
    if do == "unschedule" and answer.data["state"] == "scheduled":
        return str(_("“%(title)s” is scheduled as it was before."))
    if do in {"pin", "unpin"} and not answer.data["published_at"]:
        return str(SAID[f"{do}_later"])
    return str(SAID["leave" if _leaves(do, item) else do])


def _leaves(do: str, item: Item) -> bool:
    """Tell whether what went out without its pin is to stay without."""
    return bool(do == "unpin" and item["published_at"] and item["pin"])


def undo(do: str, item: Item, answer: Answer) -> dict[str, Any] | None:
    """Return the form that takes an action back, `item` being as it was before; None where nothing does."""
    match do:
        case "duplicate":
            return {"do": "discard", "announcement": answer.data["id"]}
        case "unschedule":
            return _again(item)
        case "expire":
            return {"do": "expire_at", "announcement": item["id"], "at": item["expires_at"] or ""}
        case "discard" | "pin" | "unpin" if not _leaves(do, item):
            back = {"discard": "fetch_back", "pin": "unpin", "unpin": "pin"}[do]
            return {"do": back, "announcement": item["id"]}
    return None


def _again(item: Item) -> dict[str, Any] | None:
    if at_once(item):
        return None
    when = item["own_clock"] or {"at": item["scheduled_for"]}
    return {"do": "schedule", "announcement": item["id"]} | when


def at_once(item: Item) -> bool:
    """Tell whether what is scheduled is on its way out: its author has published it a moment ago."""
    leaves = item["scheduled_for"]
    return bool(leaves) and datetime.fromisoformat(leaves) <= timezone.now() + MOMENT
