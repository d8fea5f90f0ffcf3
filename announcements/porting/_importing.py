"""Bringing announcements in from elsewhere, as an admin goes about it: give a file or an address, look at the check, start, undo."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import IO, Any

from django.core.files import File as Content
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import services as people
from announcements.porting import _sources, events, models
from announcements.porting._archives import Unreadable, shown
from announcements.porting._imported import Entry, EntryKind, Import, ImportStage, NotNow, as_entry, as_import, stage_of
from announcements.porting._values import KEPT
from announcements.publishing import services as publishing

MOST_ADDRESS = 2000


def upload(*, by: int, file_name: str, file: IO[bytes], now: datetime) -> Import:
    """Take an open file in, piece by piece; what is in it is read and checked in the background. Raises NotFound, Forbidden, or Unreadable."""
    admin = people.acting_admin(by=by)
    _sources.check(file)
    key = secrets.token_hex(16)
    default_storage.save(stored(key), Content(file))
    name = shown(file_name) or _("a file")
    return _begin(admin, {"name": name, "key": key, "come_at": now}, now)


def fetch(*, by: int, address: str, now: datetime) -> Import:
    """Have what is at an address fetched, read and checked in the background. Raises NotFound, Forbidden, or Unreadable on `address`."""
    admin = people.acting_admin(by=by)
    told = address.strip()
    if not told.lower().startswith(("http://", "https://")) or len(told) > MOST_ADDRESS:
        raise Unreadable(_("Write an address that begins with https:// or http://."), field="address")
    return _begin(admin, {"name": shown(told), "address": told, "key": secrets.token_hex(16)}, now)


@transaction.atomic
def _begin(admin: people.Person, given: Mapping[str, Any], now: datetime) -> Import:
    row = models.Import.objects.create(
        workspace_id=admin.workspace_id, by=admin.id, acting=admin.id, created_at=now, touched_at=now, **given
    )
    events.import_due.send(sender=None, import_id=row.pk)
    return as_import(row)


def imports(*, by: int, before: int | None = None, limit: int = 20) -> list[Import]:
    """Return the workspace's imports, the newest first, before the one with that id; raise NotFound, or Forbidden unless admin or owner."""
    rows = models.Import.objects.filter(workspace_id=people.acting_admin(by=by).workspace_id)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return [as_import(row) for row in rows.order_by("-id")[:limit]]


def stopped(*, by: int, now: datetime) -> list[datetime]:
    """Return since when each import of one's workspace has stopped or stood still, of the last week; raise Forbidden unless admin or owner."""
    mine = models.Import.objects.filter(workspace_id=people.acting_admin(by=by).workspace_id, undone_at=None)
    failed = mine.exclude(fault="").filter(read_at__isnull=False)
    found = (failed | mine.busy().filter(touched_at__lte=now - 4 * models.BATCH_LEASE)).filter(
        touched_at__gt=now - KEPT
    )
    return list(found.order_by("-id").values_list("touched_at", flat=True))


def import_get(*, by: int, import_id: int) -> Import:
    """Return an import; raise NotFound, or Forbidden unless admin or owner."""
    return as_import(_of(by, import_id))


def entries(
    *, by: int, import_id: int, kind: EntryKind | None = None, after: int | None = None, limit: int = 50
) -> list[Entry]:
    """Return entries of an import, of one kind when asked for, by number after the cursor; raise NotFound or Forbidden."""
    found = _of(by, import_id).entries.all()
    found = found.filter(kind=kind) if kind else found
    found = found if after is None else found.filter(number__gt=after)
    return [as_entry(row) for row in found.defer("said", "pictures").order_by("number")[:limit]]


@transaction.atomic
def start(*, by: int, import_id: int, audience: people.Audience | None = None, now: datetime) -> Import:
    """Bring in, in the background, what is new; what has a problem is left out. One that stopped goes on as it began.

    `audience` is whom those are for that do not say so themselves, everyone by default. Raises NotFound, Forbidden, NotNow,
    or Invalid on `audience`.
    """
    row = _at(by, import_id, ("checked", "stopped"))
    if row.undo_started_at:
        raise NotNow(_("This import is being undone."))
    first = row.started_at is None
    if first:
        chosen = audience or people.Audience(everyone=True)
        people.check_audience(by=by, audience=chosen, at=now)
        row.audience = publishing.stored_audience(audience=chosen)
    row.started_at = row.started_at or now
    _go_on(row, by, now)
    if first:
        note(row, "announcements_import_started", {"announcements": row.entries.filter(kind="new").count()}, now)
    return as_import(row)


@transaction.atomic
def undo(*, by: int, import_id: int, now: datetime) -> Import:
    """Take back, in the background, what an import brought in and nobody has changed since; within seven days.

    Raises NotFound, Forbidden, or NotNow.
    """
    row = _at(by, import_id, ("imported", "stopped"))
    if row.started_at is None or now > (row.finished_at or row.started_at) + KEPT:
        raise NotNow(_("An import can be undone for seven days after it."))
    row.undo_started_at = row.undo_started_at or now
    _go_on(row, by, now)
    return as_import(row)


def _go_on(row: models.Import, by: int, now: datetime) -> None:
    row.acting, row.fault, row.tries, row.leased_until, row.touched_at = by, "", 0, None, now
    row.save()
    events.import_due.send(sender=None, import_id=row.pk)


def _at(by: int, import_id: int, stages: Collection[ImportStage]) -> models.Import:
    row = _of(by, import_id, locked=True)
    if stage_of(row) not in stages:
        raise NotNow(_("This import has moved on, or has not come so far. Load the page again."))
    return row


def _of(by: int, import_id: int, *, locked: bool = False) -> models.Import:
    """Return an import of one's workspace; raise NotFound, then Forbidden."""
    rows = models.Import.objects.filter(workspace_id=people.acting(by=by).workspace_id, pk=import_id)
    row = (rows.select_for_update() if locked else rows).first()
    if row is None:
        raise errors.NotFound
    people.acting_admin(by=by)
    return row


def stored(key: str) -> str:
    """Return the name of a file in the storage."""
    return f"imports/{key}"


def note(row: models.Import, verb: str, details: Mapping[str, object], now: datetime) -> None:
    """Tell what was done for the trail."""
    events.noted.send(
        sender=None, workspace_id=row.workspace_id, by=row.acting, verb=verb, subject=f"announcement_import:{row.pk}",
        details={"file": row.name, **details}, at=now,
    )  # fmt: skip
