"""Asking for an export, looking at it, taking its file."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from announcements.kernel import errors
from announcements.people import services as people
from announcements.porting import events, models
from announcements.porting._values import KEPT, Export, File, NotReady, as_export
from announcements.publishing import services as publishing


@transaction.atomic
def ask(*, by: int, now: datetime) -> Export:
    """Have all announcements put together as a zip, in the background; one that is under way already is answered again.

    Raises NotFound, or Forbidden unless admin or owner.
    """
    admin = people.acting_admin(by=by)
    asked = {
        "workspace_id": admin.workspace_id,
        "key": secrets.token_hex(16),
        "asked_at": now,
        "total": lambda: publishing.count_wholes(by=by),
    }
    row, new = models.Export.objects.waiting().get_or_create(by=by, defaults=asked)
    if not new:
        return as_export(row)
    note(row, "announcements_export_asked", now)
    events.export_due.send(sender=None, export_id=row.pk)
    return as_export(row)


def exports(*, by: int, before: int | None = None, limit: int = 20) -> list[Export]:
    """Return what `by` has asked for, the newest first, before the one with that id; raise NotFound or Forbidden."""
    rows = models.Export.objects.filter(by=people.acting_admin(by=by).id)
    rows = rows if before is None else rows.filter(pk__lt=before)
    return [as_export(row) for row in rows.order_by("-id")[:limit]]


def get(*, by: int, export_id: int) -> Export:
    """Return an export to who asked for it; raise NotFound, or Forbidden to who is no admin any more."""
    return as_export(_own(by, export_id))


def take(*, by: int, export_id: int, now: datetime) -> File:
    """Open the file of an export to who asked for it, which is noted; raise NotFound, Forbidden or NotReady."""
    row = _own(by, export_id)
    if row.ready_at is None or row.removed_at or now > row.ready_at + KEPT:
        raise NotReady(_("This export has no file, yet or any more. Ask for a new one."))
    try:
        content = default_storage.open(stored(row.key, row.tries))
    except FileNotFoundError:
        raise NotReady(_("The file of this export is lost. Ask for a new one.")) from None
    note(row, "announcements_export_taken", now)
    return File(name=f"announcements-{row.ready_at:%Y-%m-%d}.zip", size=row.size, content=content)


def stored(key: str, tries: int) -> str:
    """Return the name of a file in the storage: each try has its own, so that one that was overtaken writes over nothing."""
    return f"exports/{key}-{tries}.zip"


def _own(by: int, export_id: int) -> models.Export:
    row = models.Export.objects.filter(pk=export_id, by=people.acting(by=by).id).first()
    if row is None:
        raise errors.NotFound
    people.acting_admin(by=by)
    return row


def note(row: models.Export, verb: str, now: datetime) -> None:
    """Tell what was done for the trail."""
    events.noted.send(
        sender=None, workspace_id=row.workspace_id, by=row.by, verb=verb, subject=f"export:{row.pk}",
        details={"announcements": row.total}, at=now,
    )  # fmt: skip
