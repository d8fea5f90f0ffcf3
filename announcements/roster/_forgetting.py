"""Letting a list go: what it said of whom is kept while that can be undone, and no longer. A batch at a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from announcements.roster import _looking, models
from announcements.roster._values import UNDO

BATCH = 2000


def over(*, now: datetime) -> list[int]:
    """Return the imports whose rows are to go: nobody did anything with them for seven days, or they began to go."""
    rows = _over(now)
    return list(rows.order_by("touched_at", "id").values_list("pk", flat=True)[:100])


def _over(now: datetime) -> models.ImportQuerySet:
    left_alone = Q(touched_at__lte=now - UNDO) & ~models.BUSY
    return models.Import.objects.filter(left_alone | Q(forgetting_at__isnull=False), forgotten_at=None)


def forget(*, import_id: int, most: int = BATCH, now: datetime) -> bool:
    """Remove the next rows of an import whose time is over; return whether there may be more. Twice changes nothing.

    Of one that changed people, its counts stay; one that was never started goes altogether.
    """
    with transaction.atomic():
        imported = _over(now).select_for_update().filter(pk=import_id).first()
        if imported is None:
            return False
        if imported.forgetting_at is None:
            _begin(imported, now)
        rows = list(imported.lines.order_by("pk").values_list("pk", flat=True)[:most])
        if rows:
            imported.lines.filter(pk__in=rows).delete()
            return True
        if imported.started_at is None:
            imported.delete()
        else:
            imported.forgotten_at = now
            imported.save(update_fields=["forgotten_at"])
        return False


def _begin(imported: models.Import, now: datetime) -> None:
    """Keep the counts, and drop what else names somebody; from now on nothing is done with it."""
    imported.tally = _looking.tally(imported)
    imported.forgetting_at, imported.twice = now, {}
    imported.save(update_fields=["tally", "forgetting_at", "twice"])
    models.Upload.objects.filter(imported=imported).delete()
