"""The door of porting: all announcements as a file, taken along; and announcements from elsewhere, brought in after a check, undone."""

from __future__ import annotations

from announcements.porting._archives import Unreadable
from announcements.porting._asking import ask, exports, get, take
from announcements.porting._erasing import erase
from announcements.porting._imported import Entry, EntryKind, Form, Import, ImportStage, NotNow
from announcements.porting._importing import entries, fetch, import_get, imports, start, stopped, undo, upload
from announcements.porting._making import make, remove_old, waiting
from announcements.porting._sources import MOST_BYTES
from announcements.porting._values import KEPT, Export, File, NotReady, Stage
from announcements.porting._working import remove_old_imports, work
from announcements.porting._working import waiting as imports_waiting

__all__ = [
    "KEPT", "MOST_BYTES", "Entry", "EntryKind", "Export", "File", "Form", "Import", "ImportStage", "NotNow", "NotReady", "Stage",
    "Unreadable", "ask", "entries", "erase", "exports", "fetch", "get", "import_get", "imports", "imports_waiting", "make", "remove_old",
    "remove_old_imports", "start", "stopped", "take", "undo", "upload", "waiting", "work",
]  # fmt: skip
