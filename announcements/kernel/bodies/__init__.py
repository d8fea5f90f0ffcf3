"""Bodies: what an announcement may hold, in one schema, and the one form in which it is stored."""

from __future__ import annotations

from announcements.kernel.bodies.dialect import MARKERS, understood
from announcements.kernel.bodies.looking import looks, parted
from announcements.kernel.bodies.normal import normal
from announcements.kernel.bodies.schema import ALIASES, BLOCKS, CALLOUTS, MARKS, VALUES, editor_schema
from announcements.kernel.bodies.telling import lettered, plain, said
from announcements.kernel.bodies.trees import Element, read, write

__all__ = [
    "ALIASES",
    "BLOCKS",
    "CALLOUTS",
    "MARKERS",
    "MARKS",
    "VALUES",
    "Element",
    "editor_schema",
    "lettered",
    "looks",
    "normal",
    "parted",
    "plain",
    "read",
    "said",
    "understood",
    "write",
]
