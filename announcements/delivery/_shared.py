"""What feeds have in common: what was announced, by whom, to which groups. Each process looks it up once for all readers of a workspace.

It holds while the workspace's generation does, which is another after a correction, a withdrawal or a new name, and for ten minutes at
most; a feed made from it may be kept for as long again. What is whose stays out of here: who may see something is asked for each reader.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from announcements.people import services as people
from announcements.publishing import services as publishing

KEEP_SECONDS = 600
# Of one workspace, and of all: more are begun anew.
MOST_SAID, MOST_WORKSPACES = 2_000, 500


@dataclass(slots=True)
class Shared:
    """What readers of a workspace have in common; announcements without their bodies, None for one that is not there."""

    generation: bytes = b""
    since: float = field(default_factory=time.monotonic)
    said: dict[int, publishing.Announcement | None] = field(default_factory=dict)
    authors: dict[int, people.Person] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def look_up(self, ids: Collection[int]) -> dict[int, publishing.Announcement]:
        """Return these announcements; what is not known yet is asked for, with its authors and the names of groups."""
        if missing := set(ids) - self.said.keys():
            found = publishing.get_many(ids=missing)
            authors = {one.author_id for one in found.values()} - self.authors.keys()
            if authors:
                self.authors |= people.get_many(ids=authors)
            # A group that is new begins no generation.
            if any(not self.names.keys() >= set(one.audience.group_ids) for one in found.values()):
                self.names = people.group_names(workspace_id=next(iter(found.values())).workspace_id)
            self.said |= dict.fromkeys(missing) | {id: replace(one, body="") for id, one in found.items()}
        return {id: one for id in ids if (one := self.said[id])}


_kept: dict[int, Shared] = {}


def shared(workspace_id: int, generation: bytes) -> Shared:
    """Return what is shared under a workspace's generation; without one, something that is kept for nobody else."""
    kept = _kept.get(workspace_id)
    if generation and kept and kept.generation == generation and _fresh(kept):
        return kept
    made = Shared(generation)
    if generation:
        if len(_kept) >= MOST_WORKSPACES:
            _kept.clear()
        _kept[workspace_id] = made
    return made


def _fresh(kept: Shared) -> bool:
    return time.monotonic() < kept.since + KEEP_SECONDS and len(kept.said) < MOST_SAID
