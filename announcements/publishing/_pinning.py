"""Whether there is a place among what is pinned."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from announcements.publishing import models

MOST_PINNED = 3


def may_pin(row: models.Announcement, now: datetime) -> bool:
    """Tell whether fewer than three others of its workspace are pinned; until the transaction ends nobody else is told so."""
    wait(row.workspace_id)
    return _place_left(row, now)


def wait(workspace_id: int) -> None:
    """Wait for who is about to pin in a workspace, and let others wait until the transaction ends."""
    # The oldest row stands for the workspace.
    models.Announcement.objects.select_for_update().filter(workspace_id=workspace_id).order_by("id").first()


def obstacle(row: models.Announcement, now: datetime) -> dict[str, list[str]]:
    """Return, at its field, why what goes out now could not be pinned; nothing where it could, or need not."""
    if not row.pin or _place_left(row, now):
        return {}
    told = _("%(most)d are pinned already. Unpin one of them first, or let this one go without.")
    return {"pin": [told % {"most": MOST_PINNED}]}


def _place_left(row: models.Announcement, now: datetime) -> bool:
    others = models.Announcement.objects.filter(workspace_id=row.workspace_id, pinned_at__isnull=False)
    return others.exclude(pk=row.pk).in_state("published", now).count() < MOST_PINNED
