"""Bringing in, as an admin and the worker do it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from announcements.people import services as people
from announcements.porting import services as porting


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Return a zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def worked(import_id: int, now: datetime) -> None:
    """Do all batches, as the worker does."""
    for _batch in range(1000):
        if not porting.work(import_id=import_id, now=now):
            return
    raise AssertionError("it does not end")


def checked(by: people.Person, content: bytes, now: datetime, name: str = "news.zip") -> porting.Import:
    """Return an import that was read and checked."""
    given = porting.upload(by=by.id, file_name=name, file=io.BytesIO(content), now=now)
    worked(given.id, now)
    return porting.import_get(by=by.id, import_id=given.id)


def brought(by: people.Person, content: bytes, now: datetime, name: str = "news.zip") -> porting.Import:
    """Return an import that is done."""
    given = checked(by, content, now, name)
    assert given.stage == "checked", given.fault
    porting.start(by=by.id, import_id=given.id, now=now)
    worked(given.id, now)
    return porting.import_get(by=by.id, import_id=given.id)


def entries(by: people.Person, given: porting.Import, kind: porting.EntryKind | None = None) -> list[porting.Entry]:
    """Return the entries of an import."""
    return porting.entries(by=by.id, import_id=given.id, kind=kind, limit=1000)
