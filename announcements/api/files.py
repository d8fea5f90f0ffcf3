"""How a file that is taken along is called, table or drawing: after what it shows, and the day it is of."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import slugify

LONGEST = 40
# What rows of the numbers of an announcement are of, as their file says it, and the drawing of the same.
SHOWN = {
    "everybody": "how-far",
    "joined_later": "joined-later",
    "group": "by-group",
    "channel": "by-channel",
    "until": "over-time",
}
# Of alignment likewise; each chart of it has its own.
ALIGNED = {
    "everybody": "everybody",
    "whole": "as-a-whole",
    "week": "by-week",
    "times": "time-until-read",
    "load": "reading-load",
}


def titled(title: str, announcement_id: int) -> str:
    """Return what a file of an announcement is called by: its title; its id where that has no letters of a plain alphabet."""
    return slugify(title)[:LONGEST].strip("-") or f"announcement-{announcement_id}"


def called(*words: str, at: datetime) -> str:
    """Return the name of a file without its ending: what it shows, then the day."""
    return "-".join(word for word in (*words, f"{at:%Y-%m-%d}") if word)
