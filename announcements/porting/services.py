"""The door of porting: all announcements as a file, asked for, put together, taken along."""

from __future__ import annotations

from announcements.porting._asking import ask, exports, get, take
from announcements.porting._making import make, remove_old, waiting
from announcements.porting._values import KEPT, Export, File, NotReady, Stage

__all__ = [
    "KEPT", "Export", "File", "NotReady", "Stage", "ask", "exports", "get", "make", "remove_old", "take", "waiting",
]  # fmt: skip
