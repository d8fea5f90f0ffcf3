"""Dropping what lists said of somebody who was erased."""

from __future__ import annotations

from django.db.models import Q

from announcements.roster import models


def erase(*, workspace_id: int, person_id: int, address: str) -> None:
    """Empty the rows that were imported, and remove those that were not. Of what a list did, that it did something stays."""
    imports = models.Import.objects.filter(workspace_id=workspace_id, forgotten_at=None)
    rows = models.ImportRow.objects.filter(imported__in=imports)
    about = rows.filter(Q(person_id=person_id) | Q(person_id=None, values__email=address))
    about.filter(applied_at=None).delete()
    about.update(cells=[], values={}, changes={}, problems=[], decisions={})
    for one in imports.filter(twice__has_key=address):
        del one.twice[address]
        one.save(update_fields=["twice"])
