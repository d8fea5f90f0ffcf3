"""What announcements ask of their readers, without their words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from announcements.kernel.prepared import Among, Prepared
from announcements.publishing import models


@dataclass(frozen=True, slots=True)
class Asking:
    """Which version stands, whether it is to be acknowledged and by when, and whether it was withdrawn."""

    version: int
    ask_acknowledge: bool
    deadline: datetime | None
    withdrawn: bool


_asking = Prepared(
    lambda: (
        models.Announcement.objects.kept()
        .filter(Among("ids", "id"))
        .values_list("id", "version", "ask_acknowledge", "deadline", "withdrawn_at")
    )
)


def askings(*, ids: Collection[int]) -> dict[int, Asking]:
    """Return what these announcements ask, for a capability that holds them; absent ids are left out."""
    return {
        id: Asking(version, ask, deadline, withdrawn is not None)
        for id, version, ask, deadline, withdrawn in _asking(ids=sorted(ids))
    }
