"""How an announcement is known elsewhere: the same name each time it is taken along, so that it is brought in once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

from announcements.porting import models
from announcements.publishing import services as publishing


def of(said: Iterable[publishing.Announcement]) -> dict[int, str]:
    """Return the key of each: the one it came with, or one of our own."""
    announcements = list(said)
    rows = models.Known.objects.filter(announcement_id__in=[one.id for one in announcements])
    came = dict(rows.values_list("announcement_id", "key"))
    return {one.id: came.get(one.id) or _own(one) for one in announcements}


def _own(one: publishing.Announcement) -> str:
    # Ids begin anew in each hub, what was written at this very instant does not.
    told = f"{one.workspace_id} {one.id} {one.created_at.isoformat()}"
    return f"{one.id}-{hashlib.blake2b(told.encode(), digest_size=12).hexdigest()}"


def here(*, workspace_id: int, keys: Collection[str]) -> dict[str, int]:
    """Return the announcements that these keys are of in a workspace; those that are not here, or not any more, are left out."""
    rows = models.Known.objects.filter(workspace_id=workspace_id, key__in=keys)
    known = dict(rows.values_list("key", "announcement_id"))
    own = {key: int(number) for key in keys if (number := key.partition("-")[0]).isdecimal() and len(number) < 19}
    there = publishing.get_many(ids={*known.values(), *own.values()})
    found = {key: id for key, id in known.items() if id in there}
    mine = {key: id for key, id in own.items() if id in there and there[id].workspace_id == workspace_id}
    return found | {key: id for key, id in mine.items() if key == _own(there[id])}
