"""Going on with an import, a batch at a time: read and check, bring in, take back. Killed anywhere, the rows say what is left."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files import File as Content
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from announcements.kernel import errors, outside
from announcements.people import services as people
from announcements.porting import _bringing, _checking, _importing, _sources, models
from announcements.porting._archives import Unreadable
from announcements.porting._imported import stage_of
from announcements.porting._items import Source
from announcements.porting._values import KEPT
from announcements.publishing import services as publishing

BATCH = {"export": 50, "markdown": 50, "feed": 500}
UNDONE_AT_ONCE = 100


def work(*, import_id: int, now: datetime) -> bool:
    """Do the next batch of an import; return whether there may be more. Twice changes nothing, and two workers do not meet in one."""
    free = models.Import.objects.free(now).filter(pk=import_id, fault="", undone_at=None)
    if not free.update(leased_until=now + models.BATCH_LEASE, tries=F("tries") + 1):
        return False  # another worker has it, or there is nothing to do
    row = models.Import.objects.get(pk=import_id)
    if row.tries > models.MOST_TRIES:
        return _end(row, now, _("This could not be gone on with. Try it again, or tell who runs the hub."))
    step = _STEPS.get(stage_of(row))
    try:
        more = step(row, now) if step else False
    except Unreadable as problem:
        return _end(row, now, problem.said)
    except FileNotFoundError:
        return _end(row, now, _("The file is lost. Give it again."))
    except errors.Refused as refusal:
        # Whoever acts may no longer.
        return _end(row, now, refusal.message)
    _end(row, now, "")
    return more


def _end(row: models.Import, now: datetime, fault: str) -> bool:
    mine = models.Import.objects.filter(pk=row.pk, leased_until=row.leased_until)
    mine.update(leased_until=None, tries=0, touched_at=now, fault=fault[:400])
    return False


def waiting(*, now: datetime) -> list[int]:
    """Return the imports that have something to do and nobody works on, the longest waiting first."""
    left_alone = timedelta(seconds=2 * settings.SWEEP_SECONDS)
    rows = models.Import.objects.busy().free(now).filter(touched_at__lte=now - left_alone)
    return list(rows.order_by("touched_at", "id").values_list("pk", flat=True)[:100])


@contextmanager
def _source(row: models.Import) -> Iterator[Source]:
    timezone = people.workspace(workspace_id=row.workspace_id).timezone
    with default_storage.open(_importing.stored(row.key)) as file:
        yield _sources.opened(file, row.name, timezone)


def _fetch(row: models.Import, now: datetime) -> bool:
    with tempfile.TemporaryFile() as file:
        try:
            outside.fetch(row.address, into=file, most=_sources.MOST_BYTES)
        except outside.NotFetched as problem:
            raise Unreadable(_why(problem), field="address") from None
        _sources.check(file)
        default_storage.delete(_importing.stored(row.key))
        default_storage.save(_importing.stored(row.key), Content(file))
    models.Import.objects.filter(pk=row.pk).update(come_at=now)
    return True


def _why(problem: outside.NotFetched) -> str:
    told = {
        "status": _("The address answers with an error (%(status)d).") % {"status": problem.status},
        "unknown_host": _("There is no such address: its name is not known."),
        "not_secure": _("The address does not answer securely: its certificate is not valid."),
        "too_many_redirects": _("The address leads on and on."),
        "too_large": _("There is too much at the address: at most %(most)d MB are read.")
        % {"most": _sources.MOST_BYTES // 10**6},
        "unseen": _("Only what is on the public internet can be fetched. Save it as a file and upload that."),
    }
    return told.get(problem.why, _("The address does not answer."))


def _read(row: models.Import, now: datetime) -> bool:
    with _source(row) as source:
        there = row.entries.count()
        until = min(there + BATCH[source.form], len(source.names))
        _checking.check(row, source, range(there, until), now)
        row.form, row.total = source.form, len(source.names)
    row.read_at = now if until == row.total else None
    row.save(update_fields=["form", "total", "read_at"])
    return row.read_at is None


def _import(row: models.Import, now: datetime) -> bool:
    with _source(row) as source:
        more = _bringing.bring(row, source, now)
    if more:
        return True
    brought = row.entries.filter(applied_at__isnull=False, announcement_id__isnull=False).count()
    if models.Import.objects.filter(pk=row.pk, finished_at=None).update(finished_at=now):
        _importing.note(row, "announcements_import_finished", {"announcements": brought}, now)
    row.entries.update(said={}, pictures={})
    _remove(row, now)
    return False


def _undo(row: models.Import, now: datetime) -> bool:
    if _take_back(row, now):
        return True
    created = [id for id in row.created_groups.values() if id]
    people.close_empty_groups(by=row.acting, group_ids=created, now=now)
    models.Import.objects.filter(pk=row.pk).update(undone_at=now)
    undone = row.entries.filter(undone_at__isnull=False)
    told = {"announcements": undone.filter(announcement_id=None).count()}
    _importing.note(row, "announcements_import_undone", told, now)
    _remove(row, now)
    return False


@transaction.atomic
def _take_back(row: models.Import, now: datetime) -> bool:
    left = row.entries.filter(applied_at__isnull=False, announcement_id__isnull=False, undone_at=None)
    batch = list(left.select_for_update().order_by("number")[:UNDONE_AT_ONCE])
    brought = {entry.announcement_id: entry.revision for entry in batch if entry.announcement_id}
    gone = publishing.take_back(by=row.acting, brought=brought, now=now) if brought else set()
    models.Known.objects.filter(announcement_id__in=gone).delete()
    ids = [entry.pk for entry in batch]
    models.Entry.objects.filter(pk__in=ids).update(undone_at=now)
    models.Entry.objects.filter(pk__in=ids, announcement_id__in=gone).update(announcement_id=None)
    return bool(batch)


def _remove(row: models.Import, now: datetime) -> None:
    default_storage.delete(_importing.stored(row.key))
    row.pictures.all().delete()
    models.Import.objects.filter(pk=row.pk).update(removed_at=now)


def remove_old_imports(*, now: datetime) -> int:
    """Forget the imports that nobody started for seven days, and the files of those that stopped; return how many files that were."""
    old = models.Import.objects.free(now).filter(touched_at__lte=now - KEPT, removed_at=None)
    rows = list(old.order_by("touched_at", "id")[:100])
    for row in rows:
        _remove(row, now)
        models.Import.objects.filter(Q(read_at=None) | Q(started_at=None), pk=row.pk).delete()
    return len(rows)


_STEPS: dict[str, Callable[[models.Import, datetime], bool]] = {
    "fetching": _fetch,
    "reading": _read,
    "importing": _import,
    "undoing": _undo,
}
