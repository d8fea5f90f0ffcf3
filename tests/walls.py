"""A watch on every query: whoever sends it must own the tables it names."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

ROOMS = "people|joining|roster|media|publishing|porting|delivery|analytics|audit|api"
TABLES = re.compile(rf'"({ROOMS})_\w+"')
OWNER = re.compile(rf"announcements\.({ROOMS}|web|management|kernel)(?:\.|$)")
# Sign-in loads the person through Django's own user model, and its admin shows rows to operators; that is the framework at
# work, not a colleague.
FRAMEWORK = ("allauth.", "django.contrib.admin.", "django.contrib.auth.", "django.contrib.sessions.")

# Write rows, and make indexes, of whoever calls them: theirs the table must be.
FOR_OTHERS = ("announcements.kernel.bulk", "announcements.kernel.migrating", "announcements.kernel.prepared")


class WallBroken(AssertionError):
    """A query named another capability's table."""


def callers(frame: FrameType | None) -> Iterator[str]:
    while frame:
        yield frame.f_globals.get("__name__", "")
        frame = frame.f_back


def innermost_room() -> str | None:
    for name in callers(sys._getframe(2)):
        if name in FOR_OTHERS:
            continue
        if name.startswith(FRAMEWORK):
            return None
        if found := OWNER.match(name):
            return found[1]
    return None


def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a query; raise WallBroken when the innermost capability on the stack does not own a table it names."""
    rooms = set(TABLES.findall(sql))
    room = innermost_room() if rooms else None
    if room and rooms != {room}:
        raise WallBroken(f"{room} queries {sorted(rooms - {room})}: {sql[:300]}")
    return execute(sql, params, many, context)
