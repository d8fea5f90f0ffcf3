"""What a source says of one announcement, in the words of `announcement.json`, before it is known what of it is here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from announcements.kernel import text

TITLE, SUMMARY = 120, 280


@dataclass(slots=True)
class Item:
    """One announcement of a source. `pictures` says which file each image of its bodies is; `notes` what stays behind."""

    name: str
    key: str
    said: dict[str, Any]
    pictures: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Source(Protocol):
    """Where announcements come from: how each is called, and what each says; `item` raises Broken."""

    form: str

    @property
    def names(self) -> Sequence[str]:
        """Return what each is called."""

    def item(self, place: int) -> Item:
        """Return one; raise Broken."""

    def picture(self, name: str) -> bytes:
        """Return a picture; raise Broken."""


def key(kind: str, *parts: str) -> str:
    """Return a name for something that stays the same whenever it is read."""
    return f"{kind}-{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=16).hexdigest()}"


def cut(said: str, most: int) -> str:
    """Return a line, at most so long, cut between words."""
    line = text.one_line(said)
    if len(line) <= most:
        return line
    return (line[: most - 1].rsplit(" ", 1)[0] or line[: most - 1]).rstrip(" ,;:.–-")[: most - 1] + "…"
