"""Putting an export together: a zip on disk, announcement by announcement, then into the storage."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File as Content
from django.core.files.storage import default_storage
from django.db.models import F, Q
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.porting import _asking, _folders, _keys, models
from announcements.porting._values import KEPT
from announcements.publishing import services as publishing

BATCH = 50
Clock = Callable[[], datetime]


class _Lost(Exception):
    """Another worker has it now."""


def make(*, export_id: int, clock: Clock) -> bool:
    """Put an export together; return whether this call did. One that was cut off begins anew.

    `clock` tells the time again and again: this takes long, and each batch says that somebody is still at it.
    """
    now = clock()
    free = models.Export.objects.filter(pk=export_id).free(now)
    if not free.update(touched_at=now, tries=F("tries") + 1, done=0):
        return False  # it is done, or another worker has it
    row = models.Export.objects.get(pk=export_id)
    if row.tries > models.MOST_TRIES:
        return _fail(row, _("This could not be put together. Ask for it again, or tell who runs the hub."))
    try:
        with tempfile.TemporaryFile() as file:
            _write(row, file, clock)
            size = file.tell()
            file.seek(0)
            name = _asking.stored(row.key, row.tries)
            default_storage.save(name, Content(file))
    except _Lost:
        return False
    except (errors.Forbidden, errors.NotFound):
        return _fail(row, _("Who asked for this is not an admin any more."))
    done = models.Export.objects.filter(pk=row.pk, tries=row.tries, ready_at=None)
    if not done.update(ready_at=clock(), size=size):
        default_storage.delete(name)  # it took so long that another worker has it now
        return False
    return True


def _fail(row: models.Export, fault: str) -> bool:
    return bool(models.Export.objects.filter(pk=row.pk, tries=row.tries, ready_at=None).update(fault=fault))


def _write(row: models.Export, file: IO[bytes], clock: Clock) -> None:
    """Write the zip; each batch is claimed anew, and lost to a worker that came because this one was silent for too long."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        folders = _folders.Folders(archive, row.workspace_id)
        done = 0
        for batch in _batches(row.by):
            keys = _keys.of(whole.announcement for whole in batch)
            for whole in batch:
                folders.add(whole, keys[whole.announcement.id])
            done += len(batch)
            mine = models.Export.objects.waiting().filter(pk=row.pk, tries=row.tries)
            if not mine.update(done=done, total=max(done, row.total), touched_at=clock()):
                raise _Lost
        folders.finish(clock())


def _batches(by: int) -> Iterator[list[publishing.Whole]]:
    after = 0
    while batch := publishing.wholes(by=by, after=after, limit=BATCH):
        yield batch
        after = batch[-1].announcement.id


def waiting(*, now: datetime) -> list[int]:
    """Return the exports that no worker is at, the longest waiting first."""
    late = models.Export.objects.free(now).filter(asked_at__lte=now - timedelta(seconds=10))
    return list(late.order_by("asked_at", "id").values_list("pk", flat=True)[:100])


def remove_old(*, now: datetime) -> int:
    """Remove the files of exports that were ready, or failed, seven days ago, and what tries before left; return how many."""
    old = models.Export.objects.filter(asked_at__lte=now - KEPT, removed_at=None)
    over = list(old.filter(Q(ready_at__lte=now - KEPT) | ~Q(fault="")).order_by("asked_at", "id")[:100])
    for row in over:
        for tried in range(1, row.tries + 1):
            default_storage.delete(_asking.stored(row.key, tried))
        models.Export.objects.filter(pk=row.pk).update(removed_at=now)
    return len(over)
